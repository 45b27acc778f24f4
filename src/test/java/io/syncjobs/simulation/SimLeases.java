package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.core.LeaseView;
import java.time.Duration;
import java.util.Optional;

/** The Leases of the product's own processes, and the fence that follows the enqueuer's a little late. */
final class SimLeases {
    private final World world;
    private final SimObjects leases = new SimObjects(this::nextVersion);
    private String mayEnqueue = "";
    private long revision = 1;

    SimLeases(World world) {
        this.world = world;
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
        return followed(leases.create(lease));
    }

    ObjectNode patch(String name, JsonNode changes) {
        return followed(leases.patch(name, changes));
    }

    private ObjectNode followed(ObjectNode lease) {
        var name = lease.at("/metadata/name").asText();
        if (name.equals(SimProcess.ENQUEUER)) { // the policy's parameter comes from a cache
            world.in(world.seconds(0, 1), () -> follow(holder(leases.get(name))));
        }
        return lease;
    }

    private static String holder(JsonNode lease) {
        return lease.at("/spec/holderIdentity").asText("");
    }

    private void follow(String holder) {
        mayEnqueue = holder;
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
                Duration.ofSeconds(lease.at("/spec/leaseDurationSeconds").asLong()),
                lease.at("/spec/renewTime").asText(""),
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
