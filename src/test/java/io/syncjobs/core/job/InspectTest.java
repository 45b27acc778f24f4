package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.deleting;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.running;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.waiting;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Step.Inspect;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEvent;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import io.syncjobs.core.trace.LogError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Caches may be behind, and do not have everything: before what cannot be taken back there is a closer look. */
class InspectTest {
    @Test
    void aPodThatTheCacheDoesNotHaveIsAskedForBeforeItCountsAsGone() {
        for (var job : List.of(enqueued("a"), started("a"), stopping(started("a")))) {
            assertThat(first(seen(job))).isEqualTo(look(job, Subject.POD));
        }
    }

    @Test
    void aPodThatThisProcessHasNotCreatedYetIsNotAskedFor() {
        assertThat(first(seen(enqueued("a"), new Reservation.Mine(Duration.ZERO))))
                .isInstanceOf(Step.CreatePod.class);
    }

    @Test
    void whatAPodThatIsGoneHasToldLastIsAwaitedBeforeItCountsAsLost() {
        var job = started("a");
        var gone = seen(job).with(Inspected.NOTHING.and(Subject.POD));

        assertThat(Lifecycle.next(gone)).isEqualTo(look(job, Subject.LAST_STATE));
        var all = gone.with(gone.inspected().and(Subject.LAST_STATE));
        assertThat(Lifecycle.next(all)).isInstanceOf(Step.RecordLoss.class);
    }

    @Test
    void aPodThatIsGoneBeforeItStartedIsAwaitedToo() {
        var job = enqueued("a");
        var gone = Inspected.NOTHING.and(Subject.POD);

        assertThat(Lifecycle.next(seen(job, new Reservation.Created(Duration.ZERO, Instant.EPOCH))
                        .with(gone)))
                .isEqualTo(look(job, Subject.LAST_STATE));
        assertThat(Lifecycle.next(seen(job, new Reservation.Foreign()).with(gone)))
                .as("of one that another life may have created nothing is known")
                .isInstanceOf(Step.Reserve.class);
    }

    @Test
    void aRunIsGivenUpOnlyAfterAFreshLookAtItsPod() {
        var job = started("a");
        var silent = deleting(pod(job, running()), NOW.minus(Duration.ofDays(1)), Duration.ofSeconds(30));

        assertThat(first(seen(job, silent))).isEqualTo(look(job, Subject.POD));
        var ended = seen(job, silent).withPod(Optional.of(pod(job, exit(0))));
        assertThat(Lifecycle.next(ended.with(Inspected.NOTHING.and(Subject.POD))))
                .isInstanceOf(Step.End.class);
    }

    /** The log of a run that has ended meanwhile would be cut before its last lines. */
    @Test
    void aRunThatTakesTooLongIsLookedAtBeforeItsLogIsRead() {
        var job = with(started("a"), s -> s.startedTime = NOW.minusSeconds(3600));
        var late = seen(job, pod(job, running())).with(Inspected.NOTHING);

        assertThat(Lifecycle.next(late)).isEqualTo(look(job, Subject.POD));
        var fresh = late.with(late.inspected().and(Subject.POD));
        assertThat(Lifecycle.next(fresh)).isEqualTo(new Inspect(Subject.LOG, "worker"));
        var read = fresh.with(fresh.inspected().and(new LogError("", "", "the last line")));
        assertThat(Lifecycle.next(read))
                .isInstanceOfSatisfying(
                        Step.Stop.class,
                        stop -> assertThat(stop.error()).extracting("trace").isEqualTo("the last line"));
    }

    @Test
    void theLogOfAFailureIsReadAndThatOfASuccessIsNot() {
        var job = started("a");

        assertThat(first(seen(job, pod(job, exit(1))))).isEqualTo(new Inspect(Subject.LOG, "worker"));
        assertThat(first(seen(job, pod(job, exit(0))))).isInstanceOf(Step.End.class);
        assertThat(first(seen(job, pod(job, running())))).isInstanceOf(Step.Wait.class);
    }

