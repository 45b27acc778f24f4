package io.syncjobs.kube;

import static io.syncjobs.kube.PodViews.text;
import static io.syncjobs.kube.PodViews.time;
import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.syncjobs.api.Names;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Init;
import io.syncjobs.core.run.PodView.Memory;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.run.Signals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the containers of a pod into what the core needs to know about them: the worker, and what it waits for. */
final class ContainerViews {
    /** The resource name of memory. */
    static final String MEMORY = "memory";

    private ContainerViews() {}

    static Container worker(Pod pod, PodStatus status, String name) {
        return statuses(status.getContainerStatuses()).stream()
                .filter(s -> name.equals(s.getName()))
                .findFirst()
                .map(s -> isUnmade(s)
                        ? new Container.Waiting("ContainerCreating", "")
                        : container(pod, pod.getSpec().getContainers(), s))
                .orElseGet(() -> silence(pod, status));
    }

    /** Says which component has reported nothing about a pod without container statuses. */
    private static Container.Waiting silence(Pod pod, PodStatus status) {
        // A node that is no kubelet (virtual-kubelet) says here why it does not take the pod.
        if (!text(status.getReason()).isEmpty() && !text(status.getMessage()).isEmpty())
            return new Container.Waiting(text(status.getReason()), text(status.getMessage()));
        var node = text(pod.getSpec().getNodeName());
        return node.isEmpty()
                ? new Container.Waiting(
                        Container.Waiting.NO_SCHEDULER,
                        "scheduler " + text(pod.getSpec().getSchedulerName()) + " has not given it a node")
                : new Container.Waiting(Container.Waiting.NO_KUBELET, "node " + node + " has not taken it");
    }

    /** True if a container beside the worker has not ended. */
    static boolean othersRun(PodStatus status, String worker) {
        return others(status, worker).anyMatch(state -> state == null || state.getTerminated() == null);
    }

    static Memory memory(Pod pod, PodStatus status, String worker) {
        return new Memory(
                isLimited(pod, pod.getSpec().getContainers(), worker),
                others(status, worker).anyMatch(ContainerViews::isOutOfMemory));
    }

    private static Stream<@Nullable ContainerState> others(PodStatus status, String worker) {
        return statuses(status.getContainerStatuses()).stream()
                .filter(s -> !worker.equals(s.getName()))
                .map(ContainerStatus::getState);
    }

    private static boolean isOutOfMemory(@Nullable ContainerState state) {
        return state != null
                && state.getTerminated() != null
                && "OOMKilled".equals(state.getTerminated().getReason());
    }

    private static boolean isLimited(Pod pod, List<io.fabric8.kubernetes.api.model.Container> containers, String name) {
        var ofPod = Optional.ofNullable(pod.getSpec().getResources());
        var own = named(containers, name).map(io.fabric8.kubernetes.api.model.Container::getResources);
        return Stream.concat(ofPod.stream(), own.stream())
                .anyMatch(resources ->
                        resources.getLimits() != null && resources.getLimits().containsKey(MEMORY));
    }

    /** True if the kubelet kills the worker if a probe or a hook of its container fails. */
    static boolean isWatched(Pod pod, String worker) {
        return named(pod.getSpec().getContainers(), worker)
                .filter(ContainerViews::isWatched)
                .isPresent();
    }

    /** True for a container that its kubelet kills if a probe or a hook of it fails. */
    static boolean isWatched(io.fabric8.kubernetes.api.model.Container container) {
        var hooks = container.getLifecycle();
        return container.getLivenessProbe() != null
                || container.getStartupProbe() != null
                || (hooks != null && hooks.getPostStart() != null);
    }

    private static Optional<io.fabric8.kubernetes.api.model.Container> named(
            List<io.fabric8.kubernetes.api.model.Container> containers, String name) {
        return containers.stream().filter(one -> name.equals(one.getName())).findFirst();
    }

