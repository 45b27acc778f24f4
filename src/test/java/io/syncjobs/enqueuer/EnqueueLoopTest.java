package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.running;
import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.enqueuer.EnqueueIo.Places;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A term from its beginning: what the last holder has written may come late, and the watch may show it later still. */
class EnqueueLoopTest {
    private static final QueueKey QUEUE = new QueueKey("shop", "narrow");
    private static final QueueKey WIDE = new QueueKey("shop", "wide");
    private static final QueueKey HUNG = new QueueKey("bank", "wide");

    private Instant now = GivenJobs.NOW;
    private boolean held = true;
    private int term = 1;
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final FakeIo io = new FakeIo();
    private final EnqueueLoop loop = new EnqueueLoop(
            index,
            io,
            new EnqueueLoop.Term() {
                @Override
                public boolean isHeld() {
                    return held;
                }

                @Override
                public int term() {
                    return term;
                }
            },
            () -> now,
            this::nanos,
            () -> {});

    EnqueueLoopTest() {
        queue(QUEUE, 1, false, 1);
    }

    @Test
    void noPlaceIsGivenBeforeTheApiServerTakesThemFromThisHolder() {
        see(waiting("a", 10));
        loop.step();
        assertThat(io.asked).hasSize(1);
        io.asked.getFirst().accept(false);
        after(Duration.ofSeconds(1));
        assertThat(io.reads).as("the last holder's writes may still come").isEmpty();

        io.asked.get(1).accept(true);
        assertThat(io.admitted).isEmpty();
        io.reads.getFirst().accept(new Places(List.of(), List.of()));
        loop.step();

        assertThat(io.admittedJobs()).containsExactly("a");
    }

    @Test
    void placesThatTheWatchHasNotToldOfYetCount() {
        see(waiting("a", 10), waiting("b", 10));

        settle(running("a"));

        assertThat(io.admitted).as("the only place is a's").isEmpty();
        see(waiting("a", 10));
        loop.step();
        assertThat(io.admitted).as("the watch shows what was").isEmpty();
    }

    @Test
    void whoIsRefusedAsksMoreAndMoreRarelyWhateverHappens() {
        see(waiting("a", 10));
        var answered = 0;
        for (var millis = 0; millis < 2_000; millis += 10) {
            after(Duration.ofMillis(10));
            if (io.asked.size() > answered) io.asked.get(answered++).accept(false);
        }

        // At once, and after 0.1, 0.3, 0.7 and 1.5 seconds.
        assertThat(io.asked).hasSize(5);
    }

    @Test
    void eachTimeAnotherJobIsAskedForSinceOneMayBeRefusedForItsOwnSake() {
        queue(WIDE, 5, false, 1);
        see(in(WIDE, waiting("a", 10)), in(WIDE, waiting("b", 10)));
        loop.step();
        io.asked.getFirst().accept(false);
        after(Duration.ofSeconds(1));

        assertThat(io.askedFor).containsExactly("a", "b");
    }

    @Test
    void aHolderWithNothingToDoAsksNothing() {
        queue(QUEUE, 1, true, 2);
        see(waiting("a", 10));

        after(Duration.ofMinutes(1));

        assertThat(io.asked).isEmpty();
    }

    @Test
    void aPlanIsNotCarriedOutInALaterTerm() {
        see(waiting("a", 10));
        settle();
        var write = io.admitted.getFirst();
        assertThat(write.valid().getAsBoolean()).isTrue();

        term = 2;
        assertThat(write.valid().getAsBoolean()).isFalse();
        write.then().accept(new Outcome.Withheld());
        loop.step();

        assertThat(io.asked).as("the later term asks for itself").hasSize(2);
        assertThat(io.admitted).hasSize(1);
    }

    @Test
    void anAnswerToAnEarlierTermsQuestionSettlesNothing() {
        see(waiting("a", 10));
        loop.step();
        term = 2;
        loop.step();

        io.asked.getFirst().accept(true);

        assertThat(io.reads).isEmpty();
    }

    @Test
    void aReadThatFailsIsRepeated() {
        see(waiting("a", 10));
        loop.step();
        io.asked.getFirst().accept(true);
        io.failedReads.getFirst().run();
        after(Duration.ofSeconds(1));

        assertThat(io.asked).hasSize(2);
        assertThat(io.admitted).isEmpty();
    }

