package io.syncjobs.enqueuer;

import io.syncjobs.core.Backoff;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enqueues as events arrive: one pass at a time, again as soon as something changed or a job becomes due. */
public final class EagerLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EagerLoop.class);

    /** Also without any event: what an event missed is found after this time at the latest. */
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** The API server follows the Lease through a cache of its own: before it is asked again whether it knows of a new holder. */
    private static final Backoff FENCE = Backoff.before(Duration.ofMillis(100), Duration.ofSeconds(5));

    private static final int NEVER = -1;

    private final Enqueuer enqueuer;
    private final EnqueuerLease lease;
    private final Supplier<Snapshot> caches;
    private final Supplier<Snapshot> cluster;
    private final IntConsumer enqueued;
    private final Semaphore changes = new Semaphore(1);
    private volatile boolean running = true;

    /** The last request for a full sweep, and the last one that was met. */
    private volatile String asked = "";

    private String swept = "";

    /**
     * The term of the Lease in which the caches know of all places that were given before it. Until then the API server itself is
     * read, after it has begun to refuse the last holder, whose writes may come late; caches may show them later still.
     */
    private int settled = NEVER;

    private Backoff fence = FENCE;

    /**
     * Nothing runs yet.
     *
     * @param caches what this process's watches have told it
     * @param cluster a consistent read from the API server
     * @param enqueued is told how many jobs each pass enqueued
     */
    public EagerLoop(
            Enqueuer enqueuer,
            EnqueuerLease lease,
            Supplier<Snapshot> caches,
            Supplier<Snapshot> cluster,
            IntConsumer enqueued) {
        this.enqueuer = enqueuer;
        this.lease = lease;
        this.caches = caches;
        this.cluster = cluster;
        this.enqueued = enqueued;
    }

    /** Something changed: look again. Cheap, from any thread. */
    public void wake() {
        if (changes.availablePermits() == 0) changes.release();
    }

    /** The next pass plans from the API server's own word: it finds what an event missed. */
    public void sweep(String request) {
        asked = request;
        wake();
    }

    @Override
    public void run() {
        var wait = Duration.ZERO;
        while (running) {
            try {
                changes.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                changes.drainPermits();
                wait = lease.isHeld() ? pass() : SWEEP;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warn("a pass failed and is repeated: {}", e.toString());
                wait = SWEEP;
            }
        }
    }

    private Duration pass() {
        var now = Instant.now();
        var term = lease.term();
        var request = asked;
        var sweeps = !request.equals(swept);
        var seen = caches.get();
        if (term != settled) {
            var left = fence.left(System.nanoTime());
            if (left.isPositive()) return left;
            var plan = enqueuer.plan(sweeps ? cluster.get() : seen, now);
            if (plan.places().isEmpty()) {
                swept = request;
                return untilDue(plan);
            }
            if (!enqueuer.isAllowed(plan, now)) {
                fence = fence.failed(System.nanoTime());
                return fence.length();
            }
            // Only now: what was asked for while the API server refused is still to be met.
            swept = request;
            fence = FENCE;
            var read = cluster.get();
            seen = caches.get();
            if (sweeps || !seen.knowsPlacesOf(read)) seen = read;
            else settled = term;
        } else if (sweeps) {
            seen = cluster.get();
            swept = request;
            // A place of which the answer was lost is known by this read; to caches that lag it is free.
            if (!caches.get().knowsPlacesOf(seen)) settled = NEVER;
        }
        // Another may have held the Lease between two terms: the API server would take what is left of the first one's
        // plan in the next.
        var outcome = enqueuer.pass(seen, now, () -> lease.isHeld() && lease.term() == term);
        enqueued.accept(outcome.written());
        // The caches cannot know the place of a job that they do not know.
        if (sweeps && !caches.get().knowsJobsOf(outcome.plan())) settled = NEVER;
        return untilDue(outcome.plan());
    }

    private static Duration untilDue(Plan plan) {
        var untilDue = plan.lookAgain()
                .map(due -> Duration.between(Instant.now(), due).plusMillis(1))
                .filter(left -> left.compareTo(SWEEP) < 0)
                .orElse(SWEEP);
        return untilDue.isNegative() ? Duration.ZERO : untilDue;
    }

    /** Ends after the pass that is under way. */
    public void stop() {
        running = false;
        wake();
    }
}
