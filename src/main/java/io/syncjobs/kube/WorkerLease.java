package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The Lease with which a worker shows that it is alive. Only its agent writes it, except for one annotation of the operator. */
public final class WorkerLease {

    private final Api api;
    private final InstantSource clock;
    private final Owner owner;
    private final String path;
    private Optional<JsonNode> seen = Optional.empty();

    /** After this agent has held the Lease, another holder can only be a later start of the agent. */
    private boolean held;

    /**
     * The owner of the Lease.
     *
     * @param incarnation a new name for each start of the agent
     */
    public record Owner(
            String namespace, String pod, String podUid, String pool, String incarnation, Duration deadAfter) {}

    /** The state that the Lease reports, its explanation, and how many jobs the worker can have at once. */
    public record Told(String state, String message, int slots) {}

    public WorkerLease(Api api, InstantSource clock, Owner owner) {
        this.api = api;
        this.clock = clock;
        this.owner = owner;
        path = Paths.leases(owner.namespace());
    }

    /**
     * Renews the Lease. One thread at a time calls this.
     *
     * @return false if a later start of the agent holds the Lease
     * @throws ApiException if it could not be written
     */
    public boolean renew(Told told) {
        for (var tries = 0; ; tries++) {
            if (seen.isEmpty()) seen = api.find(path + "/" + owner.pod()).map(Json::tree);
            if (held && seen.isPresent() && !isOwn(seen.get())) return false;
            try {
                if (seen.isEmpty()) seen = Optional.of(Json.tree(api.create(path, Json.bytes(whole(told)))));
                else
                    seen = Optional.of(
                            Json.tree(api.patch(path + "/" + owner.pod(), Json.bytes(patch(seen.get(), told)))));
                held = true;
                return true;
            } catch (ApiException e) {
                // The operator has noted something on the Lease, or the Lease was deleted, or the last answer was lost.
                seen = Optional.empty();
                if (!(e.isConflict() || e.isNotFound()) || tries > 1) throw e;
            }
        }
    }

    private boolean isOwn(JsonNode lease) {
        return owner.incarnation().equals(lease.at("/spec/holderIdentity").asText());
    }

    private ObjectNode whole(Told told) {
        var lease = Json.object().put("apiVersion", Paths.LEASE_VERSION).put("kind", "Lease");
        var meta = lease.putObject("metadata").put("name", owner.pod()).put("namespace", owner.namespace());
        meta.putObject("labels").put(Names.POOL, owner.pool()).put(Names.MANAGED_BY, Names.SYNCJOBS);
        annotations(meta.putObject("annotations"), told);
        meta.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", owner.pod())
                .put("uid", owner.podUid());
        var now = Leases.MICRO_TIME.format(clock.instant());
        spec(lease.putObject("spec")).put("acquireTime", now).put("leaseTransitions", 0);
        return lease;
    }

    private ObjectNode patch(JsonNode before, Told told) {
        var patch = Json.object();
        var meta = patch.putObject("metadata");
        meta.put("resourceVersion", before.at("/metadata/resourceVersion").asText());
        annotations(meta.putObject("annotations"), told);
        var spec = spec(patch.putObject("spec"));
        if (!isOwn(before)) {
            spec.put("acquireTime", Leases.MICRO_TIME.format(clock.instant()));
            spec.put("leaseTransitions", before.at("/spec/leaseTransitions").asInt(0) + 1);
        }
        return patch;
    }

    private ObjectNode spec(ObjectNode spec) {
        return spec.put("holderIdentity", owner.incarnation())
                .put("leaseDurationSeconds", owner.deadAfter().toSeconds())
                .put("renewTime", Leases.MICRO_TIME.format(clock.instant()));
    }

    private void annotations(ObjectNode annotations, Told told) {
        annotations
                .put(Names.SLOTS, Integer.toString(told.slots()))
                .put(Names.WORKER_STATE, told.state())
                .put(Names.WORKER_MESSAGE, told.message());
    }
}
