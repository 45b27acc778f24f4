package io.syncjobs.kube;

import io.syncjobs.api.Names;
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
        try {
            return Optional.of(Json.read(
                    api.get("/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/" + namespace + "/syncqueues/"
                            + name),
                    SyncQueue.class));
        } catch (ApiException e) {
            if (e.isNotFound()) return Optional.empty();
            throw e;
        }
    }

    /** Writes the difference; returns false if there is none, or if nothing can be written to the queue. */
    public boolean writeStatus(SyncQueue seen, SyncQueueStatus next) {
        if (full.contains(seen)) return false;
        var before = Objects.requireNonNullElse(seen.getStatus(), SyncQueueStatus.NEW);
        var changes = Json.diff(Json.treeOf(before), Json.treeOf(next));
        if (changes.isEmpty()) return false;
        var patch = Json.object();
        patch.putObject("metadata")
                .put("uid", seen.getMetadata().getUid())
                .put("resourceVersion", seen.getMetadata().getResourceVersion());
        patch.set("status", changes);
        try {
            api.patchForMetadata(
                    "/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/"
                            + seen.getMetadata().getNamespace() + "/syncqueues/"
                            + seen.getMetadata().getName() + "/status",
                    Json.bytes(patch));
        } catch (ApiException e) {
            if (e.isTooLarge()) full.note(seen);
            throw e;
        }
        return true;
    }
}
