package io.syncjobs.core.run;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodView.Container.Terminated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The events of a pod say what holds it up, or what ended its worker. */
class PodEventsTest {
    private static final PodView POD = pod(enqueued("a"), waiting("ContainerCreating"));

    private static final PodEvent SCHEDULED = normal(60, "Scheduled", "", "Successfully assigned shop/a-1 to node-1");
    private static final PodEvent MOUNT =
            warning(50, "FailedMount", "", "MountVolume.SetUp failed for volume \"erp\" : secret \"erp\" not found");
    private static final PodEvent ATTACH =
            warning(50, "FailedAttachVolume", "", "Multi-Attach error for volume \"pvc-1\" Volume is already used by");
    private static final PodEvent PULLING = normal(30, "Pulling", "worker", "Pulling image \"erp:7\"");

    @Test
    void theWarningThatTellsTheCauseCounts() {
        var error = warning(10, "Failed", "worker", "Error: ImagePullBackOff");
        var cause = warning(20, "Failed", "worker", "Failed to pull image \"erp:7\": 401 Unauthorized");

        assertThat(told(error, cause)).contains(cause);
        assertThat(told(error)).contains(error);
        assertThat(told(MOUNT, SCHEDULED)).contains(MOUNT);
        assertThat(told()).isEmpty();
    }

    @Test
    void aPodThatPullsItsImageHasGotPastItsVolumesAndItsNetwork() {
        var sandbox = warning(40, "FailedCreatePodSandBox", "", "no IP addresses available in range set");

        assertThat(told(PULLING, sandbox, MOUNT, ATTACH, SCHEDULED)).contains(PULLING);
        assertThat(Signals.ofWaiting(POD, PULLING.asWaiting()).row().id()).isEqualTo("image-being-pulled");
        assertThat(told(normal(20, "Pulled", "worker", "Successfully pulled"), PULLING, MOUNT))
                .isEmpty();
        var again = warning(20, "FailedCreatePodSandBox", "", "no IP addresses available in range set");
        assertThat(told(again, PULLING)).as("its sandbox was made anew").contains(again);
    }

    @Test
    void aVolumeThatIsAttachedAtLastHoldsNothingUp() {
        var attached = normal(40, "SuccessfulAttachVolume", "", "AttachVolume.Attach succeeded for volume \"pvc-1\"");
        var other = normal(40, "SuccessfulAttachVolume", "", "AttachVolume.Attach succeeded for volume \"pvc-2\"");

        assertThat(told(attached, ATTACH)).isEmpty();
        assertThat(told(other, ATTACH)).contains(ATTACH);
    }

    @Test
    void whatASchedulerSaidIsOverAsSoonAsThePodHasANode() {
        var full = warning(5, "FailedScheduling", "", "0/3 nodes are available: 3 Insufficient cpu.");

        assertThat(told(full)).isEmpty();
    }

    @Test
    void aWarningThatNobodyRepeatsIsOver() {
        var old = warning(Limits.WARNING_HOLDS.toSeconds(), "FailedMount", "", "secret \"erp\" not found");
        var lately = warning(Limits.WARNING_HOLDS.toSeconds() - 1, "FailedMount", "", "secret \"erp\" not found");

        assertThat(told(old)).isEmpty();
        assertThat(told(lately)).contains(lately);
    }

    @Test
    void aPullThatFailedCountsAlsoWhileTheNextOneIsTried() {
        var failed = warning(3_600, "Failed", "worker", "Failed to pull image \"erp:7\": 401 Unauthorized");
        var backsOff = pod(enqueued("a"), waiting("ImagePullBackOff"));

        assertThat(PodEvents.telling(backsOff, List.of(PULLING, failed), NOW)).contains(failed);
        assertThat(PodEvents.telling(backsOff, List.of(PULLING), NOW)).isEmpty();
    }

    @Test
    void anEventAboutAContainerThatAdmissionHasAddedIsNotTheTemplates() {
        var init = new PodView.Init("proxy", waiting("ImagePullBackOff"), false, true);
        var pod = PodEdit.with(POD, edit -> edit.init = Optional.of(init));
        var failed = warning(9, "Failed", "proxy", "Failed to pull image \"proxy:9\": proxy:9: not found");

        assertThat(PodOutcome.of(pod.with(failed))).isInstanceOfSatisfying(PodOutcome.Starting.class, starting -> {
            assertThat(starting.container()).isEqualTo("proxy");
            assertThat(starting.why().row().id()).isEqualTo("image-added");
        });
        assertThat(PodOutcome.of(pod.with(MOUNT))).isInstanceOfSatisfying(PodOutcome.Starting.class, starting -> {
            assertThat(starting.container()).isEqualTo("worker");
            assertThat(starting.why().row().id()).isEqualTo("secret-missing");
        });
    }

    @Test
    void aKubeletThatEndsAWorkerForAProbeOrAHookSaysSo() {
        var liveness = normal(2, "Killing", "worker", "Container worker failed liveness probe, will be restarted");
        var startup = normal(2, "Killing", "worker", "Container worker failed startup probe");
        var hook = warning(2, "FailedPostStartHook", "worker", "PostStartHook failed");

        assertThat(kill(liveness)).contains(liveness);
        assertThat(kill(startup)).contains(startup);
        assertThat(kill(hook)).contains(hook);
    }

    @Test
    void noOtherEventSaysSo() {
        assertThat(kill(
                        normal(2, "Killing", "proxy", "Container proxy failed liveness probe, will be restarted"),
                        normal(2, "Killing", "worker", "Stopping container worker"),
                        warning(2, "Unhealthy", "worker", "Liveness probe failed: connection refused"),
                        warning(2, "FailedPreStopHook", "worker", "PreStopHook failed")))
                .isEmpty();
        assertThat(kill(normal(20, "Killing", "worker", "Container worker failed liveness probe")))
                .as("an earlier life of the container")
                .isEmpty();
    }

    private static Optional<PodEvent> told(PodEvent... latestFirst) {
        return PodEvents.telling(POD, List.of(latestFirst), NOW);
    }

    private static Optional<PodEvent> kill(PodEvent... events) {
        return PodEvents.kill(POD, (Terminated) exit(0), List.of(events));
    }

    private static PodEvent warning(long secondsAgo, String reason, String container, String message) {
        return new PodEvent(true, reason, message, container, ago(secondsAgo));
    }

    private static PodEvent normal(long secondsAgo, String reason, String container, String message) {
        return new PodEvent(false, reason, message, container, ago(secondsAgo));
    }

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }
}
