package io.syncjobs.simulation;

import static java.util.Objects.requireNonNull;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.simulation.Run.Harm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * What happens while all else is well: one thing goes wrong, and what follows from it must come within its time, or must not come
 * at all.
 */
final class Quiet {
    private static final Duration BEGUN = Duration.ofSeconds(5);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    /** The minute run gives what was created just after the last one. */
    private static final Duration GIVEN = Duration.ofSeconds(150);

    /** A silence is noted once a minute. */
    private static final Duration NOTED = Duration.ofSeconds(65);

    /** Dead after 90 s of silence, also where one operator saw the first minute of it, and the next one the rest. */
    private static final Duration MISSED = Duration.ofSeconds(150);

    /** Longer than a worker may be silent, and shorter than most of a pool may be. */
    private static final Duration DEAF = Duration.ofSeconds(130);

    /** The grace period is half a minute. */
    private static final Duration DRAINED = Duration.ofSeconds(31);

    /** One sweep reads what has changed, and the next one has it looked at. */
    private static final Duration SWEPT = Duration.ofSeconds(135);

    private static final int SHORT_LEADS = 4;

    private static final Duration TOLD = Duration.ofSeconds(30);

    /** So long answers to a worker are late. */
    private static final Duration LATE = Duration.ofSeconds(30);

    /** Shorter than anything may wait in calm. */
    private static final Duration SLOW = Duration.ofSeconds(25);

    /** A kubelet that is slow tells a worker to end so long after its pod was deleted. */
    private static final Duration LATE_KUBELET = Duration.ofSeconds(15);

    /** Dead after 90 s of silence; another worker begins what the dead one had within moments. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(130);

    private final World world;
    private final ApiServer api;
    private final Reality reality;
    private final WarmJudge judge;
    private final List<SimOperator> operators;
    private final List<SimWorker> workers;
    private final Erp erp;

    /** What can go wrong. Two histories in a row have each of these once. */
    private final List<Runnable> kinds = List.of(
            this::silence,
            this::deafness,
            this::isolation,
            this::drain,
            this::lateAnswers,
            this::slowWatch,
            this::lateWatch,
            this::lostEvent,
            this::lostCommand,
            this::shortLead,
            this::lostEnd,
            this::refusal);

    private final List<Runnable> left = new ArrayList<>(kinds);

    Quiet(
            int seed,
            World world,
            ApiServer api,
            WarmJudge judge,
            List<SimOperator> operators,
            List<SimWorker> workers,
            Erp erp) {
        this.world = world;
        this.api = api;
        reality = api.reality();
        this.judge = judge;
        this.operators = operators;
        this.workers = workers;
        this.erp = erp;
        Collections.shuffle(left, new SplittableRandom(seed / 2));
        if (seed % 2 > 0) Collections.reverse(left);
    }

    /** The next of what can go wrong, while jobs come and a person gives a command. */
    void happens() {
        while (!world.isCalmFor(CalmJudge.AFTERMATH)) world.runUntil(world.now().plus(TOLD));
        judge.allIsWell();
        for (var i = 0; i < 6; i++) erp.submitWarm();
        for (var i = 0; i < 3; i++) erp.submit("default", Optional.empty());
        world.in(world.seconds(0, 2), this::command);
        world.runUntil(world.now().plus(BEGUN));
        var patience = world.now().plus(GIVEN);
        while (busiest().isEmpty() && world.now().isBefore(patience))
            world.runUntil(world.now().plus(A_MOMENT));
        left.removeFirst().run();
    }

    /** Every watch tells of it. */
    private void command() {
        world.count("commands in calm");
        var job = erp.submit("default", Optional.of(world.now().plus(Duration.ofMinutes(10))));
        world.in(world.seconds(1, 2), () -> api.command(SimCaches.uid(job), Kind.CANCEL, "not wanted", "kim"));
    }

    /** The busiest worker, where one has a run. */
    private Optional<SimWorker> busiest() {
        return workers.stream()
                .filter(worker -> worker.isAlive() && worker.runs() > 0)
                .max(Comparator.comparingInt(SimWorker::runs));
    }

    /** A worker is told to end: what does not end in time it gives back itself. */
    private void drain() {
        busiest().ifPresent(worker -> {
            world.count("workers drained in quiet");
            worker.keepBusy(LATE_KUBELET.plus(DRAINED));
            worker.drain(LATE_KUBELET);
            for (var i = 1; i <= 3; i++) world.in(Duration.ofSeconds(4L * i), erp::submitWarm);
            world.runUntil(world.now().plus(LATE_KUBELET).plus(DRAINED));
            isLeftBy(worker, "which has ended in order");
        });
    }

    private void isLeftBy(SimWorker worker, String why) {
        for (var job : api.jobs().values()) {
            var status = JobFields.statusOf(job);
            Judge.hold(
                    job,
                    !status.state().occupying() || !worker.identity().equals(status.worker()),
                    "is still with " + worker.identity() + ", " + why);
        }
    }

