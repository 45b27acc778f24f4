package io.syncjobs.core.index;

import java.time.Duration;

/**
 * What decisions need of a SyncWorkerPool.
 *
 * @param replicas how many workers it should have
 * @param slots how many jobs each should run at once
 * @param deadAfter how long a worker may be silent
 */
public record PoolSpec(int replicas, int slots, Duration deadAfter) {}
