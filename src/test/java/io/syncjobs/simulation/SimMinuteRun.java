package io.syncjobs.simulation;

import static io.syncjobs.core.LeaseWatch.Verdict.ALIVE;
import static io.syncjobs.core.LeaseWatch.Verdict.UNKNOWN;

import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.Explanations;
import io.syncjobs.core.LeaseWatch;
import io.syncjobs.core.LeaseWatch.Verdict;
import io.syncjobs.core.SchedulerHealth;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * The protocol of ScheduledEnqueue, a call at a time: judge both Leases, then enqueue, or leave it to the operator. It looks more rarely
 * than the real one, and does not ask again for a sweep when that meets a conflict: the Lease has just been renewed then.
 */
final class SimMinuteRun extends SimProcess {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration FENCE_LAG = Duration.ofSeconds(5);
    private static final Duration EXPLAINING = Duration.ofSeconds(45);

    private final LeaseHolder lease;
    private final SimEnqueuer enqueuer = SimEnqueuer.placing(this);
    private LeaseWatch operator = LeaseWatch.START;

    SimMinuteRun(World world, ApiServer api, String identity, Settings settings) {
        super(world, api, identity);
        lease = new LeaseHolder(this, ENQUEUER, settings.lease());
        look();
    }

    private void look() {
        Runnable failed = () -> die("the API server cannot be used");
        lease.tend(
                verdict -> call(
                        "-",
                        "reads the leader's Lease",
                        () -> api.leases().read(LEADER),
                        seen -> {
                            operator = operator.look(seen, world.nanos());
                            looked(verdict);
                        },
                        failed),
                failed);
    }

    private void looked(Verdict verdict) {
        if (verdict == ALIVE) askForSweep();
        else if (verdict == UNKNOWN || operator.verdict() == UNKNOWN) in(LOOK_EVERY, this::look);
        else if (!lease.isHeld()) end();
        else if (operator.verdict() == ALIVE) enqueue(world.now().plus(FENCE_LAG));
        else {
            lease.release();
            explain();
        }
    }

    private void askForSweep() {
        Runnable ended = () -> die("the operator enqueues");
        call(
                "-",
                "asks for a sweep",
                () -> api.leases().read(ENQUEUER).map(seen -> api.leases().requestSweep(ENQUEUER, seen, identity())),
                asked -> ended.run(),
                ended);
    }

    private void end() {
        lease.release();
        in(Duration.ofMillis(200), () -> die("ended"));
    }

    /** Nothing is written before the API server refuses the last holder; what that wrote until then is read. */
    private void enqueue(Instant patience) {
        Runnable again = () -> {
            if (world.now().isAfter(patience)) end();
            else in(Duration.ofMillis(500), () -> enqueue(patience));
        };
        read(
                seen -> {
                    var plan = enqueuer.plan(seen);
                    if (plan.places().isEmpty()) {
                        end();
                        return;
                    }
                    enqueuer.ask(
                            plan,
                            () -> read(
                                    now -> enqueuer.pass(now, () -> true, outcome -> {
                                        if (outcome.failed() == 0) end();
                                        else again.run();
                                    }),
                                    this::end),
                            again);
                },
                this::end);
    }

    private void explain() {
        read(
                seen -> {
                    var plan = EnqueuePass.plan(seen, world.now());
                    var all = Explanations.of(plan, Explanations.Enqueuer.MINUTE_ALONE, SchedulerHealth.GOOD);
                    var worth = Explanations.worthWriting(all, Duration.ZERO, world.now());
                    lookAndTell(new ArrayDeque<>(worth), world.now().plus(EXPLAINING));
                },
                this::end);
    }

    private void lookAndTell(ArrayDeque<Explanations.Explanation> left, Instant until) {
        call(
                "-",
                "reads the leader's Lease",
                () -> api.leases().read(LEADER),
                seen -> {
                    operator = operator.look(seen, world.nanos());
                    tell(left, until);
                },
                this::end);
    }

    private void tell(ArrayDeque<Explanations.Explanation> left, Instant until) {
        if (operator.verdict() == ALIVE || operator.verdict() == UNKNOWN) {
            world.count("operators back while their absence is told");
            end();
            return;
        }
        var next = left.poll();
        if (next == null || world.now().isAfter(until)) {
            end();
            return;
        }
        var step = new Step.Explain(next.reason(), next.message());
        var status = Statuses.after(next.job(), step, world.now());
        Runnable goOn = () -> in(Duration.ofMillis(50), () -> lookAndTell(left, until));
        call(
                SimCaches.name(next.job()),
                step,
                () -> api.writeStatus(identity(), next.job(), status),
                now -> goOn.run(),
                refusal -> {
                    if (refusal.isConflict() || refusal.isRefusal()) goOn.run();
                    else end();
                });
    }
}
