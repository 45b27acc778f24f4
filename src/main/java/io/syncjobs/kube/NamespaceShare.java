package io.syncjobs.kube;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many requests of one kind a namespace may have under way. The threads are shared by all namespaces, and what one tenant has
 * in its namespace, such as a slow webhook or a silent node, must not take all of them. Who gets no share is told when the
 * namespace has room again, in the order in which they came.
 */
public final class NamespaceShare {
    /**
     * A namespace may have one of so many parts of what all share: threads, writes without an answer, what is remembered. So slow
     * webhooks hold up no other namespace, as long as fewer namespaces than this have them.
     */
    public static final int PARTS = 4;

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
    public synchronized boolean take(String namespace, String key, Runnable retry) {
        var all = namespaces.computeIfAbsent(namespace, name -> new Namespace());
        if (all.underWay >= most) {
            all.waiting.putIfAbsent(key, retry);
            return false;
        }
        all.waiting.remove(key);
        all.underWay++;
        return true;
    }

    /** Takes a share for whoever asks again by itself; false if the namespace has none left. */
    public synchronized boolean tryTake(String namespace) {
        var all = namespaces.computeIfAbsent(namespace, name -> new Namespace());
        if (all.underWay >= most) return false;
        all.underWay++;
        return true;
    }

    /** Gives a share back. */
    public void give(String namespace) {
        given(namespace).forEach(Runnable::run);
    }

    /** Who comes next. There may be more room than for one: not all who are told still want it. */
    private synchronized List<Runnable> given(String namespace) {
        var all = namespaces.get(namespace);
        if (all == null) return List.of();
        all.underWay--;
        var next = new ArrayList<Runnable>();
        while (all.underWay + next.size() < most && !all.waiting.isEmpty())
            next.add(all.waiting.pollFirstEntry().getValue());
        forgetIdle(namespace, all);
        return next;
    }

    /** Forgets a request that is not wanted any more. */
    public synchronized void forget(String namespace, String key) {
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
