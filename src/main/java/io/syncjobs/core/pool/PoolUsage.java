package io.syncjobs.core.pool;

import java.util.Optional;

/** How the workers of pools stand, as the process that gives them jobs sees it. */
@FunctionalInterface
public interface PoolUsage {
    /** No worker has been seen. Then only the pool's pods are known. */
    PoolUsage UNKNOWN = (namespace, pool) -> Optional.empty();

    /** Empty if nothing is known about the pool's workers. */
    Optional<Usage> of(String namespace, String pool);

    /**
     * The workers of one pool.
     *
     * @param live workers that have not reached their timeout
     * @param ready those of them that take jobs
     * @param slots the number of jobs that the live workers can run at once
     * @param busy the number of jobs that they have
     * @param dead workers whose silence has reached their timeout and whose pod still exists
     */
    record Usage(int live, int ready, int slots, int busy, int dead) {}
}
