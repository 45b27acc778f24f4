package io.syncjobs.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the process knows better than its watch, and for how long. The queue has one place. */
class JobIndexTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final QueueKey QUEUE = new QueueKey("shop", "narrow");
    private static final RawJson TEMPLATE = RawJson.of("{}");

    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));

    @BeforeEach
    void oneQueue() {
        index.advance(NOW);
        index.see(QUEUE, new SyncQueueSpec(1, null, null, null, TEMPLATE), 1);
    }

    @Test
    void aPlaceThatIsBeingGivenIsTaken() {
        see(waiting("a", 1), waiting("b", 1));

        assertThat(plan()).containsExactly("a");
        assertThat(plan()).isEmpty();
        assertThat(index.isWriting("uid-a")).isTrue();
    }

    @Test
    void theAnswerCountsThoughTheWatchStillShowsTheJobAsItWas() {
        see(waiting("a", 1), waiting("b", 1));
        plan();

        see(running("a", 5));
        see(waiting("a", 1));
        see(waiting("a", 4));

        assertThat(index.job("uid-a").orElseThrow().state()).isEqualTo(State.ENQUEUED);
        assertThat(index.isWriting("uid-a")).isFalse();
        assertThat(plan()).isEmpty();
    }

    @Test
    void aPlaceWithoutAnAnswerIsTakenUntilTheJobIsSeenAtALaterVersion() {
        see(waiting("a", 1), waiting("b", 1));
        plan();
        index.unknown(known("a"));
        after(Duration.ofHours(1));
        see(waiting("a", 1));
        assertThat(plan()).isEmpty();

        // Somebody else has changed it: the write is refused whenever it comes.
        see(waiting("a", 2));

        assertThat(plan()).containsExactly("a");
    }

    @Test
    void aPlaceWithoutAnAnswerIsFreeWhenTheJobIsDeleted() {
        see(waiting("a", 1), waiting("b", 1));
        plan();
        index.unknown(known("a"));

        index.gone("uid-a", false);

        assertThat(plan()).containsExactly("b");
    }

    @Test
    void whatGotNoAnswerIsSentAgainEachTimeLater() {
        see(waiting("a", 1));
        plan();
        for (var wait : List.of(1, 2, 4, 8, 16, 30, 30)) {
            index.unknown(known("a"));
            after(Duration.ofSeconds(wait).minusMillis(1));
            assertThat(index.unresolved()).isEmpty();
            after(Duration.ofMillis(1));
            assertThat(index.unresolved()).extracting(JobEntry::name).containsExactly("a");
            assertThat(index.unresolved()).as("once").isEmpty();
        }
    }

    @Test
    void aLaterTryThatIsRefusedDoesNotSayWhatBecameOfTheFirst() {
        see(waiting("a", 1), waiting("b", 1));
        plan();
        index.unknown(known("a"));

        index.refused(known("a"), Refusal.CHANGED);

        assertThat(plan()).isEmpty();
    }

    @Test
    void aJobThatHasChangedIsNotTriedAtTheVersionThatWasRefused() {
        see(waiting("a", 1));
        plan();
        index.refused(known("a"), Refusal.CHANGED);
        after(Duration.ofHours(1));
        assertThat(plan()).isEmpty();

        see(waiting("a", 2));

        assertThat(plan()).containsExactly("a");
    }

    @Test
    void aJobThatASweepStillFindsAtThatVersionHasNotChangedAndIsTriedAgain() {
        see(waiting("a", 1), waiting("b", 1));
        plan();
        index.refused(known("a"), Refusal.CHANGED);
        plan();
        index.refused(known("b"), Refusal.FOR_GOOD);

        index.sweep().begin();
        assertThat(index.sweep().job("uid-a", 1)).isTrue();
        assertThat(index.sweep().job("uid-b", 1)).isTrue();

        assertThat(plan()).as("nothing can be written to b").containsExactly("a");
    }

    @Test
    void aJobToWhichNothingCanBeWrittenDoesNotKeepThePlaceFromTheNext() {
        see(waiting("a", 1), waiting("b", 1));
        plan();

        index.refused(known("a"), Refusal.FOR_GOOD);

        assertThat(plan()).containsExactly("b");
    }

    @Test
    void aJobThatIsFullHasNoTurnUntilItHasChanged() {
        see(waiting("a", 1), waiting("b", 1));
        index.full(known("a"));

        assertThat(index.job("uid-a").orElseThrow().group()).isEqualTo(Group.ASIDE);
        assertThat(plan()).containsExactly("b");
        index.gone("uid-b", false);
        see(waiting("a", 2));
        assertThat(plan()).containsExactly("a");
    }

    @Test
    void aJobThatWasRefusedForAnotherReasonIsTriedAgainAfterAWhile() {
        see(waiting("a", 1));
        plan();
        index.refused(known("a"), Refusal.FOR_NOW);
        assertThat(plan()).isEmpty();

        after(Duration.ofSeconds(1));

        assertThat(plan()).containsExactly("a");
        index.refused(known("a"), Refusal.FOR_NOW);
        after(Duration.ofSeconds(1));
        assertThat(plan()).as("each time later").isEmpty();
    }

    @Test
    void aPodThatIsOnItsWayTakesAPlaceWhenItsJobIsGone() {
        see(running("a", 5), waiting("b", 1));

        index.gone("uid-a", true);
        assertThat(plan()).isEmpty();
        after(Duration.ofMinutes(1));

        assertThat(plan()).containsExactly("b");
    }

    @Test
    void aPodThatCameTakesThePlaceUntilItHasEnded() {
        see(running("a", 5), waiting("b", 1));
        index.gone("uid-a", true);

        index.see(pod("uid-a", 6, false));
        after(Duration.ofMinutes(2));
        assertThat(plan()).isEmpty();
        index.see(pod("uid-a", 7, true));

        assertThat(plan()).containsExactly("b");
    }

    @Test
    void aPodThatWasThereAndIsGoneIsNotAwaited() {
        see(running("a", 5), waiting("b", 1));
        index.see(pod("uid-a", 6, false));
        index.podGone("pod");

        index.gone("uid-a", true);

        assertThat(plan()).containsExactly("b");
    }

    /** Whoever may edit pods may edit their labels. */
    @Test
    void aPodThatIsGivenToAnotherJobTakesOnePlaceAndNoneWhenItIsGone() {
        see(running("a", 5), waiting("b", 1));
        index.see(pod("uid-a", 6, false));
        index.see(pod("uid-nobody", 7, false));

        index.gone("uid-a", false);
        assertThat(queue().occupied()).isEqualTo(1);
        index.podGone("pod");

        assertThat(queue().occupied()).isZero();
    }

    private QueueIndex queue() {
        return Objects.requireNonNull(index.queues().get(QUEUE));
    }

    @Test
    void aJobThatWentAwayWhileItWasReadIsNotBroughtBack() {
        see(running("a", 5), waiting("b", 1));
        try (var reading = index.read()) {
            index.gone("uid-a", false);
            reading.see(JobEntry.of(running("a", 5)));
        }

        assertThat(plan()).containsExactly("b");
    }

    @Test
    void whatAReadHasToldIsNotUndoneByAWatchThatLags() {
        see(waiting("a", 1), waiting("b", 1));
        try (var reading = index.read()) {
            reading.see(JobEntry.of(running("a", 9)));
        }

        see(waiting("a", 3));

        assertThat(plan()).isEmpty();
    }

    @Test
    void aQueueThatNobodyCreatedIsForgottenWithItsLastJob() {
        var other = waiting("a", 1);
        other.setSpec(new SyncJobSpec("typo", "x", null, null, null, null, null, null));
        see(other);
        assertThat(index.queues()).hasSize(2);

        index.gone("uid-a", false);

        assertThat(index.queues()).containsOnlyKeys(QUEUE);
    }

    /** 1. It is deleted and created again. 2. A sweep reads the new one. 3. The watch shows the end of the old one, and the new one. */
    @Test
    void aQueueThatWasReadBeforeTheWatchShowsItsEndAndItsReturnIsThere() {
        see(waiting("a", 1), waiting("b", 1));
        index.see(QUEUE, new SyncQueueSpec(2, null, null, null, TEMPLATE), 10);

        index.queueGone(QUEUE);
        assertThat(plan()).isEmpty();
        index.see(QUEUE, new SyncQueueSpec(2, null, null, null, TEMPLATE), 10);

        assertThat(plan()).containsExactly("a", "b");
    }

    /** An operator that stands by follows for months, and looks at no queue. */
    @Test
    void whatHasChangedIsNotRememberedOfQueuesThatAreForgotten() {
        var changed = new HashSet<QueueKey>();
        index.noteChanges(changed);
        var other = waiting("a", 1);
        other.setSpec(new SyncJobSpec("of-that-day", "x", null, null, null, null, null, null));
        see(other, waiting("b", 1));

        index.gone("uid-a", false);

        assertThat(changed).containsExactly(QUEUE);
    }

    @Test
    void aQueueOfWhichTheWatchIsTheLastToTellThatItIsGoneIsForgotten() {
        index.queueGone(QUEUE);
        index.queueGone(QUEUE);

        assertThat(index.queues()).isEmpty();
    }

    private void after(Duration time) {
        elapsed = elapsed.plus(time);
        index.advance(NOW.plus(elapsed));
    }

    private Duration elapsed = Duration.ZERO;

    private List<String> plan() {
        return Planner.plan(index, 10, (key, e) -> {}).stream()
                .map(Admission::job)
                .map(JobEntry::name)
                .toList();
    }

    private JobEntry known(String name) {
        return index.job("uid-" + name).orElseThrow();
    }

    private void see(SyncJob... jobs) {
        for (var job : jobs) index.see(JobEntry.of(job));
    }

    private static PodEntry pod(String jobUid, long version, boolean ended) {
        return new PodEntry("pod", "pod", jobUid, QUEUE, 1, version, ended);
    }

    private static SyncJob running(String name, int version) {
        var job = waiting(name, version);
        var effective = Policies.effective(job.getSpec(), SyncQueueSpec.BUILT_IN);
        job.setStatus(Statuses.after(job, new Step.Reserve(1, name + "-1-x", effective), NOW));
        return job;
    }

    private static SyncJob waiting(String name, int version) {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid-" + name)
                .withResourceVersion(Integer.toString(version))
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .build());
        job.setSpec(new SyncJobSpec("narrow", "export", null, null, null, null, null, null));
        job.setStatus(SyncJobStatus.NEW);
        return job;
    }
}
