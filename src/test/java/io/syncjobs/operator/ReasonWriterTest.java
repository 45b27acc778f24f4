package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.kube.StubApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose reason is written next, when there are more than may be written at once. */
class ReasonWriterTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final Api io = new Api();
    private Instant now = NOW;
    private final ReasonWriter reasons = new ReasonWriter(index, io, () -> now, 1);

    @BeforeEach
    void twoJobsOfAPausedQueue() {
        index.advance(NOW);
        index.see(new QueueKey("shop", "default"), new SyncQueueSpec(1, true, null, null, null), 1);
        for (var name : List.of("first", "second")) waits(name);
    }

    private void waits(String name) {
        waits("default", name);
    }

    private void waits(String queue, String name) {
        index.see(JobEntry.of(job(queue, name)));
    }

    private static SyncJob job(String queue, String name) {
        var template = RawJson.of("{}");
        var spec = new SyncJobSpec(queue, "export.order", null, null, null, null, null, template);
        return StubApi.job(name, 1, spec, SyncJobStatus.NEW);
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(new EnqueueIo.Outcome.Refused(Refusal.FOR_NOW), "second"),
                Arguments.of(new EnqueueIo.Outcome.Refused(Refusal.FOR_GOOD), "second"),
                Arguments.of(new EnqueueIo.Outcome.Unknown(), "second"),
                Arguments.of(new EnqueueIo.Outcome.Refused(Refusal.CHANGED), "first"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whoseReasonWasNotTakenLeavesTheTurnToTheNext(EnqueueIo.Outcome answer, String next) {
        reasons.round(Starter.EAGER);
        io.answer(answer);

        after(Duration.ofSeconds(1));
        reasons.round(Starter.EAGER);

        assertThat(io.told).containsExactly("first", next);
    }

    @Test
    void oneThatGetsNoAnswerKeepsNobodyWaiting() {
        reasons.round(Starter.EAGER);
        reasons.round(Starter.EAGER);
        reasons.round(Starter.EAGER);

        assertThat(io.told).containsExactly("first", "second");
    }

    @Test
    void aRoundOfManyIsWrittenAFewAtATime() {
        var budget = 200;
        var many = new ReasonWriter(index, io, () -> now, budget);
        IntStream.range(0, 2 * budget).forEach(i -> waits("job-" + i));
        after(Duration.ofMinutes(2));

        many.round(Starter.EAGER);
        var most = io.open.size();
        while (!io.open.isEmpty()) {
            io.answer(new EnqueueIo.Outcome.Refused(Refusal.FOR_NOW));
            most = Math.max(most, io.open.size());
        }

        assertThat(io.told).hasSize(budget).doesNotHaveDuplicates();
        // Of 500 at once the API server refused 440: these jobs were told a minute later, while nothing else happened.
        assertThat(most).isLessThan(100);
    }

    @Test
    void aQueueThatChangesWhileAllWritesHangHasItsTurnLater() {
        var many = new ReasonWriter(index, io, () -> now, 200);
        IntStream.range(0, 200).forEach(i -> waits("job-" + i));
        after(Duration.ofMinutes(2));
        many.round(Starter.EAGER);
        index.see(new QueueKey("shop", "other"), new SyncQueueSpec(1, true, null, null, null), 1);
        waits("other", "late");
        after(Duration.ofMinutes(2));

        many.round(Starter.EAGER);
        while (!io.open.isEmpty()) io.answer(new EnqueueIo.Outcome.Refused(Refusal.FOR_NOW));
        many.round(Starter.EAGER);

        assertThat(io.told).contains("late");
    }

    /** A webhook there may hold up each write for half a minute. */
    @Test
    void aNamespaceInWhichAllWritesHangKeepsNoOtherFromItsReasons() {
        var many = new ReasonWriter(index, io, () -> now, 20);
        var hung = new QueueKey("bank", "default");
        index.see(hung, new SyncQueueSpec(1, true, null, null, null), 1);
        for (var i = 0; i < 300; i++) {
            var job = job("default", "hung-" + i);
            job.getMetadata().setNamespace("bank");
            index.see(JobEntry.of(job));
        }
        after(Duration.ofMinutes(2));
        for (var second = 0; second < 30; second++) {
            many.round(Starter.EAGER);
            after(Duration.ofSeconds(1));
        }
        var before = io.told.size();
        waits("late");
        after(Duration.ofMinutes(2));

        many.round(Starter.EAGER);

        assertThat(before).isLessThan(64);
        assertThat(io.told.subList(before, io.told.size())).containsExactly("late");
    }

    @Test
    void afterAMinuteItIsTriedAgain() {
        reasons.round(Starter.EAGER);
        io.answer(new EnqueueIo.Outcome.Refused(Refusal.FOR_NOW));

        after(Duration.ofMinutes(1));
        reasons.round(Starter.EAGER);

        assertThat(io.told).containsExactly("first", "first");
    }

    @Test
    void oneToWhichNothingCanBeWrittenIsLeftInPeaceUntilItChanges() {
        reasons.round(Starter.EAGER);
        io.answer(new EnqueueIo.Outcome.Refused(Refusal.FOR_GOOD));
        reasons.round(Starter.EAGER);
        io.answer(new EnqueueIo.Outcome.Refused(Refusal.FOR_NOW));

        after(Duration.ofHours(1));
        reasons.round(Starter.EAGER);

        assertThat(io.told).containsExactly("first", "second", "second");
        assertThat(index.job("uid-first").orElseThrow().group()).isEqualTo(Group.ASIDE);
    }

    private void after(Duration time) {
        now = now.plus(time);
        index.advance(now);
    }

    /** Takes what it is asked to write, and answers when the test says so. */
    private static final class Api implements EnqueueIo {
        private final List<String> told = new ArrayList<>();
        private final List<Consumer<Outcome>> open = new ArrayList<>();

        void answer(Outcome outcome) {
            open.removeFirst().accept(outcome);
        }

        @Override
        public void explain(JobEntry job, Wait why, Consumer<Outcome> then) {
            told.add(job.name());
            open.add(then);
        }

        @Override
        public boolean isRefused() {
            return false;
        }

        @Override
        public void ask(Admission admission, Consumer<Boolean> then) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readPlaces(Consumer<Places> then, Runnable failed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void list(Consumer<List<Listed>> some, Consumer<Boolean> done) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void refresh(Listed object) {
            throw new UnsupportedOperationException();
        }
    }
}
