package io.syncjobs.core.index;

/** The name of a SyncWorkerPool and its namespace. */
public record PoolKey(String namespace, String name) implements Comparable<PoolKey> {
    @Override
    public int compareTo(PoolKey other) {
        var byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
