package io.syncjobs.core.index;

import java.time.Duration;

/**
 * What decisions and reasons need of a SyncWorkerPool.
 *
 * @param replicas the number of workers that it should have
 * @param slots the number of jobs that each worker runs at once
 * @param deadAfter the silence after which a worker counts as dead
 * @param trouble why the pool is not as its spec says, in the words of its status; empty if it is
 */
public record PoolSpec(int replicas, int slots, Duration deadAfter, String trouble) {}
