package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import io.syncjobs.core.run.Assignment.Slot;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Lists;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Served;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives places, in a process that lives for seconds. It relies only on what it sees itself:
 * 1. For warm workers it watches their Leases until they are renewed.
 * 2. It asks whether the API server accepts its writes.
 * 3. It reads the jobs, plans and writes.
 */
final class ScheduledPass {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledPass.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int WRITES_AT_ONCE = 32;

    /** After so many writes, which take less than a second, the right to enqueue is renewed. */
    private static final int IN_A_ROUND = 100;

    /** More jobs than one run can write before the next one is due. */
    private static final int MOST = 5_000;

    private final Api api;
    private final Jobs jobs;
    private final Settings settings;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Duration watching;
    private final Served served;

    /** {@code watching} is the longest time for which the Leases are watched, and the API server is asked. */
    ScheduledPass(Api api, Jobs jobs, Settings settings, InstantSource clock, Ticker ticker, Duration watching) {
        this.api = api;
        this.jobs = jobs;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.watching = watching;
        served = new Served(settings.watchNamespaces());
    }

    /** The right to enqueue. */
    interface Right {
        /** Renews the right and returns whether it is still held. One thread calls this. */
        boolean renew();

        /** Returns whether the right is still held, without a request. */
        boolean isHeld();
    }

    /** What executes the jobs that get places. */
    enum To {
        PODS,
        WORKERS;

        private boolean suits(Admission admission) {
            return (this == WORKERS) == admission.to() instanceof Slot;
        }
    }

    /**
     * Returns the number of jobs that got a place; empty if the API server took none, though there were some to give and the right is
     * held.
     */
    OptionalInt give(To to, Right right) throws InterruptedException {
        var queues = new ArrayList<SyncQueue>();
        read(SyncQueue.class, "", queue -> {
            if (queue.getSpec() != null) queues.add(queue);
        });
        var index = new JobIndex(settings.reasonAfter(), Limits.MESSAGE_REFRESH, settings.jobTemplates());
        var feed = new IndexFeed(index, Runnable::run, jobs, new Reservations());
        read(SyncWorkerPool.class, "", pool -> feed.pool(pool, settings.agent().timing()));
        queues.forEach(feed::queue);
        if (to == To.WORKERS
                && (queues.stream().allMatch(queue -> queue.getSpec().workerPool() == null)
                        || !watch(index, feed, right))) return OptionalInt.of(0);
        var objects = readPlaces(index, feed);
        var candidates = Planner.peek(index, to::suits);
        if (candidates.isEmpty()) return OptionalInt.of(0);
        var fence = waitForFence(candidates, objects, right);
        if (fence != Fence.OPEN) return fence == Fence.CLOSED ? OptionalInt.empty() : OptionalInt.of(0);
        // Read only now: before the API server refused the last holder, writes of the last holder may have arrived.
        objects = readPlaces(index, feed);
        return OptionalInt.of(write(to, index, objects, right));
    }

    private static void broken(Object queue, RuntimeException error) {
        LOG.error("planning {} failed", queue, error);
    }

    private boolean watch(JobIndex index, IndexFeed feed, Right right) throws InterruptedException {
        var end = ticker.nanos() + watching.toNanos();
        while (true) {
            index.workers().advance(ticker.nanos());
            read(Lease.class, Names.POOL, feed::lease);
            read(Pod.class, Names.POOL, feed::worker);
            if (index.workers().pools().stream().noneMatch(ScheduledPass::mayRenew)) return true;
            if (!right.renew()) return false;
            if (ticker.nanos() > end) return true;
            ticker.sleep(LOOK_EVERY);
        }
    }

    private static boolean mayRenew(PoolIndex pool) {
        return pool.count(Standing.UNSEEN) > 0;
    }

