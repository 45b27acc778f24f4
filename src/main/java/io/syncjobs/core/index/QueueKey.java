package io.syncjobs.core.index;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import java.util.Optional;

/** The namespace and name of a queue. */
public record QueueKey(String namespace, String name) implements Comparable<QueueKey> {
    /** The key of the queue that a job waits in. */
    public static QueueKey of(SyncJob job) {
        return new QueueKey(job.getMetadata().getNamespace(), JobFields.queueOf(job));
    }

    /** The key of a queue. */
    public static QueueKey of(SyncQueue queue) {
        return new QueueKey(
                queue.getMetadata().getNamespace(), queue.getMetadata().getName());
    }

    /** The spec that this queue has although nobody created it; only the queue named default has one. */
    public Optional<SyncQueueSpec> builtIn() {
        return name.equals(Names.DEFAULT_QUEUE) ? Optional.of(SyncQueueSpec.BUILT_IN) : Optional.empty();
    }

    @Override
    public int compareTo(QueueKey other) {
        var byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