    @Test
    void eventsAreReadOfAPodThatIsSlowAndDoesNotSayWhy() {
        var job = enqueued("a");
        var pod = pod(job, waiting("ContainerCreating"));
        var slow = seen(job, pod).at(pod.created().plus(Limits.POD_SLOW));

        assertThat(first(seen(job, pod).at(pod.created().plus(Limits.POD_SLOW).minusMillis(1))))
                .isInstanceOf(Step.Wait.class);
        assertThat(first(slow)).isEqualTo(new Inspect(Subject.EVENTS, pod.uid()));
        var mount = warning("FailedMount", "MountVolume.SetUp failed: secret \"erp\" not found");
        assertThat(Lifecycle.next(slow.with(Inspected.NOTHING.and(List.of(mount)))))
                .isInstanceOfSatisfying(
                        Step.Explain.class, told -> assertThat(told.message()).contains("secret \"erp\" not found"));
        var says = pod(job, waiting("CreateContainerConfigError"));
        assertThat(first(seen(job, says).at(says.created().plus(Limits.POD_SLOW))))
                .isNotInstanceOf(Inspect.class);
    }

    @Test
    void aRetryAfterAWarningLooksAtThePodAndKeepsTheWarning() {
        var job = with(enqueued("a"), s -> s.enqueuedTime = NOW.minus(Duration.ofDays(1)));
        var pod = pod(job, waiting("ContainerCreating"));
        var mount = warning("FailedMount", "secret \"erp\" not found");
        var late = seen(job, pod).at(pod.created().plus(Limits.POD_SLOW)).with(Inspected.NOTHING.and(List.of(mount)));

        assertThat(Lifecycle.next(late)).isEqualTo(look(job, Subject.POD));
        var fresh = late.withPod(Optional.of(pod)).with(late.inspected().and(Subject.POD));
        assertThat(Lifecycle.next(fresh))
                .isInstanceOfSatisfying(
                        Step.Stop.class, stop -> assertThat(stop.message()).contains("secret \"erp\" not found"));
    }

    @Test
    void aWarmWorkerThatNoWatchHasToldOfIsAskedFor() {
        var unseen = new WorkerView.Gone(WorkerEnd.UNSEEN, false);
        var job = warm();

        assertThat(first(seen(job).with(new Run.WorkerRun(unseen, "", "")))).isEqualTo(look(job, Subject.WORKER));
        var seenGone = new WorkerView.Gone(WorkerEnd.UNSEEN, true);
        assertThat(first(seen(job).with(new Run.WorkerRun(seenGone, "", "")))).isInstanceOf(Step.RecordLoss.class);
    }

    @Test
    void aSilentWorkersLeaseIsReadBeforeItsJobIsTakenAwayAndNotBeforeItsSilenceIsTold() {
        var job = warm();
        var dead = new WorkerView.Silent(NOW.minusSeconds(900), NOW.minusSeconds(600), NOW.minusSeconds(1));
        var oneOfMany = new WorkerView.Silent(NOW.minusSeconds(900), NOW.minusSeconds(1), NOW.plusSeconds(600));

        assertThat(first(seen(job).with(new Run.WorkerRun(dead, "", "")))).isEqualTo(look(job, Subject.LEASE));
        assertThat(first(seen(job).with(new Run.WorkerRun(oneOfMany, "", "")))).isInstanceOf(Step.Explain.class);
    }

    private static PodEvent warning(String reason, String message) {
        return new PodEvent(true, reason, message, "", NOW);
    }

    /** The step where only the caches were asked. */
    private static Step first(Observation seen) {
        return Lifecycle.next(seen.with(Inspected.NOTHING));
    }

    private static Step look(SyncJob job, Subject subject) {
        return new Inspect(subject, String.valueOf(JobFields.statusOf(job).worker()));
    }

    private static SyncJob stopping(SyncJob job) {
        return with(job, s -> s.stop = new Stop(State.CANCELLED, "CancelledByUser", "no", NOW));
    }

    private static SyncJob warm() {
        return with(started("a"), s -> {
            s.worker = "magento-5d4-x";
            s.effective = Policies.effective(
                    Given.job("a").getSpec(), new SyncQueueSpec(1, null, null, null, null, "magento"));
        });
    }
}