    @Test
    void aWriteWithoutAnAnswerHoldsItsPlaceAndIsSentAgain() {
        see(waiting("late", 10), waiting("b", 10));
        settle();
        assertThat(io.admittedJobs()).containsExactly("b");
        io.admitted.getFirst().then().accept(new Outcome.Unknown());

        see(waiting("first", 0));
        loop.step();
        assertThat(io.admitted).as("no other job gets the place").hasSize(1);
        after(Duration.ofSeconds(1));

        assertThat(io.admittedJobs()).containsExactly("b", "b");
        io.admitted.getLast().then().accept(new Outcome.Refused(Refusal.CHANGED));
        after(Duration.ofHours(1));
        assertThat(io.admittedJobs())
                .as("a conflict may be the first one's doing")
                .containsOnly("b");
    }

    @Test
    void whatMayNotRunAnyMoreIsWithdrawnByTellingItWhy() {
        see(waiting("a", 10));
        settle();
        io.admitted.getFirst().then().accept(new Outcome.Unknown());
        queue(QUEUE, 1, true, 2);

        after(Duration.ofSeconds(1));
        assertThat(io.told).containsExactly("a QueuePaused");
        io.tellings.getFirst().accept(new Outcome.Written(JobEntry.of(version(waiting("a", 10), 2))));

        assertThat(index.isWriting("uid-a")).isFalse();
    }

    @Test
    void aWriteWithoutAnAnswerIsSentAgainInALaterTermThoughNoOtherJobWaits() {
        see(waiting("a", 10));
        settle();
        io.admitted.getFirst().then().accept(new Outcome.Unknown());
        term = 2;

        after(Duration.ofSeconds(1));
        assertThat(io.askedFor).containsExactly("a", "a");
        assertThat(io.admitted).hasSize(1);
        io.asked.getLast().accept(true);
        io.reads.getLast().accept(new Places(List.of(), List.of()));
        after(Duration.ofSeconds(2));

        assertThat(io.admittedJobs()).containsExactly("a", "a");
    }

