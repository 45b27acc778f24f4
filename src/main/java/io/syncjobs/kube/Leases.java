package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.core.queue.LeaseView;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads and writes Leases of one kind in one namespace. Every write is locked by the version that was seen. */
public final class Leases {
    /** The form of times in a Lease. */
    static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Api api;
    private final String apiVersion;
    private final String kind;
    private final String path;
    private final InstantSource clock;

    private Leases(Api api, InstantSource clock, String apiVersion, String kind, String namespace, String plural) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.api = api;
        this.clock = clock;
        path = "/apis/" + apiVersion + "/namespaces/" + namespace + "/" + plural;
    }

    /** The Leases by which operators elect a leader: coordination.k8s.io Leases. */
    public static Leases ofOperators(Api api, InstantSource clock, String namespace) {
        return new Leases(api, clock, Paths.LEASE_VERSION, "Lease", namespace, "leases");
    }

    /** The Leases that say who may enqueue: {@link io.syncjobs.api.SyncLease}s. */
    public static Leases ofEnqueuers(Api api, InstantSource clock, String namespace) {
        return new Leases(api, clock, Names.API_VERSION, "SyncLease", namespace, "syncleases");
    }

    /** The Lease as it is now. */
    public Optional<LeaseView> read(String name) {
        return api.find(path + "/" + name).map(answer -> view(Json.tree(answer)));
    }

    /** Takes a Lease that nobody holds, or renews our own. A conflict means that another process was faster. */
    public LeaseView hold(String name, Optional<LeaseView> seen, String holder, Duration duration) {
        var now = clock.instant();
        var spec = Json.object()
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", duration.toSeconds())
                .put("renewTime", MICRO_TIME.format(now));
        if (seen.isEmpty() || !seen.get().holder().equals(holder)) spec.put("acquireTime", MICRO_TIME.format(now));
        if (seen.isEmpty()) {
            return view(create(name, spec));
        }
        return patch(name, seen.get(), spec);
    }

    /**
     * Creates the Lease, held by nobody, if it does not exist. Without it the policy that refers to it would refuse everything.
     */
    public void ensure(String name) {
        if (read(name).isEmpty()) create(name, Json.object());
    }

    private JsonNode create(String name, JsonNode spec) {
        var lease = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        lease.putObject("metadata").put("name", name);
        lease.set("spec", spec);
        return Json.tree(api.create(path, Json.bytes(lease)));
    }

    /** Gives back our own Lease, so that the next holder need not wait. */
    public void release(String name, LeaseView seen) {
        patch(name, seen, Json.object().put("holderIdentity", ""));
    }

    /** Asks the holder of the enqueuer's Lease for a full sweep. */
    public void requestSweep(String name, LeaseView seen, String request) {
        var patch = version(seen);
        patch.withObject("/metadata/annotations").put(Names.SWEEP_REQUESTED, request);
        api.patchForMetadata(path + "/" + name, Json.bytes(patch));
    }

    private LeaseView patch(String name, LeaseView seen, JsonNode spec) {
        var patch = version(seen);
        patch.set("spec", spec);
        return view(Json.tree(api.patch(path + "/" + name, Json.bytes(patch))));
    }

    private static ObjectNode version(LeaseView seen) {
        var patch = Json.object();
        patch.putObject("metadata").put("resourceVersion", seen.version());
        return patch;
    }

    private static LeaseView view(JsonNode lease) {
        return new LeaseView(
                lease.path("spec").path("holderIdentity").asText(""),
                Duration.ofSeconds(
                        lease.path("spec").path("leaseDurationSeconds").asLong(15)),
                lease.path("spec").path("renewTime").asText(""),
                lease.path("metadata").path("resourceVersion").asText(""),
                lease.path("metadata")
                        .path("annotations")
                        .path(Names.SWEEP_REQUESTED)
                        .asText(""));
    }
}
