package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.ended;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.refused;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.unlimited;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodEdit;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts that went away without a result. */
class LossesTest {
    private static final String OWN =
            "The node was low on resource: memory. Container worker was using 6Gi, request is 0, has larger consumption of memory. ";

    @Test
    void aNodeThatRefusesPodsIsNotCountedAndAskedLaterEachTime() {
        var job = Given.enqueued("a");
        var lose = next(Step.RecordLoss.class, seen(job, refused(pod(job, new Waiting("", "")), "OutOfcpu", false)));

        assertThat(lose.planned()).isTrue();
        assertThat(lose.reason()).isEqualTo(Reason.POD_REFUSED);
        assertThat(lose.notBefore()).isEqualTo(NOW.plusSeconds(5));
        assertThat(lose.message()).contains("OutOfcpu").contains("Node node-1 had less room");
    }

    @Test
    void aWorkerThatUsedUpItsNodeIsCountedAndTheThirdIsTheLast() {
        var job = started("a");
        var own = ended(pod(job, exit(137)), "Evicted", OWN);

        assertThat(next(Step.RecordLoss.class, seen(job, own)).planned()).isFalse();
        var third = next(Step.End.class, seen(with(job, s -> s.workerLosses = 2), own));
        assertThat(third.reason()).isEqualTo(Reason.WORKER_LOST);
        assertThat(third.error()).extracting("resolution").asString().contains("resources.requests");
        var others = ended(pod(job, exit(137)), "Evicted", "The node was low on resource: memory. ");
        assertThat(next(Step.RecordLoss.class, seen(with(job, s -> s.workerLosses = 2), others))
                        .planned())
                .isTrue();
    }

    /** Its kubelet ends a pod before its status shows that the worker has started. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Mi\". ",
                "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
                "Container worker exceeded its local ephemeral storage limit \"1Gi\". "
            })
    void aPodThatIsEvictedForItsOwnDiskWasTakenWhateverItsStatusShows(String message) {
        var job = Given.enqueued("a");

        var lose = next(Step.RecordLoss.class, seen(job, ended(pod(job, new Waiting("", "")), "Evicted", message)));

        assertThat(lose.planned()).isFalse();
        assertThat(lose.reason()).isEqualTo(Reason.WORKER_DIED);
        assertThat(lose.message()).contains("raise it in");
    }

    @Test
    void aPodThatIsPreemptedByItsKubeletWasTaken() {
        var job = Given.enqueued("a");
        var preempted = ended(pod(job, new Waiting("", "")), "Preempting", "Preempted in order to admit critical pod");

        var lose = next(Step.RecordLoss.class, seen(job, preempted));

        assertThat(lose.planned()).isTrue();
        assertThat(lose.message()).contains("A critical pod of the cluster needed the place");
    }

    @Test
    void aDrainedWorkerRunsAgainAtOnceTheFirstTime() {
        var job = started("a");
        var drained = Given.disrupted(pod(job, exit(143)), "EvictionByEvictionAPI");

        var first = next(Step.RecordLoss.class, seen(job, drained));
        assertThat(first.notBefore()).isEqualTo(NOW);
        var again = with(Given.withStatus(job, Statuses.after(job, first, NOW)), s -> {
            s.state = State.STARTED;
            s.worker = PodNames.of(job, 1);
        });
        assertThat(Duration.between(
                        NOW, next(Step.RecordLoss.class, seen(again, drained)).notBefore()))
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aWorkerWithoutALimitWasKilledForItsNodesMemory() {
        var job = started("a");
        var pod = unlimited(pod(job, Given.killedForMemory()));

        var lose = next(Step.RecordLoss.class, seen(job, pod));
        assertThat(lose.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(lose.message())
                .contains("no memory limit")
                .contains("node-1")
                .doesNotContain("its limit");
        assertThat(next(Step.End.class, seen(with(job, s -> s.workerLosses = 2), pod))
                        .reason())
                .isEqualTo(Reason.OUT_OF_MEMORY);
    }

    /**
     * As a kubelet of Kubernetes 1.36 writes it. 1. A node loses a label that the pod asks for. 2. Its kubelet restarts, and empties
     * the pod's status. 3. It ends the worker and tears down the pod. 4. It says that it rejected the pod.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 137, 143})
    void aWorkerThatItsKubeletEndsAfterARestartIsLostUncountedWhateverItsExitCode(int code) {
        var job = with(
                started("a"),
                s -> s.enqueuedTime = NOW.minus(SETTINGS.podStart().multipliedBy(2)));
        var emptied = running(pod(job, new Waiting(Waiting.NO_KUBELET, "node node-1 has not taken it")));
        var tornDown = PodEdit.with(running(pod(job, exit(code))), edit -> edit.tornDown = true);
        var rejected = PodEdit.with(tornDown, edit -> {
            edit.phase = "Failed";
            edit.reason = "NodeAffinity";
            edit.message = "Pod was rejected: Predicate NodeAffinity failed";
        });

        assertThat(Lifecycle.next(seen(job, emptied))).isInstanceOf(Step.Wait.class);
        assertThat(next(Step.Wait.class, seen(job, tornDown)).lookAgain())
                .contains(NOW.minusSeconds(1).plus(Limits.LAST_WORD));
        assertThat(next(Step.RecordLoss.class, seen(job, rejected)).planned()).isTrue();
    }

    @Test
    void ofAPodThatWasTornDownAndOfWhichNobodySaysMoreTheExitCodeCounts() {
        var job = started("a");
        var longAgo = NOW.minus(Limits.LAST_WORD);
        var silent = PodEdit.with(running(pod(job, Given.exitAt(longAgo))), edit -> edit.tornDown = true);

        assertThat(Lifecycle.next(seen(job, silent))).isNotInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(job, running(pod(job, exit(1))))))
                .as("a worker that ended by itself, whose sandbox is still there")
                .isNotInstanceOf(Step.Wait.class);
    }

    /**
     * As containerd and its kubelet tell it. 1. A container is out of memory, and its exit code is told without the cause. 2. When the
     * pod has ended, the kubelet reads both again.
     */
    @Test
    void ofAContainerThatWasKilledTheCauseIsAwaited() {
        var job = started("a");
        var killed = running(pod(job, exit(137)));
        var before = running(Given.failedInit(pod(job, new Waiting("PodInitializing", "")), exit(137)));
        var later = NOW.minusSeconds(1).plus(Limits.LAST_WORD);

        assertThat(next(Step.Wait.class, seen(job, killed)).lookAgain()).contains(later);
        assertThat(next(Step.Wait.class, seen(job, before)).lookAgain()).contains(later);
        assertThat(Lifecycle.next(seen(job, pod(job, exit(137))))).isNotInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(job, running(pod(job, Given.killedForMemory())))))
                .isNotInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(job, PodEdit.with(killed, edit -> edit.othersRun = true))))
                .as("a pod that does not end before its other containers do")
                .isNotInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(job, running(pod(job, Given.exitAt(NOW.minus(Limits.LAST_WORD), 137))))))
                .as("nobody says more")
                .isNotInstanceOf(Step.Wait.class);
    }

    private static PodView running(PodView pod) {
        return PodEdit.with(pod, edit -> edit.phase = "Running");
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
