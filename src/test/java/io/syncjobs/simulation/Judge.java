package io.syncjobs.simulation;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.DueTimes;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.simulation.Run.Harm;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks at every write with what really happened in mind, which none of the processes knows. */
final class Judge {
    /** A promise that was broken, and for which job. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String job;

        Broken(String job, String promise) {
            super(job + ": " + promise);
            this.job = job;
        }

        String job() {
            return job;
        }
    }

    private final World world;
    private final Reality reality;
    private final OutcomeJudge outcomes;
    private final Settings settings;
    private final WarmJudge warm;

    /** True for the process that holds the leader's Lease. */
    private final Predicate<String> isLeader;

    private final CommandJudge commands;
    private final OrderJudge order;
    private final PlaceJudge places;
    private final OwnWriteJudge ownWrites;
    private final StatusJudge statuses;
    private final Map<QueueKey, Set<String>> occupied = new HashMap<>();
    private final Map<QueueKey, Instant> lastPlaced = new HashMap<>();

    Judge(World world, Reality reality, OutcomeJudge outcomes, Settings settings, Predicate<String> isLeader) {
        this.settings = settings;
        this.isLeader = isLeader;
        this.world = world;
        this.reality = reality;
        this.outcomes = outcomes;
        commands = new CommandJudge(world);
        order = new OrderJudge(world, this::mayRun);
        warm = new WarmJudge(world, order);
        places = new PlaceJudge(world);
        ownWrites = new OwnWriteJudge(world);
        statuses = new StatusJudge(settings.scheduleOverdue());
    }

    /** False for a job with a template of its own where those are not run. */
    boolean mayRun(SyncJob job) {
        return settings.jobTemplates() || job.getSpec().template() == null;
    }

    void changed(SyncJob job) {
        order.changed(job);
    }

    WarmJudge warm() {
        return warm;
    }

    PlaceJudge places() {
        return places;
    }

    OwnWriteJudge ownWrites() {
        return ownWrites;
    }

    StatusJudge statuses() {
        return statuses;
    }

    /** A process is no more. */
    void dies(SimProcess process) {
        places.dies(process);
        ownWrites.dies(process);
    }

    /** A job is about to get a place; {@code all} are as they are. */
    void placing(SimProcess by, SyncJob job, Collection<SyncJob> all) {
        hold(job, mayRun(job), "is given a place by " + by.identity() + " though its template is not run");
        var free = free(job);
        order.placed(by, job, all, free);
        places.placing(by, job, all, free);
    }

    /** A process sends a write that gives the job a place, and has seen it as it is. */
    void sending(SimProcess by, SyncJob job, Collection<SyncJob> all) {
        places.sending(by, job, all, free(job));
    }

    private int free(SyncJob job) {
        var queue = QueueKey.of(job);
        return reality.most(queue, world.now())
                - occupied.getOrDefault(queue, Set.of()).size();
    }

    /** When a job of the queue got a place for the last time. */
    Instant lastPlaced(QueueKey queue) {
        return lastPlaced.getOrDefault(queue, World.START);
    }

    /** Retention has deleted the job. */
    void deleted(SyncJob job) {
        var status = JobFields.statusOf(job);
        hold(job, status.state().finished(), "deleted before it was finished");
        var kept = Objects.requireNonNull(status.finishedTime()).plus(Simulation.kept(status.state()));
        hold(job, !world.now().isBefore(kept), "deleted before " + kept);
        hold(job, !hasCommand(job), "deleted with a command waiting");
        world.count("jobs deleted by retention");
        gone(job);
    }

    /** The job is no more, whoever deleted it. */
    void gone(SyncJob job) {
        occupied.values().forEach(inside -> inside.remove(SimCaches.uid(job)));
        warm.deleted(SimCaches.uid(job));
        order.gone(job);
    }

    void annotated(SyncJob was, SyncJob is) {
        commands.annotated(was, is);
    }

    /** A policy of somebody else did not let a process change the job's annotations. */
    void denied(SyncJob job) {
        commands.denied(job);
    }

    void written(SimProcess process, SyncJob was, SyncJob is) {
        var by = process.identity();
        var before = JobFields.statusOf(was);
        var after = JobFields.statusOf(is);
        shape(is, before, after);
        commands.written(was, is);
        places(by, was, before, after);
        if (WarmJudge.judges(is)) {
            warm.written(process, was, is);
        } else {
            attempts(by, is, before, after);
            outcomes.written(by, was, is);
        }
        hold(
                is,
                !before.state().finished() || isObeyed(before, after),
                "is finished, and written again without a command");
    }

    static boolean isObeyed(SyncJobStatus before, SyncJobStatus after) {
        return !Objects.equals(before.lastCommand(), after.lastCommand());
    }

