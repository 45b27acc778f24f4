package io.syncjobs.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.index.LeaseEntry.State;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.run.Assignment.Slot;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who of the workers gets a job, and when one counts as dead. The pool gives a worker 300 s. */
class WorkerIndexTest {
    private static final PoolKey POOL = new PoolKey("shop", "magento");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    private final WorkerIndex index = new WorkerIndex(pool -> {});
    private final Map<String, Integer> renewals = new HashMap<>();
    private Duration uptime = Duration.ofHours(1);
    private long versions;

    @BeforeEach
    void onePool() {
        index.advance(uptime.toNanos());
        index.see(POOL, new PoolSpec(2, 2, DEAD_AFTER, ""));
    }

    @Test
    void theLeastBusyGetsTheNextJobThenTheFirstByName() {
        index.settled();
        comes("b");
        comes("a");

        assertThat(take()).isEqualTo("a");
        assertThat(take()).isEqualTo("b");
        assertThat(take()).isEqualTo("a");
        index.leave("shop", slot("b"));
        assertThat(take()).isEqualTo("b");
        assertThat(take()).isEqualTo("b");
        assertThat(pool().next()).isEmpty();
        assertThat(pool().busy()).isEqualTo(4);
    }

    @Test
    void aWorkerThatWasThereBeforeMustBeSeenRenewing() {
        comes("a");
        index.settled();
        assertThat(standing("a")).isEqualTo(Standing.UNSEEN);
        assertThat(pool().next()).isEmpty();

        renews("a");
        assertThat(take()).isEqualTo("a");
        comes("b");
        assertThat(standing("b")).as("its Lease came while it was watched").isEqualTo(Standing.READY);
    }

    @Test
    void aWorkerThatDrainsOrWhoseHandlerOrPodDoesNotAnswerGetsNothing() {
        index.settled();
        comes("a");
        for (var state : State.values()) {
            says("a", state);
            assertThat(pool().next().isPresent()).isEqualTo(state == State.READY);
        }
        says("a", State.READY);
        pod("a", Optional.of(WorkerEnd.UNSEEN), false);
        assertThat(standing("a")).isEqualTo(Standing.DRAINING);
        index.podGone("shop", "a", "uid-a");
        assertThat(standing("a")).isEqualTo(Standing.ENDED);
    }

    @Test
    void aSilentWorkerGetsNoMoreJobsAndIsDeadAfterItsTime() {
        index.settled();
        comes("a");
        comes("b");
        later(DEAD_AFTER.dividedBy(2).minusSeconds(1));
        renews("b");
        assertThat(take()).isEqualTo("a");
        later(Duration.ofSeconds(1));
        assertThat(standing("a")).isEqualTo(Standing.SILENT);
        assertThat(take()).isEqualTo("b");

        assertThat(silent("a").timeOver()).isEqualTo(NOW.plus(DEAD_AFTER.dividedBy(2)));
        renews("b");
        later(DEAD_AFTER.dividedBy(2).minusSeconds(1));
        assertThat(index.isDead(worker("a"))).isFalse();
        renews("b");
        later(Duration.ofSeconds(1));
        assertThat(index.isDead(worker("a"))).isTrue();
        assertThat(silent("a").deadAt()).isEqualTo(NOW);
        renews("a");
        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
        assertThat(index.isDead(worker("a"))).isFalse();
    }

    @Test
    void theLongerOfPoolAndLeaseCounts() {
        index.settled();
        lease("a", State.READY, Duration.ofMinutes(15), SilenceNote.NONE);
        pod("a", Optional.empty(), false);
        later(Duration.ofSeconds(800));

        assertThat(silent("a").timeOver()).isEqualTo(NOW.plusSeconds(100));
    }

    @Test
    void aNewIncarnationIsHeardThoughItsTimeIsTheSame() {
        index.settled();
        comes("a");
        later(DEAD_AFTER);
        index.see(new LeaseEntry(
                "shop", "a", "magento", ++versions, "other", "1", 2, State.READY, "", DEAD_AFTER, SilenceNote.NONE));

        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
    }

    @Test
    void silenceIsCarriedOverARestartWhereNothingWasHeardSince() {
        lease("a", State.READY, DEAD_AFTER, new SilenceNote("1", Duration.ofMinutes(4)));
        lease("b", State.READY, DEAD_AFTER, new SilenceNote("0", Duration.ofMinutes(4)));
        pod("a", Optional.empty(), false);
        pod("b", Optional.empty(), false);
        index.settled();

        assertThat(silent("a").timeOver()).isEqualTo(NOW.plusSeconds(60));
        assertThat(view("b")).as("it has renewed since that was noted").isInstanceOf(WorkerView.Alive.class);
    }

