package io.syncjobs.kube;

import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the status of SyncQueues, locked by the version that was seen, so that an operator that was frozen overwrites nothing.
 * While no operator is running, the minute run writes it.
 */
public final class Queues {
    private final Api api;

    private final OversizedObjects full = new OversizedObjects();

    public Queues(Api api) {
        this.api = api;
    }

    /** Returns true once for each version of a queue that is too large for any write. */
    public boolean mustTellFull(SyncQueue queue) {
        return full.mustTell(queue);
    }

    /** Forgets all queues except the existing ones. */
    public void keep(Collection<SyncQueue> existing) {
        var gone = new HashSet<>(full.uids());
        existing.forEach(queue -> gone.remove(queue.getMetadata().getUid()));
        full.forget(gone);
    }

    /** The queue as it is now. */
    public Optional<SyncQueue> read(String namespace, String name) {
        return api.find(path(namespace, name)).map(answer -> Json.read(answer, SyncQueue.class));
    }

    /** Writes the difference; returns false if there is none, or if nothing can be written to the queue. */
    public boolean writeStatus(SyncQueue seen, SyncQueueStatus next) {
        if (full.contains(seen)) return false;
        var before = Objects.requireNonNullElse(seen.getStatus(), SyncQueueStatus.NEW);
        var patch = Json.statusPatch(seen, before, next);
        if (patch.isEmpty()) return false;
        var meta = seen.getMetadata();
        try {
            api.patchForMetadata(path(meta.getNamespace(), meta.getName()) + "/status", Json.bytes(patch.get()));
        } catch (ApiException e) {
            if (e.isTooLarge()) full.note(seen);
            throw e;
        }
        return true;
    }

    private static String path(String namespace, String name) {
        return Paths.queues(namespace) + "/" + name;
    }
}
