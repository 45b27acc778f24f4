package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.EnqueuerLease;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Ticker;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The shipped {@link Housekeeping} and {@link LeaseKeeper} for a simulated operator, whose watches are none of the framework's. */
public final class SimHousekeeping {
    /** One for all: what it counts nobody looks at, and to make one takes long. */
    private static final Metrics METRICS = new Metrics(InstantSource.system());

    private SimHousekeeping() {}

    /** Keeps the enqueuer's Lease. */
    public static Runnable leaseKeeper(
            Settings settings, Leases leases, EnqueuerLease lease, Sweep sweep, IndexThread thread) {
        return new LeaseKeeper(settings, leases, lease, sweep, thread)::tend;
    }

    /** One round; {@code watchedJobs} gives a job by its name as the watch has told it last. */
    public static Runnable round(
            Settings settings,
            JobIndex index,
            IndexThread thread,
            EnqueueIo io,
            Function<String, Optional<SyncJob>> watchedJobs,
            Supplier<Collection<SyncQueue>> watchedQueues,
            Jobs jobs,
            Api api,
            Events events,
            Reservations reservations,
            InstantSource clock,
            Ticker ticker) {
        var caches = new CachedObjects() {
            @Override
            public Optional<SyncJob> job(String namespace, String name) {
                return watchedJobs.apply(name).map(jobs::newest);
            }

            @Override
            public Optional<SyncJob> watched(SyncJob job) {
                return watchedJobs.apply(job.getMetadata().getName());
            }

            @Override
            public Optional<SyncQueue> queue(QueueKey key) {
                return queues().stream()
                        .filter(queue -> QueueKey.of(queue).equals(key))
                        .findFirst();
            }

            @Override
            public List<SyncQueue> queues() {
                return List.copyOf(watchedQueues.get());
            }
        };
        return new Housekeeping(
                settings,
                index,
                thread,
                io,
                caches,
                jobs,
                new Queues(api),
                new CronJobs(api),
                events,
                reservations,
                METRICS,
                Archive.NONE,
                clock,
                ticker)::tick;
    }
}
