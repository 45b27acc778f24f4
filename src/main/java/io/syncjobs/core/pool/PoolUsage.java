package io.syncjobs.core.pool;

import java.util.Optional;

/** How the workers of pools stand, as whoever gives jobs to them sees it. */
@FunctionalInterface
public interface PoolUsage {
    /** Nobody has seen any worker: then a pool's pods are all that is known of it. */
    PoolUsage UNKNOWN = (namespace, pool) -> Optional.empty();

    /** Empty where nothing is known of the pool's workers. */
    Optional<Usage> of(String namespace, String pool);

    /**
     * The workers of one pool.
     *
     * @param live those that have not been silent for too long
     * @param ready those of them that take jobs
     * @param slots how many jobs those that live run at once
     * @param busy jobs that they have
     * @param dead those that have been silent for too long and whose pod is still there
     */
    record Usage(int live, int ready, int slots, int busy, int dead) {}
}
