package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.run.Run.WorkerRun;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import io.syncjobs.core.run.WorkerView.Alive;
import io.syncjobs.core.run.WorkerView.Gone;
import io.syncjobs.core.run.WorkerView.Silent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs that a warm worker has: what the operator does, by state, stop and how the worker stands. */
class WarmRunsTest {
    private static final SyncQueueSpec QUEUE = new SyncQueueSpec(10, null, null, null, null, "magento");
    private static final Duration DEAD_AFTER = SETTINGS.deadAfter();
    private static final WorkerView ALIVE = new Alive(false, "");
    private static final WorkerView QUIET = silent(DEAD_AFTER.minusSeconds(1), DEAD_AFTER);
    private static final WorkerView DEAD = silent(DEAD_AFTER, DEAD_AFTER);
    private static final WorkerView ONE_OF_MANY = silent(DEAD_AFTER, DEAD_AFTER.multipliedBy(2));
    private static final WorkerView DEAD_LIKE_MANY = silent(DEAD_AFTER.multipliedBy(2), DEAD_AFTER.multipliedBy(2));
    private static final WorkerView DELETED = gone(Source.POOL, "Deleted");
    private static final WorkerView EVICTED = gone(Source.DISRUPTION, "EvictionByEvictionAPI");
    private static final WorkerView CRASHED = gone(Source.POOL, "Ended");
    private static final WorkerView UNKNOWN = WorkerView.UNKNOWN;

    /** How the job stands. */
    private enum Job {
        FRESH,
        NOT_TAKEN,
        STARTED,
        OVERDUE,
        STOPPING,
        STOPPING_FOR_LONG
    }

    /** What the operator does. */
    private enum Then {
        NOTHING,
        WITHDRAW,
        RUN_AGAIN_UNCOUNTED,
        RUN_AGAIN_COUNTED,
        EXPLAIN,
        STOP,
        STOPPED
    }

    record Case(Job job, WorkerView worker, Then then) {}

    static Stream<Case> cases() {
        return Stream.of(
                        row(Job.FRESH, Then.NOTHING, ALIVE, QUIET, ONE_OF_MANY, UNKNOWN),
                        row(Job.FRESH, Then.RUN_AGAIN_UNCOUNTED, DEAD, DEAD_LIKE_MANY, DELETED, EVICTED, CRASHED),
                        row(Job.NOT_TAKEN, Then.WITHDRAW, ALIVE, QUIET, ONE_OF_MANY, UNKNOWN),
                        row(Job.NOT_TAKEN, Then.RUN_AGAIN_UNCOUNTED, DEAD, DEAD_LIKE_MANY, DELETED, EVICTED, CRASHED),
                        row(Job.STARTED, Then.NOTHING, ALIVE, QUIET, UNKNOWN),
                        row(Job.STARTED, Then.EXPLAIN, ONE_OF_MANY),
                        row(Job.STARTED, Then.RUN_AGAIN_COUNTED, DEAD, DEAD_LIKE_MANY, CRASHED),
                        row(Job.STARTED, Then.RUN_AGAIN_UNCOUNTED, DELETED, EVICTED),
                        row(Job.OVERDUE, Then.STOP, ALIVE, QUIET, UNKNOWN),
                        row(Job.OVERDUE, Then.EXPLAIN, ONE_OF_MANY),
                        row(Job.OVERDUE, Then.RUN_AGAIN_COUNTED, DEAD, DEAD_LIKE_MANY, CRASHED),
                        row(Job.OVERDUE, Then.RUN_AGAIN_UNCOUNTED, DELETED, EVICTED),
                        row(Job.STOPPING, Then.NOTHING, ALIVE, QUIET, ONE_OF_MANY, UNKNOWN),
                        row(Job.STOPPING, Then.STOPPED, DEAD, DEAD_LIKE_MANY, DELETED, EVICTED, CRASHED),
                        row(
                                Job.STOPPING_FOR_LONG,
                                Then.STOPPED,
                                ALIVE,
                                QUIET,
                                ONE_OF_MANY,
                                UNKNOWN,
                                DEAD,
                                DEAD_LIKE_MANY,
                                DELETED,
                                EVICTED,
                                CRASHED))
                .flatMap(each -> each);
    }

    private static Stream<Case> row(Job job, Then then, WorkerView... workers) {
        return Stream.of(workers).map(worker -> new Case(job, worker, then));
    }