    /** A node is lost without a word, and meanwhile the operators change. */
    private void silence() {
        var victim = busiest();
        if (victim.isEmpty()) return;
        world.count("workers silent for good");
        var begin = world.now();
        victim.get().loseNode();
        world.runUntil(begin.plus(NOTED));
        leaders().forEach(SimOperator::end);
        world.runUntil(begin.plus(MISSED));
        isLeftBy(victim.get(), "which has been silent for " + MISSED.toSeconds() + " s");
        api.pool().removePod(victim.get().identity());
    }

    /** A busy worker can reach nobody: before another one begins what it had, its agent has told its handler to end. */
    private void isolation() {
        busiest().ifPresent(worker -> {
            world.count("busy workers cut off in quiet");
            worker.keepBusy(TAKEN_OVER);
            worker.cutOff(TAKEN_OVER);
            world.runUntil(world.now().plus(TAKEN_OVER));
        });
    }

    /** All workers fall silent at once, for the API server is replaced: by one whose watches begin slowly. */
    private void deafness() {
        world.count("pools cut off");
        Instant end = world.now().plus(DEAF);
        workers.forEach(worker -> worker.cutOff(DEAF));
        judge.countsNoLossUntil(end);
        world.runUntil(end);
        api.fillCaches();
        for (var i = 0; i < 10; i++) world.in(Duration.ofSeconds(i), erp::submitWarm);
        world.runUntil(end.plus(TOLD));
    }

    /** Answers to a worker come late, and a person cancels what it has just begun. */
    private void lateAnswers() {
        busiest().ifPresent(worker -> {
            world.count("workers with late answers in quiet");
            worker.worsenLine(LATE);
            for (var i = 1; i <= 8; i++) world.in(Duration.ofSeconds(3L * i), erp::submitWarm);
            var end = world.now().plus(LATE);
            while (world.now().isBefore(end)) {
                world.runUntil(world.now().plusMillis(500));
                api.jobs().values().stream()
                        .filter(job -> isBegunUnaware(worker, job))
                        .findFirst()
                        .ifPresent(job -> api.command(SimCaches.uid(job), Kind.CANCEL, "not wanted", "jo"));
            }
        });
    }

    /** True for a job that is Started, while the answer that says so is on its way to its worker. */
    private boolean isBegunUnaware(SimWorker worker, SyncJob job) {
        var status = JobFields.statusOf(job);
        return status.state() == State.STARTED
                && worker.identity().equals(status.worker())
                && status.stop() == null
                && !Judge.hasCommand(job)
                && world.traffic().isOpen(worker, SimCaches.name(job));
    }

    /** The leader's watch of jobs is slow: what it has written itself it knows all the same. */
    private void slowWatch() {
        world.count("slow watches in quiet");
        for (var i = 0; i < 4; i++) erp.submit("default", Optional.empty());
        world.runUntil(world.now().plus(BEGUN));
        leaders().forEach(leader -> leader.slowJobs(SLOW));
        world.runUntil(world.now().plus(SLOW).plus(BEGUN));
    }

    /**
     * Another operator begins to lead, and its watch of jobs lags: what it has read of places is not undone by what it is told
     * after that. Urgent jobs, which it knows, wait for the places.
     */
    private void lateWatch() {
        world.count("hand-overs to a late watch in quiet");
        // So that the next jobs get a place at once.
        await(() -> api.jobs().values().stream()
                .noneMatch(job -> JobFields.statusOf(job).state().occupying()));
        var due = Optional.of(world.now().plus(A_MOMENT).plus(SLOW).minus(BEGUN));
        for (var queue : api.queues().keySet()) {
            for (var i = 0; i < 5; i++) erp.submitUrgent(queue, due);
        }
        world.runUntil(world.now().plus(A_MOMENT));
        operators.stream().filter(operator -> !operator.leads()).forEach(operator -> operator.slowJobs(SLOW));
        for (var queue : api.queues().keySet()) {
            for (var i = 0; i < 3; i++) erp.submit(queue, Optional.empty());
        }
        var told = world.now().plus(SLOW).plus(BEGUN);
        world.runUntil(world.now().plus(A_MOMENT).plus(A_MOMENT));
        handOver();
        world.runUntil(told);
    }

    private List<SimOperator> leaders() {
        return operators.stream().filter(SimOperator::leads).toList();
    }

