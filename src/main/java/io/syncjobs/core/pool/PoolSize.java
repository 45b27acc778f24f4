package io.syncjobs.core.pool;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.SyncWorkerPoolSpec;

/** How many workers a pool should have, and how many jobs each of them runs at once. */
public record PoolSize(int replicas, int slots) {
    /** What the spec says, and the built-in values where it says nothing. */
    public static PoolSize of(SyncWorkerPoolSpec spec) {
        return new PoolSize(
                requireNonNullElse(spec.replicas(), SyncWorkerPoolSpec.DEFAULT_REPLICAS),
                requireNonNullElse(spec.slots(), SyncWorkerPoolSpec.DEFAULT_SLOTS));
    }

    /** How many jobs all workers together run at once. */
    int jobs() {
        return replicas * slots;
    }
}
