package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.watched;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.job.Step.Inspect;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker with a probe or a hook that ends with 0: only the events of its pod tell whether its kubelet told it to end. */
class SuccessesTest {
    private static final PodEvent KILLING =
            new PodEvent(false, "Killing", "Container worker failed liveness probe", "worker", NOW.minusSeconds(2));
    private static final PodEvent UNHEALTHY =
            new PodEvent(true, "Unhealthy", "Liveness probe failed: connection refused", "worker", NOW.minusSeconds(2));

    @Test
    void aWorkerThatItsKubeletToldToEndHasNotSucceeded() {
        var job = started("a");
        var pod = watched(pod(job, exit(0)));

        assertThat(Lifecycle.next(seen(job, pod).with(Inspected.NOTHING)))
                .isEqualTo(new Inspect(Subject.EVENTS, pod.uid()));
        var read = seen(job, pod).with(Inspected.NOTHING.and(List.of(KILLING, UNHEALTHY)));
        assertThat(Lifecycle.next(read)).isEqualTo(new Inspect(Subject.LOG, "worker"));
        assertThat(Lifecycle.next(read.with(Given.EVERYTHING.and(List.of(KILLING)))))
                .isInstanceOfSatisfying(Step.End.class, end -> {
                    assertThat(end.state()).isEqualTo(State.FAILED);
                    assertThat(end.reason()).isEqualTo(Reason.JOB_FAILED);
                    assertThat(end.message()).isEqualTo("KilledByKubelet: Container worker failed liveness probe");
                    assertThat(end.error()).extracting("resolution").asString().contains("livenessProbe");
                });
    }

    @Test
    void aProbeThatFailedWithoutAKillChangesNothing() {
        var job = started("a");

        assertThat(Lifecycle.next(
                        seen(job, watched(pod(job, exit(0)))).with(Inspected.NOTHING.and(List.of(UNHEALTHY)))))
                .isInstanceOfSatisfying(
                        Step.End.class, end -> assertThat(end.state()).isEqualTo(State.DONE));
    }

    @Test
    void eventsAreReadOnlyWhereTheyDecide() {
        var job = started("a");

        for (var pod : List.of(
                pod(job, exit(0)),
                watched(pod(job, exit(0, "{\"done\": true}"))),
                watched(pod(job, exit(0, "{\"result\": 7}"))))) {
            assertThat(Lifecycle.next(seen(job, pod).with(Inspected.NOTHING)))
                    .isInstanceOfSatisfying(
                            Step.End.class, end -> assertThat(end.state()).isEqualTo(State.DONE));
        }
    }

    @Test
    void aRunThatIsStoppedForItsTimeIsJudgedInTheSameWay() {
        SyncJob job = with(
                started("a"),
                s -> s.stop =
                        new SyncJobStatus.Stop(State.FAILED, Reason.DEADLINE_EXCEEDED.toString(), "too long", NOW));
        var ended = seen(job, watched(pod(job, exit(0))));

        assertThat(Lifecycle.next(ended)).isInstanceOf(Step.End.class);
        assertThat(Lifecycle.next(ended.with(Given.EVERYTHING.and(List.of(KILLING)))))
                .isInstanceOf(Step.FinishStop.class);
    }
}
