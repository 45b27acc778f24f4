package io.syncjobs.operator;

import io.syncjobs.job.Containment;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.NamespaceShare;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that nobody waits for, one at a time for each object. One that hangs holds up only its own object; and a namespace in which
 * all hang, for example in a webhook, takes only some of the threads.
 */
final class ParallelWrites {
    private static final Logger LOG = LoggerFactory.getLogger(ParallelWrites.class);
    private static final int AT_ONCE = 64;
    private static final int OF_A_NAMESPACE = AT_ONCE / NamespaceShare.PARTS;

    private final Executor threads =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
    private final NamespaceShare share = new NamespaceShare(OF_A_NAMESPACE);

    /** The keys of what is being written or waits for its turn, with their namespaces. */
    private final Map<Object, String> busy = new ConcurrentHashMap<>();

    /** Begins a write soon, unless one with this key is under way. */
    void begin(Object key, String namespace, Runnable write) {
        if (busy.putIfAbsent(key, namespace) == null) inTurn(key, namespace, write);
    }

    boolean has(Object key) {
        return busy.containsKey(key);
    }

    /** How many there are in each namespace. */
    Map<String, Integer> byNamespace() {
        var counts = new HashMap<String, Integer>();
        busy.values().forEach(namespace -> counts.merge(namespace, 1, Integer::sum));
        return counts;
    }

    private void inTurn(Object key, String namespace, Runnable write) {
        if (share.take(namespace, key.toString(), () -> inTurn(key, namespace, write)))
            threads.execute(() -> run(key, namespace, write));
    }

    private void run(Object key, String namespace, Runnable write) {
        try {
            write.run();
        } catch (ApiException e) {
            // A conflict is left to a later round, because somebody has just changed the object.
            if (!e.isConflict() && !e.isNotFound())
                LOG.warn("a write in namespace {} failed and is repeated: {}", namespace, e.getMessage());
        } catch (Throwable e) {
            Containment.endIfInDoubt(e);
            LOG.error("a write failed and is repeated", e);
        } finally {
            busy.remove(key);
            share.give(namespace);
        }
    }
}
