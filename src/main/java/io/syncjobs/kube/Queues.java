package io.syncjobs.kube;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the status of SyncQueues, locked by the version that was seen: an operator that was frozen overwrites nothing. While
 * there is no operator the minute run does.
 */
public final class Queues {
    private final Api api;

    private final OversizedObjects full = new OversizedObjects();

    public Queues(Api api) {
        this.api = api;
    }

    /** True once for each version of a queue so large that nothing can be written to it. */
    public boolean mustTellFull(SyncQueue queue) {
        return full.mustTell(queue);
    }

    /** Forgets queues that were deleted: all but these. */
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

    /** Writes what differs; returns false where nothing does, or where nothing can be written. */
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
