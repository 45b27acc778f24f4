package io.syncjobs.core.run;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.deleting;
import static io.syncjobs.core.job.Given.disrupted;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.failedInit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodOutcomeTest {
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void aWorkerThatFailsHasFailedEvenWithAResult() {
        assertThat(PodOutcome.of(pod(started("a"), exit(1, "{\"result\": 7}")))).isInstanceOf(PodOutcome.Failed.class);
        assertThat(PodOutcome.of(pod(started("a"), exit(75, "{\"done\": true}"))))
                .isInstanceOf(PodOutcome.Failed.class);
    }

    @Test
    void aResultOfNullIsNoResult() {
        var ended = exit(143, "{\"result\": null, \"message\": \"told to stop\"}");

        assertThat(PodOutcome.of(deleting(pod(started("a"), ended), NOW.minusSeconds(2), GRACE)))
                .isInstanceOf(PodOutcome.Lost.class);
    }

    /** A worker that took a signal for its end, beside a container that took longer to stop. */
    @Test
    void aPodThatTheKubeletLetsGoHidesWhenItWasToldToEnd() {
        var pod = pod(started("a"), exit(0));

        assertThat(PodOutcome.of(deleting(pod, NOW.plusSeconds(25), GRACE))).isInstanceOf(PodOutcome.Succeeded.class);
        assertThat(PodOutcome.of(deleting(pod, NOW.plusSeconds(25), Duration.ZERO)))
                .isInstanceOf(PodOutcome.Lost.class);
        assertThat(PodOutcome.of(deleting(pod(started("a"), exit(137)), NOW.plusSeconds(25), Duration.ZERO)))
                .isInstanceOf(PodOutcome.Lost.class);
    }

    /** A kubelet that was restarted writes this into the status of a container that it no longer finds. */
    @Test
    void ofAWorkerThatItsNodeLostSightOfThisIsTold() {
        var unseen = new PodView.Container.Terminated(
                "worker", 137, "ContainerStatusUnknown", "it could not be located", Optional.empty(), Optional.empty());

        var lost = (PodOutcome.Lost) PodOutcome.of(pod(started("a"), unseen));
        assertThat(lost.why().row().id()).isEqualTo("status-unknown");
        assertThat(lost.message()).contains("worker", "it could not be located");
        var evicted = (PodOutcome.Lost) PodOutcome.of(disrupted(pod(started("a"), unseen), "EvictionByEvictionAPI"));
        assertThat(evicted.why().row().id()).startsWith("evicted-by-");
    }

    @Test
    void anInitContainerThatWasToldToEndCallsForAnotherPodAndOneThatFailedIsAFailure() {
        var failed = failedInit(pod(started("a"), waiting("PodInitializing")), exit(143));

        assertThat(PodOutcome.of(failed)).isInstanceOf(PodOutcome.Failed.class);
        assertThat(PodOutcome.of(deleting(failed, NOW.minusSeconds(2), GRACE))).isInstanceOf(PodOutcome.Refused.class);
    }
}
