package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.WorkerEntry;
import io.syncjobs.core.index.WorkerEntry.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The last gate for a job that a warm worker runs: a worker with a free slot. */
public final class PoolGate {
    private PoolGate() {}

    /** True while no worker of the queue's pool takes a job. */
    static boolean stops(QueueIndex queue) {
        return queue.pool().filter(pool -> pool.next().isEmpty()).isPresent();
    }

    /** Why no worker of a queue's pool takes a job; empty if one does, or if the queue has no pool. */
    public static Optional<Wait> wait(QueueIndex queue) {
        return queue.pool()
                .filter(pool -> stops(queue))
                .map(pool -> wait(pool, queue.key().name()));
    }

    /** The reason without its text. */
    public static Optional<Reason> reason(PoolIndex pool) {
        if (pool.next().isPresent()) return Optional.empty();
        if (pool.count(Standing.READY) > 0) return Optional.of(Reason.WORKERS_BUSY);
        return Optional.of(pool.count(Standing.HANDLER_NOT_READY) > 0 ? Reason.HANDLER_NOT_READY : Reason.NO_WORKERS);
    }

    private static Wait wait(PoolIndex pool, String queue) {
        var reason = reason(pool).orElseThrow();
        return switch (reason) {
            case WORKERS_BUSY -> busy(pool);
            case HANDLER_NOT_READY -> handlerNotReady(pool);
            default -> noWorkers(pool, queue);
        };
    }

    private static Wait busy(PoolIndex pool) {
        var name = pool.key().name();
        return new Wait(
                Reason.WORKERS_BUSY,
                "pool " + name + " has no free slot: " + counted(pool.count(Standing.READY), "worker") + " with "
                        + counted(pool.slots(), "slot") + " for " + counted(pool.busy(), "job")
                        + others(pool, Standing.READY)
                        + trouble(pool),
                new Remedy.ScalePool(pool.key().namespace(), name, replicas(pool) + 1));
    }

    private static Wait handlerNotReady(PoolIndex pool) {
        var name = pool.key().name();
        var first = pool.workers(Standing.HANDLER_NOT_READY).first();
        var said = first.lease().map(LeaseEntry::message).orElse("");
        return new Wait(
                Reason.HANDLER_NOT_READY,
                "the handlers of pool " + name + " do not answer: " + first.name()
                        + (said.isEmpty() ? "" : ", " + said)
                        + (pool.count(Standing.HANDLER_NOT_READY) == 1
                                ? ""
                                : ", and " + (pool.count(Standing.HANDLER_NOT_READY) - 1) + " more")
                        + others(pool, Standing.HANDLER_NOT_READY)
                        + trouble(pool),
                new Remedy.SeeHandler(pool.key().namespace(), first.name(), container(first)));
    }

    private static Wait noWorkers(PoolIndex pool, String queue) {
        var name = pool.key().name();
        if (pool.spec().isEmpty()) {
            return new Wait(
                    Reason.NO_WORKERS,
                    "there is no SyncWorkerPool " + name + " in this namespace, which queue " + queue
                            + " names in spec.workerPool",
                    new Remedy.CreatePool(name));
        }
        if (replicas(pool) == 0) {
            return new Wait(
                    Reason.NO_WORKERS,
                    "pool " + name + " has spec.replicas 0",
                    new Remedy.ScalePool(pool.key().namespace(), name, 1));
        }
        var others = standings(pool, List.of());
        return new Wait(
                Reason.NO_WORKERS,
                "no worker of pool " + name + " takes jobs: "
                        + (others.isEmpty()
                                ? "it should have " + replicas(pool) + ", and none of their pods is there"
                                : others)
                        + trouble(pool),
                new Remedy.SeePool(pool.key().namespace(), name));
    }

    /** What the pool's status says about it, for example that an image cannot be pulled. */
    private static String trouble(PoolIndex pool) {
        var words = pool.spec().map(PoolSpec::trouble).orElse("");
        return words.isEmpty()
                ? ""
                : "; the pool says " + (words.endsWith(".") ? words.substring(0, words.length() - 1) : words);
    }

    private static int replicas(PoolIndex pool) {
        return pool.spec().map(PoolSpec::replicas).orElse(0);
    }

    private static String others(PoolIndex pool, Standing but) {
        var text = standings(pool, List.of(but));
        return text.isEmpty() ? "" : "; of the others " + text;
    }

    /** The number of workers in each standing, in words. */
    private static String standings(PoolIndex pool, List<Standing> but) {
        var parts = new ArrayList<String>();
        for (var standing : Standing.values()) {
            var count = pool.count(standing);
            if (count > 0 && !but.contains(standing)) parts.add(count + " " + words(standing, count == 1));
        }
        return String.join(", ", parts);
    }

    private static String words(Standing standing, boolean one) {
        return switch (standing) {
            case READY -> one ? "takes jobs" : "take jobs";
            case HANDLER_NOT_READY -> one ? "has a handler that does not answer" : "have handlers that do not answer";
            case DRAINING -> one ? "is ending" : "are ending";
            case SILENT -> one ? "is silent" : "are silent";
            case UNSEEN -> one ? "was not seen renewing its Lease yet" : "were not seen renewing their Leases yet";
            case STARTING -> one ? "is starting" : "are starting";
            case ENDED -> one ? "has ended" : "have ended";
        };
    }

    private static String container(WorkerEntry worker) {
        return worker.pod().map(pod -> pod.container()).orElse("");
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