    @Test
    void whoOnlyStoodByBlamesNobodyForWhatItDidNotLookAt() {
        comes("a");
        later(DEAD_AFTER);
        index.settled();

        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
        later(DEAD_AFTER);
        assertThat(silent("a").deadAt()).isEqualTo(NOW);
    }

    @Test
    void silenceIsNotedOnceAMinuteAndOnlyWhereThereIsSome() {
        index.settled();
        comes("a");
        comes("b");
        later(Duration.ofSeconds(59));
        renews("b");
        assertThat(index.notes()).isEmpty();
        later(Duration.ofSeconds(1));
        assertThat(index.notes())
                .containsExactly(new WorkerIndex.Note("shop", "a", new SilenceNote("1", Duration.ofMinutes(1))));
        assertThat(index.notes()).isEmpty();
        later(Duration.ofMinutes(1));
        assertThat(index.notes()).hasSize(2);
    }

    /** An agent that lives answers a note with a renewal, so that jobs need not wait for its heartbeat. */
    @Test
    void whoWasNotSeenRenewingIsNotedOnceAndAgainAfterAnOwnOutage() {
        comes("a");
        later(Duration.ofSeconds(40));
        assertThat(index.notes()).as("who stands by writes nothing").isEmpty();
        index.settled();
        comes("b");
        assertThat(index.notes())
                .containsExactly(new WorkerIndex.Note("shop", "a", new SilenceNote("1", Duration.ZERO)));
        assertThat(index.notes()).isEmpty();

        renews("a");
        assertThat(index.notes()).isEmpty();
        index.watchAnew();
        assertThat(index.notes()).hasSize(2);
    }

    @Test
    void aSilenceThatIsCarriedOnIsNotedAsItIs() {
        lease("a", State.READY, DEAD_AFTER, new SilenceNote("1", Duration.ofMinutes(2)));
        pod("a", Optional.empty(), false);
        index.settled();

        assertThat(index.notes()).extracting(note -> note.note().silence()).containsExactly(Duration.ofMinutes(2));
    }

    @Test
    void anOwnOutageMakesNobodyDead() {
        index.settled();
        comes("a");
        later(Duration.ofMinutes(4));
        index.notes();
        later(Duration.ofHours(2));
        index.watchAnew();

        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
        assertThat(standing("a")).isEqualTo(Standing.UNSEEN);
        assertThat(index.notes()).extracting(note -> note.note().silence()).containsExactly(Duration.ZERO);
        later(DEAD_AFTER);
        assertThat(index.isDead(worker("a"))).isTrue();
    }

    @Test
    void whenMostOfAPoolFallSilentAtOnceNobodyIsDeadBeforeTheSecondTimeout() {
        index.settled();
        comes("a");
        comes("b");
        comes("c");
        later(Duration.ofSeconds(200));
        renews("c");
        later(Duration.ofSeconds(100));

        assertThat(silent("a").deadAt()).isEqualTo(NOW.plus(DEAD_AFTER));
        assertThat(silent("a").timeOver()).isEqualTo(NOW);
        renews("b");
        assertThat(silent("a").deadAt()).as("one of three").isEqualTo(NOW);
    }

    @Test
    void theEndOfItsPodConfirmsTheSilenceOfOneOfMany() {
        index.settled();
        comes("a");
        comes("b");
        later(DEAD_AFTER);
        assertThat(silent("a").deadAt()).isAfter(NOW);

        pod("a", Optional.of(WorkerEnd.UNSEEN), false);
        assertThat(silent("a").deadAt()).isEqualTo(NOW);
        index.podGone("shop", "b", "uid-b");
        assertThat(view("b")).isInstanceOf(WorkerView.Gone.class);
    }

    @Test
    void workersThatAreDeadForLongDoNotMakeTheOthersOneOfMany() {
        index.settled();
        comes("a");
        comes("b");
        comes("c");
        for (var minute = 0; minute < 10; minute++) {
            later(Duration.ofMinutes(1));
            renews("b");
            renews("c");
        }
        later(DEAD_AFTER.minusSeconds(1));
        renews("c");
        later(Duration.ofSeconds(1));

        assertThat(silent("b").deadAt()).isEqualTo(NOW);
    }

    @Test
    void aWorkerOfWhichNothingIsKnownIsGoneOnlyWhenEverythingWasShown() {
        index.take("shop", slot("x"));
        assertThat(view("x")).isEqualTo(WorkerView.UNKNOWN);
        assertThat(view("y")).isEqualTo(WorkerView.UNKNOWN);
        index.settled();
        assertThat(view("x")).isEqualTo(new WorkerView.Gone(WorkerEnd.UNSEEN, false));
        assertThat(view("y")).isEqualTo(new WorkerView.Gone(WorkerEnd.UNSEEN, false));
    }

