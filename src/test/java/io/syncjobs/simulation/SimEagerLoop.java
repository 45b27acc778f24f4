package io.syncjobs.simulation;

import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * EagerLoop, a call at a time: one pass after the other. Between events the real one sweeps every second; here that is rarer, which
 * only makes what a missed event costs last longer.
 */
final class SimEagerLoop {
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Pause FENCE = Pause.before(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final int NEVER = -1;

    private final SimProcess process;
    private final SimCaches caches;
    private final SimEnqueuer enqueuer;
    private final LeaseHolder lease;
    private boolean stopped;
    private boolean passing;
    private boolean again;
    private int settled = NEVER;
    private Pause fence = FENCE;
    private int sweep;

    SimEagerLoop(SimProcess process, SimCaches caches, LeaseHolder lease) {
        this.process = process;
        this.caches = caches;
        this.lease = lease;
        enqueuer = SimEnqueuer.reserving(process, caches);
    }

    void stop() {
        stopped = true;
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
        if (term == settled) {
            pass(term, true);
            return;
        }
        var left = fence.left(process.world.nanos());
        if (left.isPositive()) {
            passed(soon(left));
            return;
        }
        var plan = enqueuer.plan(caches.snapshot());
        if (plan.places().isEmpty()) {
            passed(untilDue(plan));
            return;
        }
        enqueuer.ask(plan, () -> allowed(term), this::refused);
    }

    private void allowed(int term) {
        fence = FENCE;
        pass(term, false);
    }

    private void refused() {
        fence = fence.failed(process.world.nanos());
        passed(soon(fence.length()));
    }

    private void pass(int term, boolean known) {
        BooleanSupplier valid = () -> lease.isHeld() && lease.term() == term;
        if (known) {
            enqueuer.pass(caches.snapshot(), valid, this::came);
            return;
        }
        process.read(
                read -> {
                    var seen = caches.snapshot();
                    var knows = seen.knowsPlacesOf(read);
                    if (knows) settled = term;
                    enqueuer.pass(knows ? seen : read, valid, this::came);
                },
                () -> passed(soon(SWEEP)));
    }

    private void came(SimEnqueuer.Outcome outcome) {
        passed(untilDue(outcome.plan()));
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
        var mine = ++sweep;
        process.at(again ? soon(Duration.ofMillis(1)) : next, () -> {
            if (mine == sweep) wake();
        });
    }
}