    /** The container for which the worker waits. */
    static Optional<Init> awaited(Pod pod, PodStatus status, String worker) {
        return init(pod, status, worker).or(() -> beside(pod, status, worker));
    }

    /**
     * The first init container that has not succeeded. A sidecar counts only while the worker waits for it: it has not started, or
     * not passed its startup probe.
     */
    private static Optional<Init> init(Pod pod, PodStatus status, String worker) {
        var containers = requireNonNullElse(
                pod.getSpec().getInitContainers(), List.<io.fabric8.kubernetes.api.model.Container>of());
        var sidecars = containers.stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()))
                .map(io.fabric8.kubernetes.api.model.Container::getName)
                .collect(toSet());
        var quiet = isWorkerQuiet(status, worker);
        return statuses(status.getInitContainerStatuses()).stream()
                .filter(s -> !sidecars.contains(s.getName()) || (quiet && holdsUp(s)))
                .map(s -> initOf(pod, containers, s))
                .filter(init -> switch (init.state()) {
                    case Container.Terminated end -> end.exitCode() != 0;
                    case Container.Running running -> true;
                    case Container.Waiting waiting -> !waiting.reason().equals("PodInitializing");
                })
                .findFirst();
    }

    /**
     * A container beside the worker that says why it does not start, while the worker's status says nothing: admission may have put
     * a proxy there for which the worker waits.
     */
    private static Optional<Init> beside(Pod pod, PodStatus status, String worker) {
        if (!isWorkerQuiet(status, worker)) return Optional.empty();
        return statuses(status.getContainerStatuses()).stream()
                .filter(s -> !worker.equals(s.getName()) && s.getState() != null)
                .filter(s -> s.getState().getWaiting() != null && !isQuiet(s.getState()))
                .map(s -> initOf(pod, pod.getSpec().getContainers(), s))
                .findFirst();
    }

    private static Init initOf(
            Pod pod, List<io.fabric8.kubernetes.api.model.Container> containers, ContainerStatus status) {
        var name = status.getName();
        var state = container(pod, containers, status);
        if (state instanceof Container.Terminated end && end.exitCode() != 0 && isTriedAgain(pod, containers, name))
            state = new Container.Waiting("CrashLoopBackOff", end.reason() + ", exit code " + end.exitCode());
        return new Init(name, state, isLimited(pod, containers, name), isAdded(pod, name));
    }

    /** The pod of an older version does not say which containers are its template's. */
    private static boolean isAdded(Pod pod, String container) {
        return PodViews.annotation(pod, Names.CONTAINERS)
                .filter(own -> !List.of(own.split(",")).contains(container))
                .isPresent();
    }

    /** True for an init container that its node starts again after it has failed. Admission may have said so for the whole pod. */
    private static boolean isTriedAgain(
            Pod pod, List<io.fabric8.kubernetes.api.model.Container> containers, String name) {
        var policy = named(containers, name)
                .map(io.fabric8.kubernetes.api.model.Container::getRestartPolicy)
                .orElseGet(() -> text(pod.getSpec().getRestartPolicy()));
        return Set.of("OnFailure", "Always").contains(policy) && !hasEnded(pod);
    }

    private static boolean hasEnded(Pod pod) {
        return Set.of("Failed", "Succeeded").contains(text(pod.getStatus().getPhase()));
    }

    /** True for a sidecar for which the containers behind it wait. One that has ended without a failure is restarted soon. */
    private static boolean holdsUp(ContainerStatus sidecar) {
        var state = sidecar.getState();
        if (state == null) return false;
        if (state.getTerminated() != null)
            return !Integer.valueOf(0).equals(state.getTerminated().getExitCode());
        return state.getRunning() == null || Boolean.FALSE.equals(sidecar.getStarted());
    }

    /** True if the worker waits, and its status does not say for what. */
    private static boolean isWorkerQuiet(PodStatus status, String worker) {
        return statuses(status.getContainerStatuses()).stream()
                .filter(s -> worker.equals(s.getName()))
                .map(ContainerStatus::getState)
                .allMatch(state -> state != null && state.getWaiting() != null && isQuiet(state));
    }

    private static boolean isQuiet(ContainerState state) {
        return Set.of("ContainerCreating", "PodInitializing", "")
                .contains(text(state.getWaiting().getReason()));
    }

    /**
     * True for a message that may be the end of the log: with {@code FallbackToLogsOnError}, the kubelet uses that if the worker has
     * written no termination message.
     */
    private static boolean mayBeLog(
            List<io.fabric8.kubernetes.api.model.Container> containers, String name, ContainerStateTerminated end) {
        var fallsBack = named(containers, name)
                .filter(one -> "FallbackToLogsOnError".equals(one.getTerminationMessagePolicy()))
                .isPresent();
        if (!fallsBack || Integer.valueOf(0).equals(end.getExitCode())) return false;
        var reason = text(end.getReason());
        var isOfKubelet = Signals.isOfKubelet(reason) || reason.equals("ContainerStatusUnknown");
        return !isOfKubelet && !Report.isNothingElse(text(end.getMessage()));
    }

    private static Container container(
            Pod pod, List<io.fabric8.kubernetes.api.model.Container> containers, ContainerStatus status) {
        var name = status.getName();
        var state = stateOf(pod, status);
        if (state != null && state.getTerminated() != null) {
            var end = state.getTerminated();
            var message = text(end.getMessage());
            var mayBeLog = mayBeLog(containers, name, end);
            return new Container.Terminated(
                    name,
                    requireNonNullElse(end.getExitCode(), -1),
                    text(end.getReason()),
                    mayBeLog ? "" : message,
                    mayBeLog ? message : "",
                    time(end.getStartedAt()),
                    time(end.getFinishedAt()));
        }
        if (state != null && state.getRunning() != null) {
            return new Container.Running(time(state.getRunning().getStartedAt()).orElse(Instant.EPOCH));
        }
        var waiting = state == null ? null : state.getWaiting();
        if (waiting == null) return new Container.Waiting("Pending", "");
        // 1. A container cannot be started. 2. The kubelet waits before it tries again. What it said in step 1 is why.
        var last = lastEnd(status);
        return last != null
                        && "CrashLoopBackOff".equals(waiting.getReason())
                        && Signals.isOfKubelet(text(last.getReason()))
                ? new Container.Waiting("RunContainerError", text(last.getMessage()))
                : new Container.Waiting(text(waiting.getReason()), text(waiting.getMessage()));
    }

    /**
     * True for a container that its node never made. 1. A pod is ended before its container is made. 2. The kubelet lets go of
     * the pod, and writes the end ContainerStatusUnknown for all containers of which it knows no other end.
     */
    private static boolean isUnmade(ContainerStatus status) {
        var end = status.getState() == null ? null : status.getState().getTerminated();
        return end != null
                && "ContainerStatusUnknown".equals(end.getReason())
                && text(end.getStartedAt()).isEmpty()
                && text(status.getContainerID()).isEmpty()
                && text(status.getImageID()).isEmpty()
                && lastEnd(status) == null;
    }

    /**
     * The state of a container. 1. A container that ran is gone when the kubelet looks for it. 2. The kubelet writes that it waits,
     * and that it ended before. 3. If the pod has ended, that was its end.
     */
    private static @Nullable ContainerState stateOf(Pod pod, ContainerStatus status) {
        var waits = status.getState() != null && status.getState().getWaiting() != null;
        return hasEnded(pod) && waits && lastEnd(status) != null ? status.getLastState() : status.getState();
    }

    private static @Nullable ContainerStateTerminated lastEnd(ContainerStatus status) {
        return status.getLastState() == null ? null : status.getLastState().getTerminated();
    }

    static List<ContainerStatus> statuses(@Nullable List<ContainerStatus> list) {
        return requireNonNullElse(list, List.of());
    }
}
