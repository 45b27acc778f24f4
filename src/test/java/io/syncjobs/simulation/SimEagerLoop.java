package io.syncjobs.simulation;

import io.syncjobs.core.Backoff;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * EagerLoop, a call at a time: one pass after the other. Between events the real one sweeps every second; here that is rarer, which
 * only makes what a missed event costs last longer.
 */
final class SimEagerLoop {
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Backoff FENCE = Backoff.before(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final int NEVER = -1;

    private final SimProcess process;
    private final SimCaches caches;
    private final SimEnqueuer enqueuer;
    private final LeaseHolder lease;
    private boolean stopped;
    private boolean passing;
    private boolean again;
    private int settled = NEVER;
    private Backoff fence = FENCE;
    private int look;
    private String asked = "";
    private String swept = "";

    SimEagerLoop(SimProcess process, SimCaches caches, LeaseHolder lease) {
        this.process = process;
        this.caches = caches;
        this.lease = lease;
        enqueuer = SimEnqueuer.reserving(process, caches);
    }

    void stop() {
        stopped = true;
    }

    void sweep(String request) {
        asked = request;
        wake();
    }

    void wake() {
        if (stopped || !lease.isHeld()) return;
        if (passing) {
            again = true;
            return;
        }
        passing = true;
        again = false;
        var term = lease.term();
        var request = asked;
        var sweeps = !request.equals(swept);
        var left = fence.left(process.world.nanos());
        if (term == settled) {
            if (sweeps) read(read -> sweep(term, request, read));
            else pass(term, caches.snapshot(), false);
        } else if (left.isPositive()) {
            passed(soon(left));
        } else if (sweeps) {
            read(read -> {
                swept = request;
                begin(term, read, true);
            });
        } else {
            begin(term, caches.snapshot(), false);
        }
    }

    private void sweep(int term, String request, Snapshot read) {
        process.world.count("sweeps of the whole cluster");
        swept = request;
        if (!caches.snapshot().knowsPlacesOf(read)) settled = NEVER;
        pass(term, read, true);
    }

    private void begin(int term, Snapshot seen, boolean sweeps) {
        var plan = enqueuer.plan(seen);
        if (plan.places().isEmpty()) passed(untilDue(plan));
        else enqueuer.ask(plan, () -> allowed(term, sweeps), this::refused);
    }

    private void allowed(int term, boolean sweeps) {
        fence = FENCE;
        read(read -> {
            var seen = caches.snapshot();
            var lacks = sweeps || !seen.knowsPlacesOf(read);
            if (!lacks) settled = term;
            pass(term, lacks ? read : seen, sweeps);
        });
    }

    private void refused() {
        fence = fence.failed(process.world.nanos());
        passed(soon(fence.length()));
    }

    private void read(Consumer<Snapshot> then) {
        process.read(then, () -> passed(soon(SWEEP)));
    }

    private void pass(int term, Snapshot seen, boolean sweeps) {
        enqueuer.pass(seen, () -> lease.isHeld() && lease.term() == term, outcome -> {
            if (sweeps && !caches.snapshot().knowsJobsOf(outcome.plan())) settled = NEVER;
            passed(untilDue(outcome.plan()));
        });
    }

    private Instant soon(Duration wait) {
        return process.world.now().plus(wait);
    }

    private Instant untilDue(Plan plan) {
        var latest = soon(SWEEP);
        return plan.lookAgain()
                .map(due -> due.plusMillis(1))
                .filter(latest::isAfter)
                .orElse(latest);
    }

    private void passed(Instant next) {
        passing = false;
        var mine = ++look;
        process.at(again ? soon(Duration.ofMillis(1)) : next, () -> {
            if (mine == look) wake();
        });
    }
}
