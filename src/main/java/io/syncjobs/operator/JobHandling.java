package io.syncjobs.operator;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.pool.PoolUsage;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.job.Containment;
import io.syncjobs.job.JobLoop;
import io.syncjobs.job.JobObserver;
import io.syncjobs.job.SlowReads;
import io.syncjobs.job.StepApplier;
import io.syncjobs.job.WorkerWatch;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.Workers;

/** The parts that handle one job after the other: they observe it, apply the next step, and watch the warm workers. */
final class JobHandling {
    /** The limit for logs and events that are read at once. Each takes up to a megabyte. */
    private static final int SLOW_READS = 32;

    private final WorkerWatch workers;
    private final JobObserver observer;
    private final JobLoop loop;

    JobHandling(
            Shared shared, JobIndex index, IndexThread thread, IndexFeed feed, Caches caches, Controllers controllers) {
        workers = new WorkerWatch(
                index,
                thread,
                feed,
                new Workers(shared.api()),
                shared.pods(),
                shared.settings(),
                Shared.threads("note-", WorkerWatch.NOTES_AT_ONCE),
                shared.clock(),
                Ticker.SYSTEM,
                controllers::look);
        var containment = new Containment(shared.jobs(), shared.metrics()::internalError, shared.clock());
        observer = new JobObserver(
                caches::queueSpec,
                shared.pods(),
                shared.events(),
                shared.reservations(),
                new SlowReads(
                        Shared.threads("read-", SLOW_READS),
                        new NamespaceShare(SLOW_READS / NamespaceShare.PARTS),
                        Ticker.SYSTEM),
                workers,
                containment,
                controllers::look,
                shared.settings(),
                shared.clock());
        var applier = new StepApplier(shared.jobs(), shared.pods(), shared.events(), shared.reservations());
        loop = new JobLoop(
                shared.jobs(),
                observer,
                applier,
                shared.reservations(),
                containment,
                new NamespaceShare(Framework.RECONCILERS / NamespaceShare.PARTS),
                controllers::look,
                shared.clock());
    }

    SyncJobReconciler reconciler(Caches caches, WorkerSources sources) {
        return new SyncJobReconciler(caches, loop, observer, sources);
    }

    PoolUsage usage() {
        return workers::usage;
    }

    /** This operator leads from now on, and its watches have shown everything that existed before. */
    void begin() {
        observer.begin();
        workers.settled();
    }

    /** The API server was not reachable. What it did not show meanwhile counts as nobody's silence. */
    void watchAnew() {
        observer.watchAnew();
        workers.watchAnew();
    }

    /** Looks for workers that are gone, silent or late. Runs each second, on the index's thread. */
    void lookAtWorkers() {
        workers.tick();
    }
}
