package io.syncjobs.enqueuer;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import io.syncjobs.core.run.Assignment.Slot;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives places once, in a process that lives for seconds. It relies only on what it sees itself:
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

    /** So many jobs that have changed are tried without a pause. */
    private static final int CHANGED_AT_ONCE = 16;

    /** More jobs than one run can write before the next one is due. */
    private static final int MOST = 5_000;

    private final IndexReader seen;
    private final JobIndex index;
    private final Jobs jobs;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Duration watching;

    /** {@code watching} is the longest time for which the Leases are watched, and the API server is asked. */
    ScheduledPass(IndexReader seen, Jobs jobs, InstantSource clock, Ticker ticker, Duration watching) {
        this.seen = seen;
        this.index = seen.index();
        this.jobs = jobs;
        this.clock = clock;
        this.ticker = ticker;
        this.watching = watching;
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
        seen.readPools();
        var queues = seen.readQueues();
        if (to == To.WORKERS
                && (queues.stream().allMatch(queue -> queue.getSpec().workerPool() == null) || !watch(right)))
            return OptionalInt.of(0);
        seen.readJobs(clock.instant());
        if (candidates(to).isEmpty()) return OptionalInt.of(0);
        var fence = waitForFence(to, right);
        if (fence != Fence.OPEN) return fence == Fence.CLOSED ? OptionalInt.empty() : OptionalInt.of(0);
        // Read only now: before the API server refused the last holder, writes of the last holder may have arrived.
        seen.readJobs(clock.instant());
        return OptionalInt.of(write(to, right));
    }

    private static void broken(Object queue, RuntimeException error) {
        LOG.error("planning {} failed", queue, error);
    }

    private boolean watch(Right right) throws InterruptedException {
        var end = ticker.nanos() + watching.toNanos();
        while (true) {
            index.workers().advance(ticker.nanos());
            seen.readWorkers();
            if (index.workers().pools().stream().noneMatch(ScheduledPass::mayRenew)) return true;
            if (!right.renew()) return false;
            if (ticker.nanos() > end) return true;
            ticker.sleep(LOOK_EVERY);
        }
    }

    private static boolean mayRenew(PoolIndex pool) {
        return pool.count(Standing.UNSEEN) > 0;
    }

    private enum Fence {
        OPEN,
        CLOSED,
        /** The right is lost, or the jobs that were tried have all changed. */
        UNTOLD
    }

    private List<Admission> candidates(To to) {
        return Planner.peek(index, to::suits);
    }

    /**
     * Tries one job after the other, of all namespaces in turn. A job that somebody keeps changing, or a namespace in which all
     * writes are refused, says nothing about the rest.
     */
    private Fence waitForFence(To to, Right right) throws InterruptedException {
        var end = ticker.nanos() + watching.toNanos();
        var tried = new HashMap<String, Integer>();
        var closed = false;
        for (var tries = 1; right.renew() && ticker.nanos() < end; tries++) {
            var candidate = leastTried(candidates(to), tried);
            if (candidate.isEmpty()) return Fence.UNTOLD;
            var job = seen.job(candidate.get().job());
            try {
                jobs.tryStatus(job, Statuses.after(job, candidate.get().placing(job), clock.instant()));
                return Fence.OPEN;
            } catch (ApiException e) {
                LOG.debug("not allowed to enqueue yet: {}", e.getMessage());
                var changed = e.isConflict() || e.isNotFound();
                closed |= !changed;
                // Another job may tell at once what one that has changed does not.
                if (!changed || tries % CHANGED_AT_ONCE == 0) ticker.sleep(LOOK_EVERY);
            }
        }
        return closed && right.isHeld() ? Fence.CLOSED : Fence.UNTOLD;
    }

    /** The first one whose namespace, and which itself, was tried least often; {@code tried} has the number of tries of both. */
    private static Optional<Admission> leastTried(List<Admission> candidates, Map<String, Integer> tried) {
        ToIntFunction<String> tries = name -> tried.getOrDefault(name, 0);
        var next = candidates.stream()
                .min(Comparator.comparingInt(
                                (Admission each) -> tries.applyAsInt(each.job().namespace()))
                        .thenComparingInt(each -> tries.applyAsInt(each.job().uid())));
        next.ifPresent(each -> {
            tried.merge(each.job().namespace(), 1, Integer::sum);
            tried.merge(each.job().uid(), 1, Integer::sum);
        });
        return next;
    }

    /** In rounds, because the right has to be renewed. Where a write was refused, the next round gives the place to another job. */
    private int write(To to, Right right) {
        var written = 0;
        var others = new ArrayList<Admission>();
        while (written < MOST && right.renew()) {
            var plan = Planner.plan(index, IN_A_ROUND, ScheduledPass::broken);
            if (plan.isEmpty()) break;
            var outcomes = new ConcurrentHashMap<JobEntry, Outcome>();
            try (var threads = Executors.newFixedThreadPool(
                    WRITES_AT_ONCE, Thread.ofVirtual().factory())) {
                for (var admission : plan) {
                    if (to.suits(admission))
                        threads.execute(() -> outcomes.put(admission.job(), write(admission, right)));
                    else others.add(admission);
                }
            }
            outcomes.forEach((job, outcome) -> outcome.tell(index, job));
            written += (int) outcomes.values().stream()
                    .filter(Outcome.Written.class::isInstance)
                    .count();
        }
        // They would have had these places from an operator, so they kept them until here.
        others.forEach(each -> index.withheld(each.job()));
        return written;
    }

    private Outcome write(Admission admission, Right right) {
        return ApiIo.guarded(admission.job(), () -> {
            var job = seen.job(admission.job());
            if (!right.isHeld()) return new Outcome.Withheld();
            var next = Statuses.after(job, admission.placing(job), clock.instant());
            return new Outcome.Written(JobEntry.of(jobs.writeStatus(job, next)));
        });
    }
}
