package io.syncjobs.kube;

import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.index.QueueKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was read of queues and may be newer than what their watch has shown. Without it this would happen:
 * 1. The watch misses a new queue.
 * 2. A sweep reads it for the index, which gives places to its jobs.
 * 3. Who makes their pods has no template for them.
 */
public final class ReadQueues {
    /** Empty for a queue that is gone. */
    private final Map<QueueKey, Optional<SyncQueue>> read = new ConcurrentHashMap<>();

    /** A queue as it was just read. */
    public void learn(SyncQueue queue) {
        read.merge(QueueKey.of(queue), Optional.of(queue), ReadQueues::newer);
    }

    /** A queue that was looked for and is gone. */
    public void learnGone(QueueKey key) {
        read.put(key, Optional.empty());
    }

    /** The watch has shown that a queue is there. If it was gone in between, it was created again. */
    public void seen(SyncQueue queue) {
        read.computeIfPresent(
                QueueKey.of(queue), (key, own) -> own.isEmpty() || isCaughtUp(own, Optional.of(queue)) ? null : own);
    }

    /** The watch has shown that a queue is gone. */
    public void seenGone(SyncQueue queue) {
        read.remove(QueueKey.of(queue));
    }

    /** The newest known version of a queue; {@code cached} is what the watch has shown. */
    public Optional<SyncQueue> newest(QueueKey key, Optional<SyncQueue> cached) {
        var own = read.get(key);
        if (own == null) return cached;
        if (!isCaughtUp(own, cached)) return own;
        read.remove(key, own);
        return cached;
    }

    /** The newest known versions of all queues; {@code cached} are those that the watch has shown. */
    public List<SyncQueue> newest(List<SyncQueue> cached) {
        var left = new HashMap<>(read);
        if (left.isEmpty()) return cached;
        var queues = new ArrayList<SyncQueue>();
        for (var queue : cached) {
            var key = QueueKey.of(queue);
            left.remove(key);
            newest(key, Optional.of(queue)).ifPresent(queues::add);
        }
        left.forEach((key, own) -> own.ifPresentOrElse(
                queues::add,
                // The watch does not have it either, so there is nothing to correct.
                () -> read.remove(key, own)));
        return queues;
    }

    private static boolean isCaughtUp(Optional<SyncQueue> own, Optional<SyncQueue> cached) {
        return own.isPresent() && cached.isPresent() && version(cached.get()) >= version(own.get());
    }

    private static Optional<SyncQueue> newer(Optional<SyncQueue> known, Optional<SyncQueue> other) {
        if (known.isEmpty() || other.isEmpty()) return other;
        return version(known.get()) > version(other.get()) ? known : other;
    }

    private static long version(SyncQueue queue) {
        return Long.parseLong(queue.getMetadata().getResourceVersion());
    }
}