    private void places(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        if (before.state().occupying() == after.state().occupying()) return;
        var queue = QueueKey.of(job);
        var inside = occupied.computeIfAbsent(queue, key -> new HashSet<>());
        if (!after.state().occupying()) {
            inside.remove(SimCaches.uid(job));
            return;
        }
        inside.add(SimCaches.uid(job));
        reality.placed(SimCaches.uid(job));
        lastPlaced.put(queue, world.now());
        var most = reality.most(queue, world.now());
        hold(
                job,
                inside.size() <= most,
                "is number " + inside.size() + " in a queue of capacity " + most + ", given a place by " + by);
        hold(job, !reality.isLongPaused(queue), "is given a place by " + by + " in a queue that is paused");
        hold(job, !hasCommand(job), "is given a place with a command waiting");
        hold(job, mayRun(job), "is given a place by " + by + " though its own template is not run");
        var due = DueTimes.of(job);
        hold(job, due.isEmpty() || !due.get().isAfter(world.now()), "is given a place before it is due: " + due);
    }

    private static void shape(SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        hold(job, number(after.attempt()) >= number(before.attempt()), "its attempt went back");
        var mostLosses = after.state().finished() ? Limits.WORKER_LOSSES : Limits.WORKER_LOSSES - 1;
        hold(job, number(after.workerLosses()) <= mostLosses, "lost too often: " + after.workerLosses());
        if (after.state() == State.PENDING) hold(job, after.worker() == null, "Pending with a worker");
        if (after.state() == State.STARTED) hold(job, after.worker() != null, "Started without a worker");
        if (!after.state().occupying()) hold(job, after.stop() == null, "a stop without a run");
        if (after.state().finished()) hold(job, after.finishedTime() != null, "finished at no time");
        var attempts = attemptsOf(after);
        hold(job, attempts.size() == new HashSet<>(attempts).size(), "two outcomes of one attempt: " + attempts);
    }

    private void attempts(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        if (number(after.attempt()) == number(before.attempt())) return;
        hold(job, number(after.attempt()) == number(before.attempt()) + 1, "more than the next attempt is reserved");
        hold(job, before.stop() == null, "a new attempt is reserved while a stop stands");
        for (var run : reality.runsOf(SimCaches.uid(job))) {
            // A leader that was frozen goes on for a moment: then two of them are at work.
            if (run.ended.isEmpty() && !isLeader.test(by)) run.harm.add(Harm.LATE);
            if (!run.harm.isEmpty()) continue;
            hold(
                    job,
                    run.ended.isPresent() || (run.told && run.started.isEmpty()),
                    "a new attempt is reserved while " + run.pod + " runs unharmed");
            hold(
                    job,
                    run.attempt != number(before.attempt())
                            || attemptsOf(before).contains(run.attempt),
                    "a new attempt is reserved though nobody has recorded what became of " + run.pod);
        }
    }

    private static List<@Nullable Integer> attemptsOf(SyncJobStatus status) {
        var history = requireNonNullElse(status.history(), List.<SyncJobStatus.Attempt>of());
        return history.stream()
                .<@Nullable Integer>map(SyncJobStatus.Attempt::attempt)
                .toList();
    }

    /** One of our processes deletes this pod, as it is stored. */
    void deleting(String by, SimPod pod, Optional<SyncJob> job) {
        var run = reality.run(pod.view().name()).orElseThrow();
        job.ifPresent(known -> {
            var status = JobFields.statusOf(known);
            var current = number(status.attempt()) == run.attempt && status.stop() == null;
            var unharmed = run.harm.isEmpty() && !run.told && run.ended.isEmpty();
            var working = status.state().occupying() && pod.view().name().equals(status.worker());
            hold(
                    known,
                    pod.view().ended() || !current || !(unharmed || working),
                    "its pod of the current attempt is deleted by " + by + " though nothing stops it");
        });
        run.told = true;
    }

    /** True when nothing more can happen to any job. */
    boolean isOver(Collection<SyncJob> jobs, Collection<SimPod> pods) {
        return pods.isEmpty()
                && jobs.stream()
                        .filter(this::mayRun)
                        .allMatch(job -> JobFields.statusOf(job).state().finished() && !hasCommand(job));
    }

    /** After the trouble: everything has come to its end, and nothing is left behind. */
    void atTheEnd(Collection<SyncJob> jobs, Collection<SimPod> pods) {
        for (var job : jobs) {
            var status = JobFields.statusOf(job);
            hold(
                    job,
                    status.state().finished() || !mayRun(job),
                    "has not come to an end: " + status.state() + " " + status.message());
            hold(
                    job,
                    !hasCommand(job),
                    "a command was left behind: " + job.getMetadata().getAnnotations());
        }
        for (var pod : pods) throw new Broken(pod.job(), "its pod is left behind: " + pod.view());
    }

    static boolean hasCommand(SyncJob job) {
        return !requireNonNullElse(job.getMetadata().getAnnotations(), Map.of()).isEmpty();
    }

    static void hold(SyncJob job, boolean promise, String otherwise) {
        if (!promise) throw new Broken(job.getMetadata().getName(), otherwise);
    }

    static int number(@Nullable Integer counter) {
        return requireNonNullElse(counter, 0);
    }
}
