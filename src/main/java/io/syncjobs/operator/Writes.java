package io.syncjobs.operator;

import io.syncjobs.job.Containment;
import io.syncjobs.kube.ApiException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes on threads of their own, one at a time for each object. A write that hangs holds up only its own object. */
final class Writes {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
    private static final int AT_ONCE = 16;

    private final Executor threads =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());

    /** What is being written: keys of queues, and uids of jobs. */
    private final Set<Object> busy = ConcurrentHashMap.newKeySet();

    boolean isBusy(Object what) {
        return busy.contains(what);
    }

    /** How many writes have begun and are not over. */
    int underWay() {
        return busy.size();
    }

    /**
     * Begins a write unless one to the same object is under way. A failure is left to a later round; a conflict only says that
     * somebody has just changed the object.
     */
    void begin(Object what, Runnable write) {
        if (!busy.add(what)) return;
        threads.execute(() -> {
            try {
                write.run();
            } catch (ApiException e) {
                if (!e.isConflict() && !e.isNotFound()) LOG.warn("a write failed and is repeated: {}", e.getMessage());
            } catch (Throwable e) {
                Containment.endIfInDoubt(e);
                LOG.error("a write failed and is repeated", e);
            } finally {
                busy.remove(what);
            }
        });
    }
}