    @Test
    void whatMayNotRunAnyMoreIsToldInALaterTermThoughNoOtherJobWaits() {
        see(waiting("a", 10));
        settle();
        io.admitted.getFirst().then().accept(new Outcome.Unknown());
        term = 2;
        queue(QUEUE, 1, true, 2);

        after(Duration.ofSeconds(1));

        assertThat(io.told).containsExactly("a QueuePaused");
        assertThat(loop.step()).as("and nothing is done all the time").isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void writesThatHangKeepNoOtherWaiting() {
        queue(WIDE, 100, false, 1);
        IntStream.range(0, 40).forEach(i -> see(in(WIDE, waiting("job-" + i, 10))));
        settle();
        assertThat(io.admitted).as("so many at once").hasSize(32);
        loop.step();
        assertThat(io.admitted).hasSize(32);

        after(Duration.ofSeconds(2));

        assertThat(io.admitted).hasSize(40);
    }

    /** A webhook there may hold up each write for half a minute. */
    @Test
    void aNamespaceInWhichAllWritesHangGetsNoMoreAndKeepsNoOtherWaiting() {
        queue(HUNG, 1_000, false, 1);
        IntStream.range(0, 900).forEach(i -> see(in(HUNG, waiting("hung-" + i, 0))));
        settle();
        for (var second = 0; second < 20; second++) after(Duration.ofSeconds(1));
        var hung = io.admitted.size();
        assertThat(hung).isBetween(64, 96);

        see(waiting("other", 10));
        after(Duration.ofSeconds(1));
        assertThat(io.admittedJobs().subList(hung, io.admitted.size())).containsExactly("other");

        io.admitted.subList(0, hung).forEach(write -> write.then().accept(new Outcome.Refused(Refusal.FOR_NOW)));
        loop.step();
        assertThat(io.admitted).as("its turn has come").hasSizeGreaterThan(hung + 1);
    }

    /** Their answers are lost: each may still be carried out, and is sent again. */
    @Test
    void aNamespaceOfWhichNoWriteIsAnsweredKeepsNoOtherWaiting() {
        queue(HUNG, 1_000, false, 1);
        IntStream.range(0, 900).forEach(i -> see(in(HUNG, waiting("hung-" + i, 0))));
        settle();
        var answered = 0;
        for (var second = 0; second < 600; second++) {
            // Each hangs for as long as the client waits.
            if (second % 30 == 29) {
                var open = List.copyOf(io.admitted.subList(answered, io.admitted.size()));
                answered = io.admitted.size();
                open.forEach(write -> write.then().accept(new Outcome.Unknown()));
            }
            after(Duration.ofSeconds(1));
            assertThat(io.admitted.size() - answered).isLessThanOrEqualTo(128);
        }

        see(waiting("other", 10));
        after(Duration.ofSeconds(1));
        after(Duration.ofSeconds(1));
        assertThat(io.admittedJobs()).contains("other");
    }

    /** A freeze of changes in a namespace with many queues, for example. */
    @Test
    void aNamespaceThatTakesNoWriteKeepsNoTermFromItsBeginning() {
        loop.step();
        for (var i = 0; i < 40; i++) {
            var key = new QueueKey("frozen", "queue-" + i);
            queue(key, 1, false, 1);
            see(in(key, waiting("frozen-" + i, 0)));
        }
        see(waiting("other", 10));
        for (var tries = 0; tries < 2; tries++) {
            after(Duration.ofSeconds(10));
            io.asked.getLast().accept(false);
        }

        assertThat(io.askedFor).hasSize(2).contains("other");
    }

    @Test
    void aDryRunThatHangsKeepsNoTermFromItsBeginning() {
        see(waiting("a", 10), waiting("b", 10));
        loop.step();
        after(Duration.ofSeconds(6));
        after(Duration.ofSeconds(1));
        assertThat(io.asked).hasSize(2);

        io.asked.getFirst().accept(false);
        assertThat(io.reads).as("this one says nothing any more").isEmpty();
        after(Duration.ofSeconds(1));
        assertThat(io.asked).hasSize(2);
        io.asked.getFirst().accept(true);
        assertThat(io.reads).as("but it would if it were late and well").hasSize(1);
        io.asked.getLast().accept(false);
        io.reads.getFirst().accept(new Places(List.of(), List.of()));
        loop.step();

        assertThat(io.admitted).hasSize(1);
    }

    @Test
    void aJobThatIsDeletedWhileItsPlaceIsOnItsWayDoesNotComeBack() {
        see(waiting("a", 10));
        settle();
        index.gone("uid-a", false);

        io.admitted.getFirst().then().accept(new Outcome.Written(JobEntry.of(running("a"))));

        assertThat(index.job("uid-a")).isEmpty();
    }

    @Test
    void aSweepThatWasAskedForIsNotForgottenWhenTheDryRunWasRefused() {
        var sweep = new Sweep(index, io, this::nanos, job -> {});
        see(waiting("a", 10));
        loop.step();
        sweep.ask("now");
        io.asked.getFirst().accept(false);
        loop.step();

        sweep.step();

        assertThat(io.lists).hasSize(1);
    }

    private void settle(SyncJob... places) {
        loop.step();
        io.asked.getFirst().accept(true);
        io.reads
                .getFirst()
                .accept(new Places(Stream.of(places).map(JobEntry::of).toList(), List.of()));
        loop.step();
    }

    private void after(Duration time) {
        now = now.plus(time);
        loop.step();
    }

    private long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    private void see(SyncJob... jobs) {
        for (var job : jobs) index.see(JobEntry.of(job));
    }

    private void queue(QueueKey key, int capacity, boolean paused, int version) {
        index.see(key, new SyncQueueSpec(capacity, paused, null, null, RawJson.of("{}")), version);
    }

    private static SyncJob in(QueueKey queue, SyncJob job) {
        var spec = job.getSpec();
        job.getMetadata().setNamespace(queue.namespace());
        job.setSpec(new SyncJobSpec(queue.name(), spec.action(), null, spec.priority(), null, null, null, null));
        return job;
    }

    private static SyncJob version(SyncJob job, int version) {
        job.getMetadata().setResourceVersion(Integer.toString(version));
        return job;
    }
}
