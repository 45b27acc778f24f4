package io.syncjobs.core.pool;

import io.syncjobs.core.PodView;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of the workers of a pool.
 *
 * @param deployment empty where there is none yet
 * @param pods those that are not being deleted
 * @param usage how they stand with their jobs, where that is known
 * @param queues that name the pool
 */
public record PoolView(
        Optional<Rollout> deployment, List<Worker> pods, Optional<PoolUsage.Usage> usage, List<Queue> queues) {

    /**
     * How far the Deployment has come.
     *
     * @param current what is told here is about its newest spec
     * @param updated pods of the newest template
     * @param refused why it cannot create pods, in the words of the API server; empty where it can
     * @param overdue it has not come further for as long as it may take
     */
    public record Rollout(boolean current, int replicas, int updated, int ready, String refused, boolean overdue) {}

    /** A pod of the pool, and whether it takes jobs. */
    public record Worker(PodView pod, boolean ready) {}

    /** A queue whose jobs the pool runs. */
    public record Queue(String name, int capacity) {}
}
