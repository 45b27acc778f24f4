package io.syncjobs.simulation;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.DueTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Holds the product to going on at once while all is well: nothing waits for a sweep or a timeout that an event could have told. */
final class CalmJudge {
    /** What trouble has left behind is found by then. */
    static final Duration AFTERMATH = Duration.ofMinutes(6);

    /** Another operator leads by then, if the leader has ended in order; and no sweep would help so early. */
    private static final Duration AT_ONCE = Duration.ofSeconds(45);

    /** Places that the minute run gives come with the next one, which first watches the workers. */
    private static final Duration WITH_NEXT_RUN = Duration.ofMinutes(2);

    /** One sweep reads what has changed, and the next one has it looked at. */
    private static final Duration SWEPT = Duration.ofSeconds(135);

    /** As in Containment. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofSeconds(2);

    private record Waiting(String uid, String what) {}

    private final World world;
    private final ApiServer api;
    private final Judge judge;
    private final List<SimWorker> workers;
    private final Duration placed;
    private final BooleanSupplier isOn;

    private Map<Waiting, Instant> since = new HashMap<>();

    /** {@code eager} where the operator gives the places; {@code isOn} is false where nobody has to do anything. */
    CalmJudge(World world, ApiServer api, Judge judge, List<SimWorker> workers, boolean eager, BooleanSupplier isOn) {
        this.world = world;
        this.api = api;
        this.judge = judge;
        this.workers = workers;
        placed = eager ? AT_ONCE : WITH_NEXT_RUN;
        this.isOn = isOn;
    }

    /** From now on, for ever. */
    void watch() {
        var before = since;
        since = new HashMap<>();
        if (isOn.getAsBoolean() && world.isCalmFor(AFTERMATH))
            api.jobs().values().forEach(job -> look(job, before));
        world.in(LOOK, this::watch);
    }

    private void look(SyncJob job, Map<Waiting, Instant> before) {
        if (!judge.mayRun(job)) return;
        if (Judge.hasCommand(job)) {
            if (!mayPause()) hold(job, "its command is handled", AT_ONCE, before);
            return;
        }
        var status = JobFields.statusOf(job);
        if (status.stop() != null) return;
        switch (status.state()) {
            case PENDING -> {
                if (mayBePlaced(job)) hold(job, "it gets a place that is free", placed, before);
            }
            case ENQUEUED, STARTED -> {
                if (!WarmJudge.judges(job)) pod(job, before);
            }
            default -> {
                var kept = requireNonNull(status.finishedTime()).plus(Simulation.kept(status.state()));
                if (world.now().isAfter(kept)) hold(job, "retention deletes it", AT_ONCE, before);
            }
        }
    }

    /** What a policy refuses is tried again after growing pauses. */
    private boolean mayPause() {
        return api.refusesAnnotations()
                || world.now().isBefore(api.refusedAnnotationsUntil().plus(LONGEST_PAUSE));
    }

    private void pod(SyncJob job, Map<Waiting, Instant> before) {
        var status = JobFields.statusOf(job);
        var run = Optional.ofNullable(status.worker()).flatMap(api.reality()::run);
        if (run.isEmpty()) hold(job, "its pod is created", AT_ONCE, before);
        else if (!run.get().harm.isEmpty()) return;
        else if (run.get().ended.isPresent()) hold(job, "the end of its pod is recorded", AT_ONCE, before);
        else if (run.get().isRunning() && status.state() == State.ENQUEUED)
            hold(job, "the start of its pod is recorded", AT_ONCE, before);
    }

    private void hold(SyncJob job, String what, Duration most, Map<Waiting, Instant> before) {
        var waiting = new Waiting(SimCaches.uid(job), what);
        var begin = before.getOrDefault(waiting, world.now());
        for (var reset : List.of(
                judge.lastPlaced(QueueKey.of(job)), api.lostEventsUntil().plus(SWEPT)))
            if (reset.isAfter(begin)) begin = reset;
        Judge.hold(job, world.now().isBefore(begin.plus(most)), what + " too late: possible since " + begin);
        since.put(waiting, begin);
    }

    private boolean mayBePlaced(SyncJob job) {
        var now = world.now();
        var due = DueTimes.of(job).orElse(Instant.MIN);
        if (due.isAfter(now) || Boolean.TRUE.equals(queue(job).paused())) return false;
        // A job with a pod of its own keeps its turn behind those that wait for workers.
        var behindWarmOnes = JobFields.queueOf(job).equals(WarmJudge.QUEUE);
        return taken(QueueKey.of(job)) < requireNonNullElse(queue(job).capacity(), 0)
                && (!behindWarmOnes || workers.stream().anyMatch(this::hasFreeSlot));
    }

    private SyncQueueSpec queue(SyncJob job) {
        return api.queue(JobFields.queueOf(job)).getSpec();
    }

    /** Jobs that have a place, and pods that have outlived their job's. */
    private long taken(QueueKey queue) {
        var jobs = api.jobs().values().stream()
                .filter(job -> QueueKey.of(job).equals(queue)
                        && JobFields.statusOf(job).state().occupying());
        var pods = api.pods().all().values().stream()
                .filter(pod -> pod.queue().equals(queue) && !pod.view().ended())
                .filter(pod -> api.readJob(pod.jobUid())
                        .filter(job -> JobFields.statusOf(job).state().occupying())
                        .isEmpty());
        return jobs.count() + pods.count();
    }

    private boolean hasFreeSlot(SimWorker worker) {
        var taken = api.jobs().values().stream()
                .map(JobFields::statusOf)
                .filter(status ->
                        status.state().occupying() && worker.identity().equals(status.worker()))
                .count();
        return worker.mayWork() && taken < SimPool.SLOTS;
    }
}
