package io.syncjobs.operator;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.enqueuer.ApiIo;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.EnqueueLoop;
import io.syncjobs.enqueuer.EnqueuerLease;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Ticker;
import java.time.Duration;

/**
 * The parts that give jobs their places: the Lease that allows it, the loop, and the sweep that finds what the watches have
 * missed.
 */
final class Enqueueing {
    private final Metrics metrics;
    private final EnqueueIo io;
    private final EnqueuerLease lease;
    private final LeaseKeeper leaseKeeper;
    private final EnqueueLoop loop;
    private final Sweep sweep;

    Enqueueing(
            Shared shared, JobIndex index, IndexThread thread, IndexFeed feed, Caches caches, Controllers controllers) {
        var settings = shared.settings();
        metrics = shared.metrics();
        io = new ApiIo(
                shared.api(),
                shared.jobs(),
                settings.watchNamespaces(),
                caches::job,
                shared.reservations(),
                feed,
                thread::post,
                shared.clock());
        var leases = Leases.ofEnqueuers(shared.api(), shared.clock(), settings.namespace());
        lease = new EnqueuerLease(leases, settings.enqueuerLease(), settings.pod(), settings.lease(), Ticker.SYSTEM);
        loop = new EnqueueLoop(index, io, lease, shared.clock(), Ticker.SYSTEM, metrics::passed);
        sweep = new Sweep(index, io, Ticker.SYSTEM, job -> controllers.look(job.namespace(), job.name()));
        leaseKeeper = new LeaseKeeper(settings, leases, lease, sweep, thread);
    }

    EnqueueIo io() {
        return io;
    }

    /**
     * Does what is due, on the index's thread. An operator that stands by only follows the watches.
     *
     * @return after how long there may be more to do
     */
    Duration step(boolean leads) {
        var next = metrics.timed(loop::step);
        if (!leads) return next;
        var nextSweep = sweep.step();
        return next.compareTo(nextSweep) < 0 ? next : nextSweep;
    }

    /** Called several times within the duration of the Lease. */
    void tendLease() {
        leaseKeeper.tend();
    }

    /** Gives the Lease back for good. */
    void releaseLease() {
        lease.release();
    }
}
