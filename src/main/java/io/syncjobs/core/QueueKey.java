package io.syncjobs.core;

import io.syncjobs.api.SyncJob;

/** A queue: its namespace and name. */
public record QueueKey(String namespace, String name) implements Comparable<QueueKey> {
    /** The queue that a job waits in. */
    public static QueueKey of(SyncJob job) {
        return new QueueKey(job.getMetadata().getNamespace(), Observation.queueOf(job));
    }

    @Override
    public int compareTo(QueueKey other) {
        var byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
