package io.syncjobs.core.pool;

import java.util.Optional;

/** How the workers of pools stand, as the process that gives them jobs sees it. */
@FunctionalInterface
public interface PoolUsage {
    /** Empty if nothing is known about the pool's workers. */
    Optional<Usage> of(String namespace, String pool);

    /**
     * The workers of one pool.
     *
     * @param ready workers that take jobs
     * @param slots the number of jobs that workers which have not reached their timeout can run at once
     * @param busy the number of jobs that they have
     * @param dead workers whose silence has reached their timeout and whose pod still exists
     */
    record Usage(int ready, int slots, int busy, int dead) {}
}
