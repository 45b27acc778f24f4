package io.syncjobs.enqueuer;

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

    private final Enqueuer enqueuer;
    private final EnqueuerLease lease;
    private final Supplier<Snapshot> snapshot;
    private final IntConsumer enqueued;
    private final Semaphore changes = new Semaphore(1);
    private volatile boolean running = true;

    /** {@code enqueued} is told how many jobs each pass enqueued. */
    public EagerLoop(Enqueuer enqueuer, EnqueuerLease lease, Supplier<Snapshot> snapshot, IntConsumer enqueued) {
        this.enqueuer = enqueuer;
        this.lease = lease;
        this.snapshot = snapshot;
        this.enqueued = enqueued;
    }

    /** Something changed: look again. Cheap, from any thread. */
    public void wake() {
        if (changes.availablePermits() == 0) changes.release();
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
        var outcome = enqueuer.pass(snapshot.get(), now);
        enqueued.accept(outcome.written());
        var untilDue = outcome.plan()
                .lookAgain()
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