    @Test
    void theTableIsComplete() {
        assertThat(cases()).hasSize(Job.values().length * 9);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTableHolds(Case one) {
        assertThat(kind(Lifecycle.next(seen(job(one.job()), one.worker())))).isEqualTo(one.then());
    }

    private static Then kind(Step step) {
        return switch (step) {
            case Step.Wait stay -> Then.NOTHING;
            case Step.RecordLoss lose
            when lose.message().contains("did not take it within 60 s") -> {
                assertThat(lose.planned()).isTrue();
                yield Then.WITHDRAW;
            }
            case Step.RecordLoss lose -> lose.planned() ? Then.RUN_AGAIN_UNCOUNTED : Then.RUN_AGAIN_COUNTED;
            case Step.Explain explain -> Then.EXPLAIN;
            case Step.Stop stop -> Then.STOP;
            case Step.FinishStop stopped -> Then.STOPPED;
            default -> throw new AssertionError("not for a warm job: " + step);
        };
    }

    @Test
    void theThirdCountedLossIsTheLast() {
        var twice = with(job(Job.STARTED), s -> s.workerLosses = 2);

        var end = next(Step.End.class, seen(twice, DEAD));
        assertThat(end.state()).isEqualTo(State.FAILED);
        assertThat(end.reason()).isEqualTo(Reason.WORKER_LOST);
        assertThat(end.message()).startsWith("3 attempts were lost").contains("counts as dead");
        assertThat(next(Step.RecordLoss.class, seen(twice, EVICTED)).planned()).isTrue();
        assertThat(Statuses.after(twice, end, NOW).workerLosses()).isEqualTo(3);
    }

    @Test
    void aJobThatNoAgentTookSaysWhetherTheHandlerWasTheCause() {
        var silent = next(
                Step.RecordLoss.class,
                seen(job(Job.NOT_TAKEN), new Alive(true, "connection refused by 127.0.0.1:8080")));
        assertThat(silent.reason()).isEqualTo(Reason.HANDLER_NOT_READY);
        assertThat(silent.message())
                .contains("connection refused by 127.0.0.1:8080")
                .contains("-c handler");
        var other = next(Step.RecordLoss.class, seen(job(Job.NOT_TAKEN), ALIVE));
        assertThat(other.reason()).isEqualTo(Reason.WORKER_DIED);
        assertThat(other.message()).contains("-c syncjobs-agent");
    }

    @Test
    void theMinuteBeginsWhenTheOperatorHasBegunToWatch() {
        var job = job(Job.NOT_TAKEN);
        var since = NOW.minusSeconds(20);

        assertThat(next(Step.Wait.class, seen(job, ALIVE, since)).lookAgain()).contains(NOW.plusSeconds(40));
    }

    @Test
    void whatWasToldOfManySilentWorkersIsTakenBackWhenTheWorkerIsHeard() {
        var job = job(Job.STARTED);
        var told = Given.withStatus(job, Statuses.after(job, next(Step.Explain.class, seen(job, ONE_OF_MANY)), NOW));
        assertThat(JobFields.statusOf(told).message())
                .contains("most workers of pool magento")
                .contains("silent since 2026-03-01T11:55:00Z")
                .contains("at the latest at 2026-03-01T12:05:00Z");

        assertThat(Lifecycle.next(seen(told, ONE_OF_MANY))).as("once").isInstanceOf(Step.Wait.class);
        var again = Statuses.after(told, next(Step.Start.class, seen(told, ALIVE)), NOW);
        assertThat(again.reason()).isNull();
        assertThat(again.startedTime()).isEqualTo(JobFields.statusOf(job).startedTime());
    }

    @Test
    void whatWasToldOfAFailureOfTheOperatorIsTakenBackWhenItHandlesTheJobAgain() {
        var failed = new Step.Explain(Reason.INTERNAL_ERROR, "the operator failed at this job");
        var told = Given.withStatus(job(Job.STARTED), Statuses.after(job(Job.STARTED), failed, NOW));

        var again = Statuses.after(told, next(Step.Start.class, seen(told, ALIVE)), NOW);
        assertThat(again.reason()).isNull();
        assertThat(again.startedTime()).isEqualTo(JobFields.statusOf(told).startedTime());
    }

    @Test
    void aRunOverItsTimeFailsOrIsRetriedAsItsPolicySays() {
        var stop = next(Step.Stop.class, seen(job(Job.OVERDUE), ALIVE));
        assertThat(stop.target()).isEqualTo(State.FAILED);
        assertThat(stop.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        var any = with(
                job(Job.OVERDUE),
                s -> s.effective = new Effective(10, 3600, new RetryPolicy(5, 600, List.of(), "Any"), "magento"));
        assertThat(next(Step.Stop.class, seen(any, ALIVE)).target()).isEqualTo(State.PENDING);
    }

    @Test
    void commandsEndTheRunFirstInEitherState() {
        for (var state : List.of(Job.FRESH, Job.STARTED)) {
            for (var command : List.of(Names.CANCEL, Names.SET_DONE)) {
                var asked = Given.annotated(job(state), command, "no longer wanted");
                assertThat(Lifecycle.next(seen(asked, ALIVE))).isInstanceOf(Step.ClaimCommand.class);
                var taken = Given.annotated(
                        job(state), Names.HANDLING, "id-1:" + command.substring(12) + ":no longer wanted");
                var obeyed = next(Step.ApplyCommand.class, seen(taken, ALIVE));
                assertThat(obeyed.effect()).isInstanceOf(Step.Stop.class);
            }
            var force = Given.annotated(job(state), Names.HANDLING, "id-1:requeue:force");
            var obeyed = next(Step.ApplyCommand.class, seen(force, ALIVE));
            assertThat(obeyed.effect())
                    .isInstanceOfSatisfying(
                            Step.Stop.class, stop -> assertThat(stop.target()).isEqualTo(State.PENDING));
        }
    }

    @Test
    void aJobThatIsBeingDeletedEndsItsRun() {
        var job = job(Job.STARTED);
        job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withDeletionTimestamp(NOW.toString())
                .build());

        assertThat(next(Step.Stop.class, seen(job, ALIVE)).target()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aWarmJobWithoutAWorkerWaitsAgain() {
        var job = with(job(Job.FRESH), s -> s.worker = null);

        assertThat(next(Step.RecordLoss.class, seen(job, UNKNOWN)).planned()).isTrue();
        var stopping = with(job, s -> s.stop = new Stop(State.CANCELLED, "CancelledByUser", "no", NOW));
        assertThat(Lifecycle.next(seen(stopping, UNKNOWN))).isInstanceOf(Step.FinishStop.class);
    }

    @Test
    void aWarmJobIsNeverTakenForOneThatHasAPod() {
        var seen = new Observation(
                job(Job.FRESH),
                Optional.of(QUEUE),
                List.of(),
                new Run.PodRun(new Reservation.Foreign()),
                Given.EVERYTHING,
                SETTINGS,
                Instant.EPOCH,
                NOW);

        assertThat(Lifecycle.next(seen)).isInstanceOf(Step.Wait.class);
    }

    private static WorkerView silent(Duration silence, Duration patience) {
        var since = NOW.minus(silence);
        return new Silent(since, since.plus(DEAD_AFTER), since.plus(patience));
    }

    private static WorkerView gone(Source source, String code) {
        return new Gone(new WorkerEnd(source, List.of(code), "", "it went away"), true);
    }

    private static SyncJob job(Job how) {
        var job = with(Given.started("a"), s -> {
            s.worker = "magento-5d4-x";
            s.effective = Policies.effective(Given.job("a").getSpec(), QUEUE);
            s.state = how == Job.FRESH || how == Job.NOT_TAKEN ? State.ENQUEUED : State.STARTED;
        });
        return with(job, s -> {
            switch (how) {
                case NOT_TAKEN -> s.enqueuedTime = NOW.minus(Limits.TAKEN_WITHIN);
                case OVERDUE -> s.startedTime = NOW.minusSeconds(3600);
                case STOPPING -> s.stop = stop(NOW.minusSeconds(1));
                case STOPPING_FOR_LONG -> s.stop = stop(NOW.minus(DEAD_AFTER));
                default -> {}
            }
        });
    }

    private static Stop stop(Instant since) {
        return new Stop(State.CANCELLED, "CancelledByUser", "no longer wanted", since);
    }

    private static Observation seen(SyncJob job, WorkerView worker) {
        return seen(job, worker, Instant.EPOCH);
    }

    private static Observation seen(SyncJob job, WorkerView worker, Instant watchingSince) {
        return new Observation(
                job,
                Optional.of(QUEUE),
                List.of(),
                new WorkerRun(worker, "node-1", "handler"),
                Given.EVERYTHING,
                SETTINGS,
                watchingSince,
                NOW);
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