    /**
     * No watch tells of a command to a job that runs, and another operator begins to lead: what it reads then must not keep its
     * sweep from finding the command.
     */
    private void lostCommand() {
        var job = erp.submit("default", Optional.empty(), 2 * (int) SWEPT.toSeconds());
        if (!begins(job)) return;
        world.count("commands to runs that no watch tells of");
        api.loseEvents(true);
        api.command(SimCaches.uid(job), Kind.SET_DONE, "not wanted", "jo");
        api.loseEvents(false);
        var end = world.now().plus(SWEPT).plus(TOLD);
        handOver();
        // Who gives these a place reads all places before.
        for (var queue : api.queues().keySet()) erp.submit(queue, Optional.empty());
        world.runUntil(end);
        Judge.hold(
                now(job),
                JobFields.statusOf(now(job)).state().finished() && !Judge.hasCommand(now(job)),
                "is not set done, though a sweep must have found the command");
    }

    /** Operators end in order just after they have begun to lead: nobody has to wait for their Leases. */
    private void shortLead() {
        for (var i = 0; i < SHORT_LEADS; i++) {
            beginsToLead();
            leaders().forEach(SimOperator::end);
            // A minute run meets an operator that leads before the next one.
            world.runUntil(world.now().plus(SWEPT));
        }
    }

    /** Another operator leads, and asks for the enqueuer's Lease just now. */
    void beginsToLead() {
        world.count("operators that begin to lead in quiet");
        handOver();
        world.runUntil(world.now().plusMillis(world.pick(150)));
    }

    /** The leader ends, and another one leads. */
    private void handOver() {
        var before = leaders();
        before.forEach(SimOperator::end);
        var end = world.now().plus(TOLD);
        while (leaders().stream().allMatch(before::contains) && world.now().isBefore(end))
            world.runUntil(world.now().plusMillis(20));
    }

    /** No watch tells of a command: a sweep finds it. */
    private void lostEvent() {
        world.count("commands that no watch tells of");
        var job = erp.submit("default", Optional.of(world.now().plus(Duration.ofMinutes(10))));
        world.runUntil(world.now().plus(BEGUN));
        api.loseEvents(true);
        api.command(SimCaches.uid(job), Kind.CANCEL, "not wanted", "jo");
        api.loseEvents(false);
        world.runUntil(world.now().plus(SWEPT));
        var now = api.readJob(SimCaches.uid(job)).orElseThrow();
        Judge.hold(
                now,
                JobFields.statusOf(now).state().finished(),
                "is not cancelled, though a sweep must have found the command");
    }

    /** No watch tells that a pod is gone: a sweep finds it. */
    private void lostEnd() {
        // Its deadline would find the end too.
        var job = erp.submit("default", Optional.empty(), 2 * (int) SWEPT.toSeconds());
        if (!begins(job)) return;
        world.count("ends that no watch tells of");
        var attempt = SimCaches.attempt(now(job));
        api.loseEvents(true);
        api.pods().all().values().stream()
                .map(SimPod::view)
                .filter(pod -> pod.name().equals(JobFields.statusOf(now(job)).worker()))
                .toList()
                .forEach(pod -> {
                    reality.harmed(pod.name(), Harm.FORCED);
                    api.pods().remove(pod.name(), pod.uid());
                });
        api.loseEvents(false);
        world.runUntil(world.now().plus(SWEPT));
        Judge.hold(
                now(job),
                !runs(job) || SimCaches.attempt(now(job)) > attempt,
                "still has its first pod, though a sweep must have found that it is gone");
    }

    private boolean begins(SyncJob job) {
        await(() -> runs(job));
        return runs(job);
    }

    private void await(BooleanSupplier what) {
        var patience = world.now().plus(SWEPT);
        while (!what.getAsBoolean() && world.now().isBefore(patience))
            world.runUntil(world.now().plusMillis(100));
    }

    private boolean runs(SyncJob job) {
        return JobFields.statusOf(now(job)).state() == State.STARTED;
    }

    private SyncJob now(SyncJob job) {
        return api.readJob(SimCaches.uid(job)).orElseThrow();
    }

    /** A policy refuses what is written to a job. */
    private void refusal() {
        world.count("policies that refuse");
        var job = erp.submit("default", Optional.of(world.now().plus(Duration.ofMinutes(10))));
        api.refuseAnnotations(true);
        api.command(SimCaches.uid(job), Kind.CANCEL, "not wanted", "jo");
        // Retention must not delete these while their command waits.
        for (var old : List.copyOf(api.jobs().values()))
            if (isKeptNoLongerThan(old, world.now().plus(TOLD)))
                api.command(SimCaches.uid(old), Kind.CANCEL, "not wanted", "jo");
        world.runUntil(world.now().plus(TOLD));
        var now = api.readJob(SimCaches.uid(job)).orElseThrow();
        Judge.hold(
                now,
                Reason.INTERNAL_ERROR.toString().equals(JobFields.statusOf(now).reason()),
                "is not told that the API server refuses what is written to it");
        api.refuseAnnotations(false);
    }

    private static boolean isKeptNoLongerThan(SyncJob job, Instant time) {
        var status = JobFields.statusOf(job);
        return status.state().finished()
                && requireNonNull(status.finishedTime())
                        .plus(Simulation.kept(status.state()))
                        .isBefore(time);
    }
}
