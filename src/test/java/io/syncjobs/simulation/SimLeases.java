package io.syncjobs.simulation;

import io.syncjobs.core.LeaseView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The API server's Leases, and the fence that follows one of them a little late. */
final class SimLeases {
    private final World world;
    private final Map<String, LeaseView> leases = new HashMap<>();
    private String mayEnqueue = "";
    private long revision = 1;

    SimLeases(World world) {
        this.world = world;
    }

    /** Of whatever object: one count for all. */
    String nextVersion() {
        return Long.toString(++revision);
    }

    Optional<LeaseView> read(String name) {
        return Optional.ofNullable(leases.get(name));
    }

    boolean isHeldBy(String name, String identity) {
        return read(name).filter(lease -> lease.holder().equals(identity)).isPresent();
    }

    /** Takes, renews or (with an empty holder) gives back a Lease that is as it was seen. */
    LeaseView write(String name, Optional<LeaseView> seen, String holder, Duration duration) {
        var request = seen.map(LeaseView::sweepRequest).orElse("");
        var next = store(name, seen, holder, duration, world.now().toString(), request);
        if (name.equals(SimProcess.ENQUEUER)) { // the policy's parameter comes from a cache
            world.in(world.seconds(0, 1), () -> follow(read(name).orElseThrow().holder()));
        }
        return next;
    }

    private void follow(String holder) {
        if (!holder.equals(mayEnqueue)) world.fenceMoves();
        mayEnqueue = holder;
    }

    LeaseView requestSweep(String name, LeaseView seen, String request) {
        return store(name, Optional.of(seen), seen.holder(), seen.duration(), seen.renewed(), request);
    }

    private LeaseView store(
            String name, Optional<LeaseView> seen, String holder, Duration duration, String renewed, String request) {
        var version = read(name).map(LeaseView::version);
        if (!version.equals(seen.map(LeaseView::version))) throw new Refused(409, "the Lease has changed");
        var next = new LeaseView(holder, duration, renewed, nextVersion(), request);
        leases.put(name, next);
        return next;
    }

    /** Refuses a place from anybody but the holder. */
    void fence(String by) {
        if (by.equals(mayEnqueue)) return;
        world.count("refused by the fence");
        throw new Refused(403, "only " + mayEnqueue + " may enqueue");
    }
}
