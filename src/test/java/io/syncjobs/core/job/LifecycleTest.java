package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.annotated;
import static io.syncjobs.core.job.Given.deleting;
import static io.syncjobs.core.job.Given.disrupted;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.killedForMemory;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.retryingAny;
import static io.syncjobs.core.job.Given.running;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.waiting;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void aWaitingJobIsLeftToTheEnqueuePass() {
        assertThat(Lifecycle.next(seen(job("a")))).isInstanceOf(Step.Wait.class);
    }

    @Test
    void aJobThatRunsForgetsATroubleOfTheOperatorsOwnThatIsOver() {
        var began = NOW.minusSeconds(60);
        var job = with(started("a"), s -> {
            s.startedTime = began;
            s.reason = Reason.INTERNAL_ERROR.toString();
            s.message = "the operator failed at this job";
        });

        var start = next(Step.Start.class, seen(job, pod(job, running())));

        var after = Statuses.after(job, start, NOW);
        assertThat(after.reason()).isNull();
        assertThat(after.message()).startsWith("its log: kubectl logs");
        assertThat(after.state()).isEqualTo(State.STARTED);
        assertThat(Lifecycle.next(seen(Given.withStatus(job, after), pod(job, running()))))
                .isInstanceOf(Step.Wait.class);
    }

    /** Whoever waits or is kept wakes nobody. */
    @Test
    void onlyJobsForWhichThereIsSomethingToDoHaveWork() {
        var large = RawJson.of("\"" + "x".repeat(Limits.PAYLOAD_BYTES) + "\"");
        var unfit = job("a", new SyncJobSpec("default", "export", large, null, null, null, null, null));
        var done = with(job("a"), s -> s.state = State.DONE);
        assertThat(Lifecycle.hasWork(job("a"))).isFalse();
        assertThat(Lifecycle.hasWork(done)).isFalse();
        assertThat(Lifecycle.hasWork(enqueued("a"))).isTrue();
        assertThat(Lifecycle.hasWork(started("a"))).isTrue();
        assertThat(Lifecycle.hasWork(unfit)).isTrue();
        for (var job : List.of(job("a"), done)) {
            for (var name : List.of(Names.REQUEUE, Names.HANDLING, Names.UNREADABLE))
                assertThat(Lifecycle.hasWork(annotated(job, name, "x")))
                        .as(name)
                        .isTrue();
        }
    }

    @Test
    void aPayloadOverTheLimitEndsTheJobWithWhatToDo() {
        var large = RawJson.of("\"" + "x".repeat(Limits.PAYLOAD_BYTES) + "\"");
        var job = job("a", new SyncJobSpec("default", "export", large, null, null, null, null, null));

        var end = next(Step.End.class, seen(job));

        assertThat(end.reason()).isEqualTo(Reason.PAYLOAD_TOO_LARGE);
        assertThat(end.message()).contains("32770 bytes").contains("32768").contains("Store the data elsewhere");
    }

    @Test
    void aJobThatTheMinuteRunEnqueuedGetsAWorker() {
        var job = with(enqueued("a"), s -> {
            s.worker = null;
            s.attempt = 4;
        });

        var reserve = next(Step.Reserve.class, seen(job, new Reservation.Foreign()));

        assertThat(reserve.attempt()).isEqualTo(5);
        assertThat(reserve.worker()).isEqualTo(PodNames.of(job, 5));
    }

    /** Somebody's finalizer may hold it for long. What has ended before is recorded all the same. */
    @Test
    void aJobThatIsBeingDeletedEndsItsRunAndGetsNoPod() {
        for (var job : List.of(enqueued("a"), started("a"))) {
            job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                    .withDeletionTimestamp(NOW.toString())
                    .build());
            assertThat(next(Step.Stop.class, seen(job, new Reservation.Mine(Duration.ZERO)))
                            .target())
                    .isEqualTo(State.CANCELLED);
            assertThat(next(Step.End.class, seen(job, pod(job, exit(0)))).state())
                    .isEqualTo(State.DONE);
        }
    }

    @Test
    void aReservationOfOurOwnBecomesItsPod() {
        assertThat(next(Step.CreatePod.class, seen(enqueued("a"), new Reservation.Mine(Duration.ZERO)))
                        .attempt())
                .isEqualTo(1);
    }

    @Test
    void aReservationOfAnotherLifeIsNeverTurnedIntoAPodButReservedAnew() {
        assertThat(next(Step.Reserve.class, seen(enqueued("a"), new Reservation.Foreign()))
                        .attempt())
                .isEqualTo(2);
    }

    @Test
    void aReservationWhoseAnswerIsOnItsWayIsLookedAtAgain() {
        assertThat(next(Step.Wait.class, seen(enqueued("a"), new Reservation.Sending()))
                        .lookAgain())
                .isPresent();
    }

    @Test
    void aRefusedPodIsExplainedOnceAndTriedAgainLater() {
        var later = NOW.plusSeconds(5);
        var why = Refusals.of(List.of("403"), "exceeded quota: pods, requested: pods=1");
        var refused = new Reservation.Refused(why, "exceeded quota", Duration.ofSeconds(5), later);

        var explain = next(Step.Explain.class, seen(enqueued("a"), refused));
        assertThat(explain.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
        assertThat(explain.message()).contains("exceeded quota").contains("Raise ResourceQuota pods in namespace shop");
        var told = with(enqueued("a"), s -> {
            s.reason = "QuotaExceeded";
            s.message = explain.message();
            s.reasonTime = NOW;
        });
        assertThat(next(Step.Wait.class, seen(told, refused)).lookAgain()).contains(later);
        var due = new Reservation.Refused(why, "exceeded quota", Duration.ofSeconds(5), NOW);
        assertThat(Lifecycle.next(seen(told, due))).isInstanceOf(Step.CreatePod.class);
    }

    @Test
    void aPodThatIsRefusedForTooLongEndsTheJob() {
        var job = with(enqueued("a"), s -> s.enqueuedTime = NOW.minus(SETTINGS.podStart()));
        var refused = new Reservation.Refused(
                Refusals.template("unknown field"), "unknown field", Duration.ofSeconds(5), NOW);

        var end = next(Step.End.class, seen(job, refused));

        assertThat(end.reason()).isEqualTo(Reason.POD_NEVER_STARTED);
        assertThat(end.message()).contains("900 s").contains("no pod can be made: unknown field");
    }

    @Test
    void whatHoldsUpAPodIsTold() {
        var job = enqueued("a");

        assertThat(next(Step.Explain.class, seen(job, pod(job, waiting("ImagePullBackOff"))))
                        .reason())
                .isEqualTo(Reason.IMAGE_PULL_FAILED);
        assertThat(next(Step.Explain.class, seen(job, pod(job, waiting("CreateContainerConfigError"))))
                        .reason())
                .isEqualTo(Reason.INVALID_TEMPLATE);
        assertThat(Lifecycle.next(seen(job, pod(job, waiting("ContainerCreating")))))
                .isInstanceOf(Step.Wait.class);
    }

    @Test
    void aPodThatDoesNotStartIsStoppedAndTheJobFails() {
        var job = with(enqueued("a"), s -> s.enqueuedTime = NOW.minus(SETTINGS.podStart()));

        var stop = next(Step.Stop.class, seen(job, pod(job, waiting("ImagePullBackOff"))));

        assertThat(stop.target()).isEqualTo(State.FAILED);
        assertThat(stop.reason()).isEqualTo(Reason.POD_NEVER_STARTED);
        assertThat(stop.message()).contains("ImagePullBackOff");
    }

    @Test
    void aRunningPodStartsTheJob() {
        var job = enqueued("a");

        assertThat(Lifecycle.next(seen(job, pod(job, running()))))
                .isEqualTo(new Step.Start(NOW.minusSeconds(2), "worker"));
    }

    @Test
    void exitZeroIsDoneWithItsResult() {
        var job = started("a");

        var end = next(Step.End.class, seen(job, pod(job, exit(0, "{\"result\": {\"id\": 7}}"))));

        assertThat(end.state()).isEqualTo(State.DONE);
        assertThat(end.reason()).isEqualTo(Reason.COMPLETED);
        assertThat(end.result()).hasToString("{\"id\":7}");
    }

    @Test
    void aPodThatWasQuickerThanTheWatchIsDoneFromEnqueued() {
        var job = enqueued("a");

        assertThat(next(Step.End.class, seen(job, pod(job, exit(0)))).state()).isEqualTo(State.DONE);
    }

    @Test
    void anotherExitCodeIsFailedWithTheWorkersWords() {
        var job = started("a");

        var end = next(
                Step.End.class,
                seen(job, pod(job, exit(1, "{\"type\": \"Refused\", \"message\": \"no\", \"resolution\": \"ask\"}"))));

        assertThat(end.reason()).isEqualTo(Reason.JOB_FAILED);
        assertThat(end.message()).isEqualTo("Refused: no");
        assertThat(end.error()).extracting("resolution", "exitCode").containsExactly("ask", 1);
    }

    @Test
    void exit75IsRetriedAfterTheTimeThatTheWorkerAskedFor() {
        var job = started("a");

        var retry = next(Step.Retry.class, seen(job, pod(job, exit(75, "{\"retryAfterSeconds\": 100}"))));

        assertThat(retry.notBefore()).isBetween(NOW.plusSeconds(100), NOW.plusSeconds(110));
    }

    @Test
    void whatOfTheTerminationMessageCouldNotBeTakenIsTold() {
        var job = started("a");

        var done = next(Step.End.class, seen(job, pod(job, exit(0, "{\"result\": {\"average\": NaN}}"))));
        var retry = next(Step.Retry.class, seen(job, pod(job, exit(75, "{\"retryAfterSeconds\": \"soon\"}"))));
        var failed = next(
                Step.End.class,
                seen(job, pod(job, exit(1, "{\"message\": \"" + "x".repeat(3_000) + "\", \"done\": \"no\"}"))));

        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.message())
                .startsWith("the worker reported success; its result was left out: it could not be read as JSON:"
                        + " result.average is NaN");
        assertThat(retry.message()).contains("retryAfterSeconds \"soon\" was left out");
        assertThat(failed.message()).endsWith("; done \"no\" was left out: it is not true or false");
    }

    @Test
    void retriesEndAtTheLimit() {
        var job = with(started("a"), s -> s.retries = 5);

        var end = next(Step.End.class, seen(job, pod(job, exit(75))));

        assertThat(end.reason()).isEqualTo(Reason.RETRIES_EXHAUSTED);
        assertThat(end.message()).contains("retry.limit is 5");
    }

    @Test
    void aLimitOfMinusOneNeverEnds() {
        var job = with(started("a"), s -> {
            s.retries = 1_000;
            s.effective = new Effective(10, 60, new RetryPolicy(-1, 1, List.of(), "Retryable"), null);
        });

        assertThat(Lifecycle.next(seen(job, pod(job, exit(75))))).isInstanceOf(Step.Retry.class);
    }

    @Test
    void outOfMemoryIsItsOwnReasonAndNotRetriedUnlessAskedFor() {
        var job = started("a");

        assertThat(next(Step.End.class, seen(job, pod(job, killedForMemory()))).reason())
                .isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(Lifecycle.next(seen(retryingAny(job), pod(job, killedForMemory()))))
                .isInstanceOf(Step.Retry.class);
    }

    @Test
    void aPodThatIsGoneIsALossAndTheThirdIsTheLast() {
        assertThat(next(Step.RecordLoss.class, seen(started("a"))).planned()).isFalse();
        assertThat(next(Step.End.class, seen(with(started("a"), s -> s.workerLosses = 2)))
                        .reason())
                .isEqualTo(Reason.WORKER_LOST);
    }

    @Test
    void exitZeroWhileBeingDeletedIsALossAndNotSuccess() {
        var job = started("a");

        var step = Lifecycle.next(seen(job, deleting(pod(job, exit(0)), NOW.minusSeconds(2), GRACE)));

        assertThat(step).isInstanceOf(Step.RecordLoss.class);
    }

    @Test
    void aPodThatItsNodeDoesNotEndIsALossOnceTheNodeCountsAsSilent() {
        var job = started("a");
        var grace = Duration.ofSeconds(10);
        var told = NOW.minus(grace).minus(Limits.NODE_SILENT);

        var patient = deleting(pod(job, running()), told.plusSeconds(1), grace);
        assertThat(next(Step.Wait.class, seen(job, patient)).lookAgain()).contains(NOW.plusSeconds(1));
        var silent = deleting(pod(job, running()), told, grace);
        assertThat(next(Step.RecordLoss.class, seen(job, silent)).planned()).isFalse();
        var starting = deleting(pod(enqueued("a"), waiting("ContainerCreating")), told, grace);
        assertThat(Lifecycle.next(seen(enqueued("a"), starting))).isInstanceOf(Step.RecordLoss.class);
    }

    @Test
    void exitZeroClearlyBeforeTheDeletionIsSuccess() {
        var job = started("a");

        var step = Lifecycle.next(seen(job, deleting(pod(job, exit(0)), NOW.plusSeconds(2), GRACE)));

        assertThat(step).isInstanceOf(Step.End.class);
    }

    @Test
    void aWorkerThatSaysDoneWhileBeingDeletedIsBelieved() {
        var job = started("a");
        var pod = deleting(pod(job, exit(143, "{\"done\": true}")), NOW.minusSeconds(2), GRACE);

        assertThat(next(Step.End.class, seen(job, pod)).state()).isEqualTo(State.DONE);
    }

    @Test
    void anEvictionIsALossThatDoesNotCount() {
        var job = with(started("a"), s -> s.workerLosses = 2);

        var lose = next(Step.RecordLoss.class, seen(job, disrupted(pod(job, exit(137)), "EvictionByEvictionAPI")));

        assertThat(lose.planned()).isTrue();
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