    /** 1. A pod goes while no operator watches. 2. Kubernetes has not collected its Lease yet. */
    @Test
    void aWorkerWhoseLeaseOutlivesItsPodIsGone() {
        lease("a", State.READY, DEAD_AFTER, SilenceNote.NONE);
        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
        index.settled();

        assertThat(view("a")).isEqualTo(new WorkerView.Gone(WorkerEnd.UNSEEN, false));
        pod("a", Optional.empty(), false);
        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
    }

    /** Somebody takes the label of its pool off a pod, to look into it, and puts it back later. */
    @Test
    void aPodThatNobodySawEndMayStillBeThere() {
        index.settled();
        comes("a");
        index.take("shop", slot("a"));
        index.podGone("shop", "a", "uid-a");
        assertThat(view("a")).isEqualTo(new WorkerView.Gone(WorkerEnd.UNSEEN, false));
        assertThat(pool().next()).isEmpty();

        pod("a", Optional.empty(), false);
        assertThat(view("a")).isInstanceOf(WorkerView.Alive.class);
        assertThat(take()).isEqualTo("a");
    }

    @Test
    void howAPodWentAwayIsKnownAsLongAsAJobIsSaidToBeThere() {
        index.settled();
        comes("a");
        var end = new WorkerEnd(io.syncjobs.core.blame.Source.POOL, java.util.List.of("Deleted"), "", "deleted");
        index.take("shop", slot("a"));
        pod("a", Optional.of(end), false);
        index.podGone("shop", "a", "uid-a");
        index.leaseGone("shop", "a");

        assertThat(view("a")).isEqualTo(new WorkerView.Gone(end, true));
        index.leave("shop", slot("a"));
        assertThat(index.find("shop", "a")).isEmpty();
        assertThat(pool().workers()).isEmpty();
    }

    @Test
    void aWorkerThatLosesItsLeaseIsDeadAfterThePoolsTimeAndNeverWhereThatIsNotKnown() {
        index.settled();
        comes("a");
        index.leaseGone("shop", "a");
        assertThat(silent("a").deadAt()).isEqualTo(NOW.plus(DEAD_AFTER));

        index.poolGone(POOL);
        assertThat(view("a")).isEqualTo(WorkerView.UNKNOWN);
    }

    @Test
    void aPoolThatNobodyCreatedAndNobodyNamesIsForgotten() {
        index.settled();
        index.poolGone(POOL);
        assertThat(index.pools()).isEmpty();
        comes("a");
        assertThat(index.pools()).hasSize(1);
        index.podGone("shop", "a", "uid-a");
        index.leaseGone("shop", "a");
        assertThat(index.pools()).isEmpty();
    }

    @Test
    void aNoteIsReadAsItWasWritten() {
        var note = new SilenceNote("2026-03-01T12:00:00.000001Z", Duration.ofSeconds(77));

        assertThat(SilenceNote.parse(note.text())).isEqualTo(note);
        for (var text : new String[] {"", " ", "x", "x -1", "x 99999999999999999999", "x 999999999999", " 5"}) {
            assertThat(SilenceNote.parse(text)).isEqualTo(SilenceNote.NONE);
        }
    }

    private void comes(String name) {
        renewals.put(name, 1);
        lease(name, State.READY, DEAD_AFTER, SilenceNote.NONE);
        pod(name, Optional.empty(), false);
    }

    private void renews(String name) {
        renewals.merge(name, 1, Integer::sum);
        lease(name, State.READY, DEAD_AFTER, SilenceNote.NONE);
    }

    private void says(String name, State state) {
        lease(name, state, DEAD_AFTER, SilenceNote.NONE);
    }

    private void lease(String name, State state, Duration deadAfter, SilenceNote note) {
        var renewed = Integer.toString(renewals.getOrDefault(name, 1));
        index.see(new LeaseEntry(
                "shop", name, "magento", ++versions, "i-" + name, renewed, 2, state, "", deadAfter, note));
    }

    private void pod(String name, Optional<WorkerEnd> end, boolean ended) {
        index.see(new WorkerPod("shop", name, "uid-" + name, "magento", ++versions, "node-1", "handler", end, ended));
    }

    private void later(Duration time) {
        uptime = uptime.plus(time);
        index.advance(uptime.toNanos());
    }

    private PoolIndex pool() {
        return index.find(POOL).orElseThrow();
    }

    private WorkerEntry worker(String name) {
        return index.find("shop", name).orElseThrow();
    }

    private Standing standing(String name) {
        return worker(name).standing();
    }

    private WorkerView view(String name) {
        return index.view("shop", name, NOW);
    }

    private WorkerView.Silent silent(String name) {
        return (WorkerView.Silent) view(name);
    }

    private String take() {
        var worker = pool().next().orElseThrow().name();
        index.take("shop", slot(worker));
        return worker;
    }

    private static Slot slot(String worker) {
        return new Slot(worker, "magento");
    }
}
