package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Times;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Deletion;
import io.syncjobs.core.run.PodView.Disruption;
import io.syncjobs.core.run.PodView.Made;
import io.syncjobs.core.run.PodView.Unscheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns a Pod of the API into what the core needs to know about it. */
public final class PodViews {
    private static final Set<String> KUBELET_ENDED_IT =
            Set.of("Evicted", "Preempting", "NodeShutdown", "Shutdown", "Terminated");

    /** The annotations that are read from a pod. */
    static final Set<String> ANNOTATIONS =
            Set.of(Names.WORKER, Names.CONTAINERS, Names.GATED, Names.TEMPLATE, Names.NODE);

    private PodViews() {}

    /** What the core needs of a pod, whoever created it. */
    public static PodView of(Pod pod) {
        var meta = pod.getMetadata();
        var status = requireNonNullElse(pod.getStatus(), new PodStatus());
        var made = made(pod);
        return new PodView(
                meta.getName(),
                meta.getUid(),
                meta.getResourceVersion(),
                attempt(pod),
                time(meta.getCreationTimestamp()).orElse(Instant.EPOCH),
                time(meta.getDeletionTimestamp())
                        .map(at -> new Deletion(at, seconds(meta.getDeletionGracePeriodSeconds()))),
                text(status.getPhase()),
                text(status.getReason()),
                text(status.getMessage()),
                disruption(pod, status),
                unschedulable(pod, status),
                made,
                text(pod.getSpec().getNodeName()),
                ContainerViews.worker(pod, status, made.worker()),
                ContainerViews.othersRun(status, made.worker()),
                ContainerViews.memory(pod, status, made.worker()),
                ContainerViews.isWatched(pod, made.worker()),
                isTornDown(status),
                isEmptied(status, made.worker()),
                ContainerViews.awaited(pod, status, made.worker()));
    }

    /** The pod of an older version has no such notes. Then its first container is the worker. */
    private static Made made(Pod pod) {
        var first = pod.getSpec().getContainers().getFirst().getName();
        return new Made(
                annotation(pod, Names.WORKER).orElse(first),
                annotation(pod, Names.TEMPLATE).orElse(""),
                annotation(pod, Names.NODE).isPresent());
    }

    static Optional<String> annotation(Pod pod, String name) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(name));
    }

    /** A label of a pod; empty if it is missing. */
    public static String label(Pod pod, String name) {
        return requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
                .getOrDefault(name, "");
    }

    /** True for a pod that we have created for this job. The labels alone are no proof, because anybody can set them. */
    public static boolean isOf(Pod pod, SyncJob job) {
        return label(pod, Names.JOB_UID).equals(job.getMetadata().getUid()) && isOwned(pod);
    }

    /** True if the pod belongs to the job of its label. Anybody may give that label to a pod. */
    public static boolean isOwned(Pod pod) {
        return requireNonNullElse(pod.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                .anyMatch(owner -> isOwner(owner, pod));
    }

    /** True if this owner of the pod is the job of its label. */
    static boolean isOwner(OwnerReference owner, Pod pod) {
        return label(pod, Names.JOB_UID).equals(owner.getUid());
    }

    private static int attempt(Pod pod) {
        try {
            return Integer.parseInt(label(pod, Names.ATTEMPT));
        } catch (NumberFormatException e) {
            return 0; // not one of ours, whatever its other labels say
        }
    }

    /** A kubelet that evicts, preempts or shuts down says so in the pod's status, but not always in a condition. */
    private static Optional<Disruption> disruption(Pod pod, PodStatus status) {
        return condition(status, "DisruptionTarget", "True")
                // Kueue says so if it takes a pod back that it has admitted.
                .or(() -> condition(status, "TerminationTarget", "True"))
                .map(c -> new Disruption(
                        text(c.getReason()),
                        text(c.getMessage()),
                        time(c.getLastTransitionTime()).orElse(Instant.EPOCH)))
                .or(() -> Optional.of(text(status.getReason()))
                        .filter(KUBELET_ENDED_IT::contains)
                        .map(reason -> new Disruption(reason, text(status.getMessage()), Instant.EPOCH)))
                .or(() -> Optional.of(text(status.getReason()))
                        .filter(PodView.OVER_TIME::equals)
                        .map(reason -> new Disruption(reason, text(status.getMessage()), overTime(pod, status))));
    }

    /** When the pod's activeDeadlineSeconds were over. */
    private static Instant overTime(Pod pod, PodStatus status) {
        var allowed = pod.getSpec().getActiveDeadlineSeconds();
        return time(status.getStartTime())
                .filter(start -> allowed != null)
                .map(start -> start.plus(seconds(allowed)))
                .orElse(Instant.EPOCH);
    }

    private static boolean isTornDown(PodStatus status) {
        return condition(status, "PodReadyToStartContainers", "False").isPresent();
    }

    /**
     * True if a pod came to count as initialized when its worker had ended. 1. A kubelet restarts, and does not take a pod again that
     * runs. 2. It empties the pod's status. 3. It ends the worker, and begins the conditions anew, by the same clock. If the worker
     * ends with 0 then, the kubelet may write that the pod has succeeded, and nothing else.
     */
    private static boolean isEmptied(PodStatus status, String worker) {
        var initialized =
                condition(status, "Initialized", "True").flatMap(since -> time(since.getLastTransitionTime()));
        return isTornDown(status)
                && ContainerViews.statuses(status.getContainerStatuses()).stream()
                        .filter(s -> worker.equals(s.getName()) && s.getState() != null)
                        .flatMap(s -> Stream.ofNullable(s.getState().getTerminated()))
                        .anyMatch(end -> initialized
                                .filter(since -> time(end.getStartedAt())
                                        .filter(since::isAfter)
                                        .isPresent())
                                .filter(since -> time(end.getFinishedAt())
                                        .filter(finished -> !since.isBefore(finished))
                                        .isPresent())
                                .isPresent());
    }

    private static Optional<Unscheduled> unschedulable(Pod pod, PodStatus status) {
        // The pod of an older version, or of a pool, does not say what its template has.
        var gateAdded = annotation(pod, Names.CONTAINERS).isPresent()
                && annotation(pod, Names.GATED).isEmpty();
        return condition(status, "PodScheduled", "False")
                .map(c -> new Unscheduled(text(c.getReason()), text(c.getMessage()), gateAdded));
    }

    private static Optional<PodCondition> condition(PodStatus status, String type, String value) {
        return requireNonNullElse(status.getConditions(), List.<PodCondition>of()).stream()
                .filter(c -> type.equals(c.getType()) && value.equals(c.getStatus()))
                .findFirst();
    }

    /** A container runtime that does not know when something was writes the zero of Unix. */
    static Optional<Instant> time(@Nullable String text) {
        return Optional.ofNullable(text).map(Times::instant).filter(Instant.EPOCH::isBefore);
    }

    private static Duration seconds(@Nullable Long seconds) {
        return Duration.ofSeconds(requireNonNullElse(seconds, 0L));
    }

    static String text(@Nullable String text) {
        return requireNonNullElse(text, "");
    }
}
