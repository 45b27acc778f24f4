package io.syncjobs.simulation;

import static io.syncjobs.core.LeaseWatch.Verdict.ALIVE;
import static io.syncjobs.core.LeaseWatch.Verdict.UNKNOWN;

import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.LeaseWatch;
import io.syncjobs.core.LeaseWatch.Verdict;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;

/** The protocol of MinuteRun, a call at a time: judge both Leases, then enqueue, or leave it to the operator. */
final class SimMinuteRun extends SimProcess {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration FENCE_LAG = Duration.ofSeconds(5);

    private final Map<QueueKey, SyncQueueSpec> queues;
    private final LeaseHolder lease;
    private LeaseWatch operator = LeaseWatch.START;

    SimMinuteRun(World world, ApiServer api, String identity, Settings settings, Map<QueueKey, SyncQueueSpec> queues) {
        super(world, api, identity);
        this.queues = queues;
        lease = new LeaseHolder(this, ENQUEUER, settings.lease());
        look();
    }

    private void look() {
        Runnable failed = () -> die("the API server cannot be used");
        lease.tend(
                enqueuer -> call(
                        "-",
                        "reads " + LEADER,
                        () -> api.readLease(LEADER),
                        seen -> {
                            operator = operator.look(seen, world.nanos());
                            looked(enqueuer);
                        },
                        failed),
                failed);
    }

    private void looked(Verdict enqueuer) {
        if (enqueuer == ALIVE) die("the operator enqueues");
        else if (enqueuer == UNKNOWN || operator.verdict() == UNKNOWN) in(LOOK_EVERY, this::look);
        else if (lease.isHeld() && operator.verdict() == ALIVE)
            awaitFence(world.now().plus(FENCE_LAG));
        else end();
    }

    private void end() {
        lease.release();
        in(Duration.ofMillis(200), () -> die("ended"));
    }

    /** Nothing is written before the API server refuses the last holder; what that wrote until then is read. */
    private void awaitFence(Instant patience) {
        Runnable again = () -> in(LOOK_EVERY, () -> awaitFence(patience));
        call("-", "may I enqueue?", () -> api.tryPlace(identity()), yes -> enqueue(patience), refusal -> {
            if (world.now().isAfter(patience)) end();
            else again.run();
        });
    }

    private void enqueue(Instant patience) {
        read(
                (pods, jobs) -> {
                    var plan = EnqueuePass.plan(snapshot(jobs, queues, pods), world.now());
                    var open = new HashSet<>(plan.places());
                    var failures = new HashSet<>();
                    Runnable answered = () -> {
                        if (!open.isEmpty()) return;
                        if (failures.isEmpty() || world.now().isAfter(patience)) end();
                        else in(LOOK_EVERY, () -> enqueue(patience));
                    };
                    for (var place : plan.places()) {
                        var step = new Step.Enqueue(place.effective());
                        var next = Statuses.after(place.job(), step, world.now());
                        call(
                                place.job().getMetadata().getName(),
                                step,
                                () -> api.writeStatus(identity(), place.job(), next),
                                now -> {
                                    open.remove(place);
                                    answered.run();
                                },
                                () -> {
                                    open.remove(place);
                                    failures.add(place);
                                    answered.run();
                                });
                    }
                    answered.run();
                },
                this::end);
    }
}
