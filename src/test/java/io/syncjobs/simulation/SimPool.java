package io.syncjobs.simulation;

import io.syncjobs.core.WorkerEnd;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.SilenceNote;
import io.syncjobs.core.index.WorkerPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the API server stores of warm workers: their pods and their Leases. */
final class SimPool {
    static final String NAME = "pool";
    static final PoolKey KEY = new PoolKey(ApiServer.NAMESPACE, NAME);
    static final int SLOTS = 2;
    static final Duration DEAD_AFTER = Duration.ofSeconds(90);
    static final PoolSpec SPEC = new PoolSpec(3, SLOTS, DEAD_AFTER);

    private final Supplier<String> versions;
    private final Map<String, LeaseEntry> leases = new LinkedHashMap<>();
    private final Map<String, WorkerPod> pods = new LinkedHashMap<>();
    private final List<Watch<LeaseEntry>> leaseWatches = new ArrayList<>();
    private final List<Watch<WorkerPod>> podWatches = new ArrayList<>();

    SimPool(Supplier<String> versions) {
        this.versions = versions;
    }

    void watch(Watch<LeaseEntry> ofLeases, Watch<WorkerPod> ofPods) {
        leaseWatches.add(ofLeases);
        podWatches.add(ofPods);
        list(ofLeases, ofPods);
    }

    void list(Watch<LeaseEntry> ofLeases, Watch<WorkerPod> ofPods) {
        ofLeases.listed(leases);
        ofPods.listed(pods);
    }

    void endWatches(SimProcess process) {
        leaseWatches.removeIf(watch -> watch.isOf(process));
        podWatches.removeIf(watch -> watch.isOf(process));
    }

    Optional<LeaseEntry> lease(String worker) {
        return Optional.ofNullable(leases.get(worker));
    }

    boolean hasPod(String worker) {
        return pods.containsKey(worker);
    }

    /** A worker shows that it lives. */
    boolean renew(String worker, int renewals, LeaseEntry.State state) {
        if (!pods.containsKey(worker)) throw new Refused(404, "its pod is gone");
        var seen = lease(worker).map(LeaseEntry::seen).orElse(SilenceNote.NONE);
        put(new LeaseEntry(
                ApiServer.NAMESPACE,
                worker,
                NAME,
                version(),
                "i",
                Integer.toString(renewals),
                SLOTS,
                state,
                "",
                DEAD_AFTER,
                seen));
        return true;
    }

    boolean note(String worker, SilenceNote note) {
        lease(worker)
                .ifPresent(old -> put(new LeaseEntry(
                        old.namespace(),
                        worker,
                        NAME,
                        version(),
                        old.incarnation(),
                        old.renewed(),
                        old.slots(),
                        old.state(),
                        old.message(),
                        old.deadAfter(),
                        note)));
        return true;
    }

    private void put(LeaseEntry lease) {
        leases.put(lease.name(), lease);
        leaseWatches.forEach(watch -> watch.tell(lease.name(), Optional.of(lease)));
    }

    void putPod(String worker, Optional<WorkerEnd> end) {
        var pod = new WorkerPod(
                ApiServer.NAMESPACE, worker, "pod-" + worker, NAME, version(), "node-a", "handler", end, false);
        pods.put(worker, pod);
        podWatches.forEach(watch -> watch.tell(worker, Optional.of(pod)));
    }

    void removePod(String worker) {
        if (pods.remove(worker) == null) return;
        podWatches.forEach(watch -> watch.tell(worker, Optional.empty()));
        leases.remove(worker);
        leaseWatches.forEach(watch -> watch.tell(worker, Optional.empty()));
    }

    private long version() {
        return Long.parseLong(versions.get());
    }
}
