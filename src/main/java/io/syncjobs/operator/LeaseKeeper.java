package io.syncjobs.operator;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueuerLease;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.kube.Leases;
import java.util.Optional;

/** Keeps the enqueuer's Lease for the operator that leads, and has the sweeps made that minute runs request on it. */
final class LeaseKeeper {
    private final Settings settings;
    private final Leases leases;
    private final EnqueuerLease lease;
    private final Sweep sweep;
    private final IndexThread thread;

    /** The last request for a full sweep. The first one that is seen is older than the caches, so it needs no sweep. */
    private Optional<String> request = Optional.empty();

    LeaseKeeper(Settings settings, Leases leases, EnqueuerLease lease, Sweep sweep, IndexThread thread) {
        this.settings = settings;
        this.leases = leases;
        this.lease = lease;
        this.sweep = sweep;
        this.thread = thread;
    }

    /** Called several times within the duration of the Lease. An operator that does not enqueue only sees that the Lease exists. */
    void tend() {
        if (!settings.eager()) {
            leases.ensure(settings.enqueuerLease());
            return;
        }
        var held = lease.isHeld();
        lease.tend();
        if (!lease.isHeld()) return;
        // Wakes the index's thread, which may enqueue from now on.
        if (!held) thread.post(() -> {});
        var latest = lease.sweepRequest();
        if (request.filter(last -> !last.equals(latest)).isPresent()) thread.post(() -> sweep.ask(latest));
        request = Optional.of(latest);
    }
}
