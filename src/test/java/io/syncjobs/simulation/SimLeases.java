package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.core.queue.LeaseView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The Leases of the product's own processes, and the fence that follows the enqueuer's a little late. */
final class SimLeases {
    private final World world;
    private final SimObjects leases = new SimObjects(this::nextVersion);
    private final PlaceJudge judge;
    private String mayEnqueue = "";
    private Instant renewed = World.START;
    private long revision = 1;

    SimLeases(World world, PlaceJudge judge) {
        this.world = world;
        this.judge = judge;
    }

    /** Of whatever object: one count for all. */
    String nextVersion() {
        return Long.toString(++revision);
    }

    /** The last that was given. */
    String version() {
        return Long.toString(revision);
    }

    JsonNode get(String name) {
        return leases.get(name);
    }

    ObjectNode create(ObjectNode lease) {
        var created = followed(leases.create(lease));
        if (created.at("/metadata/name").asText().equals(SimProcess.ENQUEUER)) renewed = world.now();
        return created;
    }

    ObjectNode patch(String name, JsonNode changes) {
        var before = leases.get(name);
        var after = leases.patch(name, changes);
        if (name.equals(SimProcess.ENQUEUER) && !time(before).equals(time(after))) {
            judge.taken(holder(before), holder(after), Duration.between(renewed, world.now()), duration(before));
            renewed = world.now();
        }
        return followed(after);
    }

    private ObjectNode followed(ObjectNode lease) {
        var name = lease.at("/metadata/name").asText();
        if (name.equals(SimProcess.ENQUEUER)) { // the policy's parameter comes from a cache
            var lag = world.fault(0.02, "fences that follow late") ? world.seconds(1, 15) : world.seconds(0, 1);
            world.in(lag, () -> follow(holder(leases.get(name))));
        }
        return lease;
    }

    private static String time(JsonNode lease) {
        return lease.at("/spec/renewTime").asText("");
    }

    private static Duration duration(JsonNode lease) {
        return Duration.ofSeconds(lease.at("/spec/leaseDurationSeconds").asLong());
    }

    private static String holder(JsonNode lease) {
        return lease.at("/spec/holderIdentity").asText("");
    }

    private void follow(String holder) {
        mayEnqueue = holder;
        judge.mayEnqueue(holder);
    }

    boolean isHeldBy(String name, String identity) {
        return leases.find(name).filter(lease -> holder(lease).equals(identity)).isPresent();
    }

    Optional<LeaseView> read(String name) {
        return leases.find(name).map(SimLeases::view);
    }

    private static LeaseView view(JsonNode lease) {
        return new LeaseView(
                holder(lease),
                duration(lease),
                time(lease),
                lease.at("/metadata/resourceVersion").asText(),
                lease.path("metadata")
                        .path("annotations")
                        .path(Names.SWEEP_REQUESTED)
                        .asText(""));
    }

    /** As a client's election does it: takes, renews or (with an empty holder) gives back a Lease that is as it was seen. */
    LeaseView write(String name, Optional<LeaseView> seen, String holder, Duration duration) {
        var lease = JsonNodeFactory.instance.objectNode();
        var meta = lease.putObject("metadata").put("name", name);
        lease.putObject("spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", duration.toSeconds())
                .put("renewTime", world.now().toString());
        if (seen.isEmpty()) return view(create(lease));
        meta.put("resourceVersion", seen.get().version());
        return view(patch(name, lease));
    }

    /** Refuses a place from anybody but the holder. */
    void fence(String by) {
        if (by.equals(mayEnqueue)) return;
        world.count("refused by the fence");
        throw new Refused(403, "only " + mayEnqueue + " may enqueue");
    }
}
