package io.syncjobs.job;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of one kind a namespace may have under way. The threads are shared by all namespaces, and what one tenant has
 * in its namespace, such as a slow webhook or a silent node, must not take all of them. Who gets no share is told when the
 * namespace has room again, in the order in which they came.
 */
public final class NamespaceShare {
    private static final class Namespace {
        private int underWay;
        private final LinkedHashMap<String, Runnable> waiting = new LinkedHashMap<>();
    }

    private final int most;
    private final Map<String, Namespace> namespaces = new HashMap<>();

    /** {@code most} is the limit for each namespace. */
    public NamespaceShare(int most) {
        this.most = most;
    }

    /**
     * Takes a share; false if the namespace has none left. A share that was taken must be given back.
     *
     * @param key names the request; it waits at most once
     * @param retry is called when the namespace has room, and must then ask again
     */
    synchronized boolean take(String namespace, String key, Runnable retry) {
        var all = namespaces.computeIfAbsent(namespace, name -> new Namespace());
        if (all.underWay >= most) {
            all.waiting.putIfAbsent(key, retry);
            return false;
        }
        all.waiting.remove(key);
        all.underWay++;
        return true;
    }

    /** Gives a share back. */
    void give(String namespace) {
        var next = given(namespace);
        if (next != null) next.run();
    }

    private synchronized @Nullable Runnable given(String namespace) {
        var all = namespaces.get(namespace);
        if (all == null) return null;
        all.underWay--;
        var first = all.waiting.pollFirstEntry();
        forgetIdle(namespace, all);
        return first == null ? null : first.getValue();
    }

    /** Forgets a request that is not wanted any more. */
    synchronized void forget(String namespace, String key) {
        var all = namespaces.get(namespace);
        if (all == null) return;
        all.waiting.remove(key);
        forgetIdle(namespace, all);
    }

    private void forgetIdle(String namespace, Namespace all) {
        if (all.underWay == 0 && all.waiting.isEmpty()) namespaces.remove(namespace);
    }

    synchronized int size() {
        return namespaces.size();
    }
}
