package io.syncjobs.core.queue;

import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueIndex;
import java.util.Optional;

/** Whether a queue's capacity fits the slots of its pool, as both specs say: the condition PoolFits. */
record PoolFit(boolean fits, String reason, String message) {
    /** Empty if the queue names no pool. */
    static Optional<PoolFit> of(QueueIndex queue) {
        return queue.pool().map(pool -> of(queue, pool));
    }

    private static PoolFit of(QueueIndex queue, PoolIndex pool) {
        var name = pool.key().name();
        var spec = pool.spec();
        if (spec.isEmpty())
            return new PoolFit(
                    false,
                    "PoolMissing",
                    "there is no SyncWorkerPool " + name
                            + " in this namespace: create it, or name another one in spec.workerPool");
        var slots = slots(spec.get());
        var capacity = queue.capacity();
        var wanted = pool.queues().stream().mapToInt(QueueIndex::capacity).sum();
        if (slots < capacity)
            return new PoolFit(
                    false,
                    "PoolTooSmall",
                    "spec.capacity lets " + capacity + " jobs run at once, and pool " + name + " has " + slots
                            + " slots (" + spec.get().replicas() + " replicas with "
                            + spec.get().slots()
                            + "): raise spec.replicas or spec.slots of the pool, or lower the capacity");
        if (slots > wanted)
            return new PoolFit(
                    false,
                    "QueuesTooSmall",
                    "pool " + name + " has " + slots + " slots, and the queues that name it let " + wanted
                            + " jobs run at once: raise spec.capacity of a queue, or lower spec.replicas of the pool");
        return new PoolFit(
                true, "Fits", "pool " + name + " has " + slots + " slots for the " + capacity + " of this queue");
    }

    private static int slots(PoolSpec pool) {
        return pool.replicas() * pool.slots();
    }
}
