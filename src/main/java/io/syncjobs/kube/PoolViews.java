package io.syncjobs.kube;

import static io.syncjobs.kube.ContainerViews.statuses;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.syncjobs.api.Names;
import io.syncjobs.core.pool.AgentContainer;
import io.syncjobs.core.pool.PoolObjects;
import io.syncjobs.core.pool.PoolView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns the objects of a pool into what the core needs to know about them. */
public final class PoolViews {
    private PoolViews() {}

    /** The progress of a Deployment. */
    public static PoolView.Rollout of(Deployment deployment) {
        var status = requireNonNullElse(deployment.getStatus(), new DeploymentStatus());
        var observed = requireNonNullElse(status.getObservedGeneration(), 0L);
        return new PoolView.Rollout(
                observed >= deployment.getMetadata().getGeneration(),
                requireNonNullElse(status.getReplicas(), 0),
                requireNonNullElse(status.getUpdatedReplicas(), 0),
                requireNonNullElse(status.getReadyReplicas(), 0),
                condition(status, "ReplicaFailure", "True")
                        .map(DeploymentCondition::getMessage)
                        .orElse(""),
                condition(status, "Progressing", "False")
                        .filter(c -> "ProgressDeadlineExceeded".equals(c.getReason()))
                        .isPresent());
    }

    private static Optional<DeploymentCondition> condition(DeploymentStatus status, String type, String value) {
        return requireNonNullElse(status.getConditions(), List.<DeploymentCondition>of()).stream()
                .filter(c -> type.equals(c.getType()) && value.equals(c.getStatus()))
                .findFirst();
    }

    /** A worker of a pool; empty for a pod that is being deleted. */
    public static Optional<PoolView.Worker> of(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null) return Optional.empty();
        return Optional.of(new PoolView.Worker(PodViews.of(pod), isReady(pod), agent(pod), unready(pod)));
    }

    /** A pod of a pool as the pool's objects need it. A pod that has the pool's label by mistake has no agent, and its account gets no right. */
    public static PoolObjects.Worker worker(Pod pod) {
        return new PoolObjects.Worker(
                pod.getMetadata().getName(),
                hasAgent(pod) ? requireNonNullElse(pod.getSpec().getServiceAccountName(), "") : "");
    }

    /** True for a pod of a pool, also for one that somebody has taken the pool's label off, as long as it goes on. */
    public static boolean isWorker(Pod pod) {
        return !PodViews.label(pod, Names.POOL).isEmpty()
                || (hasAgent(pod) && !PodViews.of(pod).isOver());
    }

    private static boolean hasAgent(Pod pod) {
        return requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream()
                .anyMatch(container -> AgentContainer.NAME.equals(container.getName()));
    }

    private static String agent(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).map(PodStatus::getInitContainerStatuses).orElse(List.of()).stream()
                .filter(status -> AgentContainer.NAME.equals(status.getName()) && status.getState() != null)
                .map(status -> ended(status.getState()))
                .findFirst()
                .orElse("");
    }

    /** An init container that has succeeded is ready. */
    private static String unready(Pod pod) {
        var status = requireNonNullElse(pod.getStatus(), new PodStatus());
        var all = Stream.of(status.getContainerStatuses(), status.getInitContainerStatuses())
                .flatMap(some -> statuses(some).stream())
                .toList();
        var isAgentReady = all.stream().anyMatch(one -> isReady(one) && AgentContainer.NAME.equals(one.getName()));
        return all.stream()
                .filter(one -> isAgentReady && !isReady(one))
                .map(ContainerStatus::getName)
                .findFirst()
                .orElse("");
    }

    private static boolean isReady(ContainerStatus container) {
        return Boolean.TRUE.equals(container.getReady());
    }

    private static String ended(ContainerState state) {
        var end = state.getTerminated();
        if (end != null) return end.getReason() + ", exit code " + end.getExitCode();
        var waiting = state.getWaiting();
        return waiting != null && "CrashLoopBackOff".equals(waiting.getReason())
                ? requireNonNullElse(waiting.getMessage(), waiting.getReason())
                : "";
    }

    private static boolean isReady(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> requireNonNullElse(status.getConditions(), List.<PodCondition>of()))
                .orElse(List.of())
                .stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }
}
