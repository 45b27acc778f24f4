package io.syncjobs.simulation;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.simulation.WarmJudge.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a worker that lives and has a free slot to taking what it was given, long before the operator withdraws it. */
final class TakenJudge {
    /** After a request about the job that has failed the agent pauses for 10 s at most. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    /** Without one it waits for nothing but its next round. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final World world;
    private final ApiServer api;
    private final List<SimWorker> workers;

    /** Since when nothing keeps a worker from taking an attempt that it was given. */
    private Map<Attempt, Instant> since = new HashMap<>();

    TakenJudge(World world, ApiServer api, List<SimWorker> workers) {
        this.world = world;
        this.api = api;
        this.workers = workers;
    }

    /** From now on, for ever. */
    void watch() {
        var now = new HashMap<Attempt, Instant>();
        for (var job : api.jobs().values()) {
            var status = JobFields.statusOf(job);
            if (status.state() != State.ENQUEUED || !WarmJudge.judges(job)) continue;
            var attempt = new Attempt(SimCaches.uid(job), SimCaches.attempt(job));
            var free = since(job, since.getOrDefault(attempt, world.now()));
            Judge.hold(
                    job,
                    world.now().isBefore(free.plus(patience(job))),
                    "is not taken by " + status.worker() + ", which lives, knows of it and has a free slot since "
                            + free);
            now.put(attempt, free);
        }
        since = now;
        world.in(LOOK, this::watch);
    }

    private Duration patience(SyncJob job) {
        var hasFailed = workerOf(job)
                .filter(worker ->
                        world.traffic().unsettled(worker, AFTER_FAILURE).contains(SimCaches.name(job)))
                .isPresent();
        return hasFailed ? AFTER_FAILURE : AT_ONCE;
    }

    private Optional<SimWorker> workerOf(SyncJob job) {
        return workers.stream()
                .filter(each -> each.isAlive()
                        && each.identity().equals(JobFields.statusOf(job).worker()))
                .findFirst();
    }

    private Instant since(SyncJob job, Instant before) {
        var worker = workerOf(job);
        if (worker.filter(each -> mayTake(each, job)).isEmpty()) return world.now();
        // An answer tells the agent something new.
        var answered = world.traffic().lastAnswer(worker.get(), SimCaches.name(job));
        return answered.isAfter(before) ? answered : before;
    }

    private boolean mayTake(SimWorker worker, SyncJob job) {
        return JobFields.statusOf(job).stop() == null
                && !Judge.hasCommand(job)
                && worker.mayWork()
                && api.hasTold(worker, job)
                && !world.traffic().isOpen(worker, SimCaches.name(job))
                && hasFreeSlot(worker, job);
    }

    /** A slot is taken by a call, by a job that is Started, and as long as the agent tries to write what became of one. */
    private boolean hasFreeSlot(SimWorker worker, SyncJob job) {
        var taken = new HashSet<>(worker.calls());
        // The call of an earlier attempt has to end first.
        if (taken.contains(SimCaches.name(job))) return false;
        taken.addAll(world.traffic().unsettled(worker, AFTER_FAILURE));
        for (var other : api.jobs().values()) {
            var status = JobFields.statusOf(other);
            if (status.state() == State.STARTED && worker.identity().equals(status.worker()))
                taken.add(SimCaches.name(other));
        }
        taken.remove(SimCaches.name(job));
        return taken.size() < SimPool.SLOTS;
    }
}
