package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.syncjobs.core.pool.PoolView;
import java.util.List;
import java.util.Optional;

/** From the objects of a pool to what the core needs to know of them. */
public final class PoolViews {
    private PoolViews() {}

    /** How far a Deployment has come. */
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
        return Optional.of(new PoolView.Worker(PodViews.of(pod), isReady(pod)));
    }

    private static boolean isReady(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> requireNonNullElse(status.getConditions(), List.<PodCondition>of()))
                .orElse(List.of())
                .stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    /** Keeps of a Deployment what is read here, and who owns it. */
    public static Deployment prune(Deployment deployment) {
        Pruned.deployment(deployment);
        return deployment;
    }
}
