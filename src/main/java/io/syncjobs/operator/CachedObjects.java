package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.QueueKey;
import java.util.List;
import java.util.Optional;

/** What the watches of a process hold, by name. */
interface CachedObjects {
    /** A job as new as this process knows it. */
    Optional<SyncJob> job(String namespace, String name);

    /** A job as the watch has told it last. */
    Optional<SyncJob> watched(SyncJob job);

    Optional<SyncQueue> queue(QueueKey key);

    List<SyncQueue> queues();
}
