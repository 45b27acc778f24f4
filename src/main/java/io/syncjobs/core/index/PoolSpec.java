package io.syncjobs.core.index;

import java.time.Duration;

/**
 * What decisions need of a SyncWorkerPool.
 *
 * @param replicas the number of workers that it should have
 * @param slots the number of jobs that each worker runs at once
 * @param deadAfter the silence after which a worker counts as dead
 */
public record PoolSpec(int replicas, int slots, Duration deadAfter) {}
