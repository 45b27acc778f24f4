package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.deleting;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.retryingAny;
import static io.syncjobs.core.job.Given.running;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Step.Inspect.Subject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs that must end. */
class StoppingTest {
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void aRunOverItsTimeIsStoppedAndThenFailedOrRetried() {
        var job = with(started("a"), s -> s.startedTime = NOW.minusSeconds(3600));

        var stop = next(Step.Stop.class, seen(job, pod(job, running())));

        assertThat(stop.target()).isEqualTo(State.FAILED);
        assertThat(stop.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        assertThat(next(Step.Stop.class, seen(retryingAny(job), pod(job, running())))
                        .target())
                .isEqualTo(State.PENDING);
        var unread = seen(job, pod(job, running())).with(Inspected.NOTHING.and(Subject.POD));
        assertThat(Lifecycle.next(unread)).isEqualTo(new Step.Inspect(Subject.LOG, "worker"));
    }

    @Test
    void aStoppedRunIsDeletedThenAwaitedThenBecomesItsTarget() {
        var job = stopping(started("a"));
        var pod = pod(job, running());

        assertThat(Lifecycle.next(seen(job, pod))).isEqualTo(new Step.DeletePod(pod));
        assertThat(Lifecycle.next(seen(job, deleting(pod, NOW, GRACE)))).isInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(job))).isEqualTo(new Step.FinishStop());
        assertThat(Lifecycle.next(seen(job, deleting(pod(job, exit(0)), NOW, GRACE))))
                .isEqualTo(new Step.FinishStop());
    }

    @Test
    void aSuccessBeforeTheDeadlineThatItsNodeTellsLateIsASuccess() {
        var running = started("a");
        var stop = next(
                Step.Stop.class,
                seen(with(running, s -> s.startedTime = NOW.minusSeconds(3600)), pod(running, running())));
        var stopping = Given.withStatus(running, Statuses.after(running, stop, NOW));

        assertThat(next(Step.End.class, seen(stopping, pod(stopping, exit(0)))).reason())
                .isEqualTo(Reason.COMPLETED);
        assertThat(Lifecycle.next(seen(stopping, pod(stopping, exit(1))))).isInstanceOf(Step.FinishStop.class);
        var late = with(stopping, s -> s.startedTime = NOW.minusSeconds(3601));
        assertThat(Lifecycle.next(seen(late, pod(late, exit(0))))).isInstanceOf(Step.FinishStop.class);
        var cancelled = with(stopping, s -> s.stop = new Stop(State.CANCELLED, "CancelledByUser", "no", NOW));
        assertThat(Lifecycle.next(seen(cancelled, pod(cancelled, exit(0))))).isInstanceOf(Step.FinishStop.class);
    }

    @Test
    void aStoppedRunIsNotWaitedForLongerThanDeadAfter() {
        var before = NOW.minus(SETTINGS.deadAfter());
        var job = with(started("a"), s -> s.stop = new Stop(State.FAILED, "DeadlineExceeded", "late", before));

        assertThat(Lifecycle.next(seen(job, deleting(pod(job, running()), before, GRACE))))
                .isEqualTo(new Step.FinishStop());
    }

    @Test
    void aStoppedRunKeepsTheGracePeriodOfItsPodHoweverLong() {
        var before = NOW.minus(SETTINGS.deadAfter());
        var job = with(started("a"), s -> s.stop = new Stop(State.FAILED, "DeadlineExceeded", "late", before));
        var grace = SETTINGS.deadAfter().plusSeconds(60);

        assertThat(next(Step.Wait.class, seen(job, deleting(pod(job, running()), before, grace)))
                        .lookAgain())
                .contains(NOW.plusSeconds(60).plus(Limits.NODE_SILENT));
    }

    private static SyncJob stopping(SyncJob job) {
        return with(job, s -> s.stop = new Stop(State.FAILED, "DeadlineExceeded", "late", NOW.minusSeconds(1)));
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