    /** Reads everything that takes up a place or a slot, and all jobs that wait for one. */
    private Map<String, SyncJob> readPlaces(JobIndex index, IndexFeed feed) {
        var objects = new HashMap<String, SyncJob>();
        index.advance(clock.instant());
        // Pods are read before jobs, so a pod whose job is missing has a deleted job.
        read(Pod.class, Names.MANAGED_BY + "=" + Names.SYNCJOBS, feed::pod);
        read(SyncJob.class, "", job -> {
            objects.put(job.getMetadata().getUid(), job);
            feed.job(job);
        });
        index.jobs().stream()
                .map(JobEntry::uid)
                .filter(uid -> !objects.containsKey(uid))
                .toList()
                .forEach(feed::jobGone);
        return objects;
    }

    private enum Fence {
        OPEN,
        CLOSED,
        /** The right is lost, or the jobs that were tried have all changed. */
        UNTOLD
    }

    /** Tries one job after the other: a job that somebody keeps changing says nothing about the rest. */
    private Fence waitForFence(List<Admission> candidates, Map<String, SyncJob> objects, Right right)
            throws InterruptedException {
        var end = ticker.nanos() + watching.toNanos();
        var closed = false;
        for (var tries = 0; right.renew() && ticker.nanos() < end; tries++) {
            var candidate = candidates.get(tries % candidates.size());
            var job = Objects.requireNonNull(objects.get(candidate.job().uid()));
            try {
                jobs.tryStatus(job, Statuses.after(job, candidate.placing(job), clock.instant()));
                return Fence.OPEN;
            } catch (ApiException e) {
                LOG.debug("not allowed to enqueue yet: {}", e.getMessage());
                closed |= !e.isConflict() && !e.isNotFound();
                ticker.sleep(LOOK_EVERY);
            }
        }
        return closed && right.isHeld() ? Fence.CLOSED : Fence.UNTOLD;
    }

    /** In rounds, because the right has to be renewed. Where a write was refused, the next round gives the place to another job. */
    private int write(To to, JobIndex index, Map<String, SyncJob> objects, Right right) {
        var written = 0;
        while (written < MOST && right.renew()) {
            var plan = Planner.plan(index, IN_A_ROUND, ScheduledPass::broken);
            if (plan.isEmpty()) break;
            var outcomes = new ConcurrentHashMap<JobEntry, Outcome>();
            try (var threads = Executors.newFixedThreadPool(
                    WRITES_AT_ONCE, Thread.ofVirtual().factory())) {
                for (var admission : plan) {
                    if (to.suits(admission))
                        threads.execute(() -> outcomes.put(admission.job(), write(admission, objects, right)));
                }
            }
            outcomes.forEach((job, outcome) -> settle(index, job, outcome));
            written += (int) outcomes.values().stream()
                    .filter(Outcome.Written.class::isInstance)
                    .count();
        }
        return written;
    }

    private Outcome write(Admission admission, Map<String, SyncJob> objects, Right right) {
        return ApiIo.guarded(admission.job(), () -> {
            var job = Objects.requireNonNull(objects.get(admission.job().uid()));
            if (!right.isHeld()) return new Outcome.Withheld();
            var next = Statuses.after(job, admission.placing(job), clock.instant());
            return new Outcome.Written(JobEntry.of(jobs.writeStatus(job, next)));
        });
    }

    /** Without an answer the job keeps the place: the write may still be done. */
    private static void settle(JobIndex index, JobEntry job, Outcome outcome) {
        switch (outcome) {
            case Outcome.Written done -> index.confirm(done.now());
            case Outcome.Refused refused -> index.refused(job.uid(), job.version(), refused.how());
            case Outcome.Unknown unknown -> index.unknown(job.uid(), job.version());
            case Outcome.Withheld withheld -> index.withheld(job.uid(), job.version());
        }
    }

    private <R extends HasMetadata> void read(Class<R> kind, String labels, Consumer<R> each) {
        served.each(namespaces ->
                new Lists(api).read(kind, namespaces, labels, Client::pruneAny).forEach(each));
    }
}
