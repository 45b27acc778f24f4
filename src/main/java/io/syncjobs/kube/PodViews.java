package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.PodView;
import io.syncjobs.core.PodView.Container;
import io.syncjobs.core.PodView.Deletion;
import io.syncjobs.core.PodView.Disruption;
import io.syncjobs.core.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a Pod of the API to what the core needs to know of it. */
public final class PodViews {
    private static final Set<String> KUBELET_ENDED_IT =
            Set.of("Evicted", "Preempting", "NodeShutdown", "Shutdown", "Terminated");

    /** Reasons with which the message is the kubelet's own. */
    private static final Set<String> NOT_STARTED = Set.of("StartError", "ContainerCannotRun", "ContainerStatusUnknown");

    private PodViews() {}

    public static PodView of(Pod pod) {
        var meta = pod.getMetadata();
        var status = requireNonNullElse(pod.getStatus(), new PodStatus());
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
                disruption(status),
                unschedulable(status),
                pod.getSpec().getContainers().getFirst().getName(),
                worker(pod, status),
                othersRun(pod, status),
                failedInit(pod, status));
    }

    /** The label of a job's pod. */
    public static String label(Pod pod, String name) {
        return requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
                .getOrDefault(name, "");
    }

    /** True for a pod that we have made for this job: its labels alone can be put on any pod. */
    public static boolean isOf(Pod pod, SyncJob job) {
        var uid = job.getMetadata().getUid();
        return label(pod, Names.JOB_UID).equals(uid)
                && requireNonNullElse(pod.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                        .anyMatch(owner -> uid.equals(owner.getUid()));
    }

    private static int attempt(Pod pod) {
        try {
            return Integer.parseInt(label(pod, Names.ATTEMPT));
        } catch (NumberFormatException e) {
            return 0; // not one of ours, whatever its other labels say
        }
    }

    /** A kubelet that evicts, preempts or shuts down says so in the pod's status, not always in a condition. */
    private static Optional<Disruption> disruption(PodStatus status) {
        return condition(status, "DisruptionTarget", "True")
                .map(c -> new Disruption(
                        text(c.getReason()),
                        text(c.getMessage()),
                        time(c.getLastTransitionTime()).orElse(Instant.EPOCH)))
                .or(() -> Optional.of(text(status.getReason()))
                        .filter(KUBELET_ENDED_IT::contains)
                        .map(reason -> new Disruption(reason, text(status.getMessage()), Instant.EPOCH)));
    }

    private static Optional<String> unschedulable(PodStatus status) {
        return condition(status, "PodScheduled", "False").map(c -> text(c.getMessage()));
    }

    private static Optional<PodCondition> condition(PodStatus status, String type, String value) {
        return requireNonNullElse(status.getConditions(), List.<PodCondition>of()).stream()
                .filter(c -> type.equals(c.getType()) && value.equals(c.getStatus()))
                .findFirst();
    }

    private static Container worker(Pod pod, PodStatus status) {
        var name = pod.getSpec().getContainers().getFirst().getName();
        var waitingInit = statuses(status.getInitContainerStatuses()).stream()
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getWaiting() != null)
                .map(state -> container("", state))
                .filter(state -> state instanceof Container.Waiting waiting
                        && !waiting.reason().equals("PodInitializing"))
                .findFirst();
        var own = statuses(status.getContainerStatuses()).stream()
                .filter(s -> name.equals(s.getName()))
                .findFirst()
                .map(s -> withoutLog(pod, container(name, s.getState())))
                .orElseGet(() -> new Container.Waiting(Container.Waiting.NO_NODE, missing(pod)));
        return own instanceof Container.Waiting ? waitingInit.orElse(own) : own;
    }

    private static boolean othersRun(Pod pod, PodStatus status) {
        var name = pod.getSpec().getContainers().getFirst().getName();
        return statuses(status.getContainerStatuses()).stream()
                .filter(s -> !name.equals(s.getName()))
                .anyMatch(s -> s.getState() == null || s.getState().getTerminated() == null);
    }

    /** Who is silent about a pod of which there is no more to see. */
    private static String missing(Pod pod) {
        var node = text(pod.getSpec().getNodeName());
        return node.isEmpty()
                ? "scheduler " + text(pod.getSpec().getSchedulerName())
                        + " has not given it a node; is there such a scheduler" + " (template.spec.schedulerName)?"
                : "node " + node + " has not taken it; is there such a node, and is it Ready (template.spec.nodeName)?";
    }

    /** Of the init containers one that failed; a sidecar, which may end and is started again, does not decide. */
    private static Optional<Container.Terminated> failedInit(Pod pod, PodStatus status) {
        var sidecars =
                requireNonNullElse(
                                pod.getSpec().getInitContainers(), List.<io.fabric8.kubernetes.api.model.Container>of())
                        .stream()
                        .filter(container -> "Always".equals(container.getRestartPolicy()))
                        .map(io.fabric8.kubernetes.api.model.Container::getName)
                        .collect(toSet());
        return statuses(status.getInitContainerStatuses()).stream()
                .filter(s -> !sidecars.contains(s.getName()))
                .map(s -> withoutLog(pod, container(s.getName(), s.getState())))
                .filter(c -> c instanceof Container.Terminated end && end.exitCode() != 0)
                .map(Container.Terminated.class::cast)
                .findFirst();
    }

    /**
     * With {@code FallbackToLogsOnError} the node puts the end of the log in the place of a termination message that the worker
     * has not written. That is no word of the worker: the log itself is read, with more of it.
     */
    private static Container withoutLog(Pod pod, Container state) {
        if (!(state instanceof Container.Terminated end) || end.exitCode() == 0) return state;
        var mayBeLog = Stream.of(
                        pod.getSpec().getInitContainers(), pod.getSpec().getContainers())
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(container -> end.container().equals(container.getName()))
                .anyMatch(container -> "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy()));
        if (!mayBeLog || NOT_STARTED.contains(end.reason()) || Report.isNothingElse(end.message())) return state;
        return new Container.Terminated(
                end.container(), end.exitCode(), end.reason(), "", end.started(), end.finished());
    }

    private static Container container(String name, @Nullable ContainerState state) {
        if (state != null && state.getTerminated() != null) {
            var end = state.getTerminated();
            return new Container.Terminated(
                    name,
                    requireNonNullElse(end.getExitCode(), -1),
                    text(end.getReason()),
                    text(end.getMessage()),
                    time(end.getStartedAt()),
                    time(end.getFinishedAt()));
        }
        if (state != null && state.getRunning() != null) {
            return new Container.Running(time(state.getRunning().getStartedAt()).orElse(Instant.EPOCH));
        }
        var waiting = state == null ? null : state.getWaiting();
        return waiting == null
                ? new Container.Waiting("Pending", "")
                : new Container.Waiting(text(waiting.getReason()), text(waiting.getMessage()));
    }

    private static List<ContainerStatus> statuses(@Nullable List<ContainerStatus> list) {
        return requireNonNullElse(list, List.of());
    }

    private static Optional<Instant> time(@Nullable String text) {
        return Optional.ofNullable(text).map(Instant::parse);
    }

    private static Duration seconds(@Nullable Long seconds) {
        return Duration.ofSeconds(requireNonNullElse(seconds, 0L));
    }

    private static String text(@Nullable String text) {
        return requireNonNullElse(text, "");
    }
}
