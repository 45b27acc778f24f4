package io.syncjobs.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import java.util.Objects;

/** Writes the status of SyncQueues; only the operator does, so that the last write is the truth. */
public final class Queues {
    private final Api api;
    private final ObjectMapper json = Json.mapper();

    public Queues(KubernetesClient client) {
        api = new Api(client);
    }

    /** Writes what differs; returns false where nothing does. */
    public boolean writeStatus(SyncQueue seen, SyncQueueStatus next) {
        var before = Objects.requireNonNullElse(seen.getStatus(), SyncQueueStatus.NEW);
        var changes = Json.diff(json.valueToTree(before), json.valueToTree(next));
        if (changes.isEmpty()) return false;
        var patch = Json.object();
        patch.putObject("metadata").put("uid", seen.getMetadata().getUid());
        patch.set("status", changes);
        api.patch(
                "/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/"
                        + seen.getMetadata().getNamespace() + "/syncqueues/"
                        + seen.getMetadata().getName() + "/status",
                patch);
        return true;
    }
}
