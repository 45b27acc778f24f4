package io.syncjobs.core.pool;

import io.syncjobs.core.run.PodView;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of a pool's workers.
 *
 * @param deployment empty if there is none yet
 * @param pods the pods that are not being deleted
 * @param usage how the workers stand, if that is known
 * @param queues the queues that name the pool
 */
public record PoolView(
        Optional<Rollout> deployment, List<Worker> pods, Optional<PoolUsage.Usage> usage, List<Queue> queues) {

    /**
     * The progress of the Deployment.
     *
     * @param current true if this status is about the newest spec
     * @param updated the number of pods of the newest template
     * @param refused why the Deployment cannot create pods, in the API server's words; empty if it can
     * @param overdue true if the Deployment has exceeded its progress deadline
     */
    public record Rollout(boolean current, int replicas, int updated, int ready, String refused, boolean overdue) {}

    /**
     * A pod of the pool.
     *
     * @param agent how its agent ended, if it is about to be started again; empty if it runs
     * @param unready the container for which the pod is not ready although its agent is; empty if there is none
     */
    public record Worker(PodView pod, boolean ready, String agent, String unready) {}

    /** A queue whose jobs the pool runs. */
    public record Queue(String name, int capacity) {}
}
