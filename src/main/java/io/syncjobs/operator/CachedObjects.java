package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.index.QueueKey;
import java.util.List;
import java.util.Optional;

/** The objects in this process's caches, by name. */
interface CachedObjects {
    /** The newest version of a job that this process knows. */
    Optional<SyncJob> job(String namespace, String name);

    /** The latest version of a job that the watch has shown. */
    Optional<SyncJob> watched(SyncJob job);

    Optional<SyncQueue> queue(QueueKey key);

    List<SyncQueue> queues();
}
