package io.syncjobs.core.index;

/** The namespace and name of a SyncWorkerPool. */
public record PoolKey(String namespace, String name) implements Comparable<PoolKey> {
    @Override
    public int compareTo(PoolKey other) {
        var byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
