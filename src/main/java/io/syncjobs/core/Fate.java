package io.syncjobs.core;

import io.syncjobs.api.Reason;
import io.syncjobs.core.PodView.Container;
import io.syncjobs.core.PodView.Container.Terminated;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a pod tells about its attempt: a pure function of what was seen of the pod. */
public sealed interface Fate {
    /** Its worker has not run yet; {@code reason} is set where something holds it up, {@code whenSlow} where it takes long. */
    record Starting(Optional<Reason> reason, Optional<Reason> whenSlow, String message) implements Fate {
        Starting(Optional<Reason> reason, String message) {
            this(reason, reason, message);
        }
    }

    record Running(Instant started) implements Fate {}

    record Succeeded(Terminated end, Report report) implements Fate {}

    /** Ended by itself with a failure; {@code resolution} where the platform's word for it suggests one. */
    record Failed(Terminated end, Report report, boolean outOfMemory, String resolution) implements Fate {}

    /** Went away without a result; {@code planned} disruption is not counted against the job. */
    record Lost(boolean planned, String message) implements Fate {}

    Set<String> IMAGE_REASONS = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable");

    Set<String> CONFIG_REASONS = Set.of(
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "FailedMount",
            "FailedAttachVolume");

    /** Reasons of a disruption that are somebody's intention. */
    Set<String> PLANNED = Set.of(
            "EvictionByEvictionAPI",
            "PreemptionByScheduler",
            "DeletionByTaintManager",
            "TerminationByKubelet",
            "Evicted",
            "Preempting",
            "NodeShutdown",
            "Shutdown",
            "Terminated");

    /** Reasons by which the kubelet says that it lost sight of a container. */
    Set<String> UNSEEN = Set.of("ContainerStatusUnknown", "Unknown");

    static Fate of(PodView pod) {
        return switch (pod.worker()) {
            case Terminated end -> ended(pod, end);
            case Container c
            when pod.failedInit().isPresent() ->
                failedInit(pod, pod.failedInit().get());
            case Container c when pod.phase().equals("Failed") || pod.phase().equals("Succeeded") -> lost(pod);
            case Container.Running running -> new Running(running.started());
            case Container.Waiting waiting -> starting(pod, waiting);
        };
    }

    private static Fate ended(PodView pod, Terminated end) {
        var report = Report.parse(end.message(), end.finished());
        if (UNSEEN.contains(end.reason()) || interrupted(pod, end)) {
            return report.claimsSuccess() ? new Succeeded(end, report) : lost(pod);
        }
        return end.exitCode() == 0
                ? new Succeeded(end, report)
                : tooLong(pod, end).orElseGet(() -> failed(end));
    }

    private static Fate failedInit(PodView pod, Terminated init) {
        return interrupted(pod, init) ? lost(pod) : failed(init);
    }

    /** The kubelet ended it for activeDeadlineSeconds of its template: by the exit code alone that looks like a lack of memory. */
    private static Optional<Fate> tooLong(PodView pod, Terminated end) {
        if (!pod.reason().equals("DeadlineExceeded")) return Optional.empty();
        var report = Report.saying(
                pod.reason(),
                "the pod ran longer than template.spec.activeDeadlineSeconds allows",
                "Raise activeDeadlineSeconds in the template, or leave it out and set spec.timeoutSeconds of the job.");
        return Optional.of(new Failed(end, report, false, ""));
    }

    private static Fate failed(Terminated end) {
        var outOfMemory = end.reason().equals("OOMKilled");
        // The kubelet puts its own words for a container that could not start into the termination message.
        var report = end.reason().equals("StartError") || end.reason().equals("ContainerCannotRun")
                ? Report.saying(end.reason(), end.message(), "")
                : Report.parse(end.message(), end.finished());
        return new Failed(end, report, outOfMemory, Resolutions.ofExit(end));
    }

    /** True unless the worker had clearly finished before anybody asked the pod to end: exit 0 on SIGTERM is no success. */
    private static boolean interrupted(PodView pod, Terminated end) {
        var asked = pod.deletion()
                .map(PodView.Deletion::asked)
                .or(() -> pod.disruption().map(PodView.Disruption::since));
        if (asked.isEmpty()) return false;
        var limit = asked.get().minus(Limits.DELETION_MARGIN);
        return end.finished().map(finished -> !finished.isBefore(limit)).orElse(true);
    }

    /** Pods are also deleted since their node is silent: that is nobody's intention. */
    static boolean isPlannedOnSilentNode(PodView pod) {
        return lost(pod).planned()
                && pod.disruption()
                        .filter(d -> d.reason().equals("DeletionByTaintManager"))
                        .isEmpty();
    }

    private static Lost lost(PodView pod) {
        var disruption = pod.disruption();
        // A pod evicted for exceeding its own limits would do it again: that is not planned by anybody.
        var ownFault = pod.message().contains("exceed");
        var planned = disruption
                        .map(PodView.Disruption::reason)
                        .filter(PLANNED::contains)
                        .isPresent()
                && !ownFault;
        var why = disruption
                .map(d -> d.reason() + ": " + d.message())
                .or(() -> pod.deletion().map(d -> "the pod was deleted"))
                .or(() -> Optional.of((pod.reason() + " " + pod.message()).strip())
                        .filter(text -> !text.isEmpty()))
                .orElse("the pod ended without an exit code");
        return new Lost(planned, why);
    }

    private static Starting starting(PodView pod, Container.Waiting waiting) {
        if (pod.unschedulable().isPresent()) {
            return new Starting(
                    Optional.of(Reason.POD_UNSCHEDULABLE),
                    "no node takes pod " + pod.name() + ": "
                            + pod.unschedulable().get());
        }
        var detail = waiting.message().isEmpty() ? waiting.reason() : waiting.reason() + ": " + waiting.message();
        if (IMAGE_REASONS.contains(waiting.reason())) {
            return new Starting(Optional.of(Reason.IMAGE_PULL_FAILED), "pod " + pod.name() + ": " + detail);
        }
        if (CONFIG_REASONS.contains(waiting.reason())) {
            return new Starting(Optional.of(Reason.INVALID_TEMPLATE), "pod " + pod.name() + ": " + detail);
        }
        if (waiting.reason().equals(Container.Waiting.NO_NODE)) {
            return new Starting(
                    Optional.empty(),
                    Optional.of(Reason.POD_UNSCHEDULABLE),
                    "pod " + pod.name() + ": " + waiting.message());
        }
        return new Starting(
                Optional.empty(),
                Optional.of(Reason.POD_STARTING),
                "pod " + pod.name() + " is being started (" + detail + ")");
    }
}
