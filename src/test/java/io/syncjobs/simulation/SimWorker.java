package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.attempt;
import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.core.WorkerEnd;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.index.LeaseEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A worker: its agent and its handler, as the protocol has them. It can be killed, frozen, cut off and told to end. */
final class SimWorker extends SimProcess {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** What is to be written about a run, once its handler has ended. */
    private enum Result {
        NONE,
        DONE,
        FAILED,
        ENDED
    }

    /** A job that this life of the agent has taken. */
    private static final class Held {
        private SyncJob job;
        private boolean started;
        private boolean writing;
        private boolean told;
        private boolean lost;
        private Result result = Result.NONE;

        Held(SyncJob job) {
            this.job = job;
        }
    }

    private final WarmJudge judge;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Map<String, SyncJob> waiting = new LinkedHashMap<>();
    private boolean draining;
    private int renewals;
    private Instant cutOffUntil = World.START;

    SimWorker(World world, ApiServer api, WarmJudge judge, String identity) {
        super(world, api, identity);
        this.judge = judge;
        api.pool().putPod(identity, Optional.empty());
        in(world.seconds(1, 4), () -> {
            beat();
            api.watchJobs(new Watch<>(world, this, (uid, job) -> job.ifPresentOrElse(this::look, () -> left(uid))));
            sweep();
        });
    }

    // --- what happens to it ---

    /** Its pod is deleted by force. */
    void kill() {
        judge.dies(identity());
        die("killed");
        world.in(world.seconds(0, 3), () -> api.pool().removePod(identity()));
    }

    void stopFor(Duration time) {
        judge.harmed(identity());
        freeze(time);
    }

    /** No request of it arrives; its handler goes on. */
    void cutOff(Duration time) {
        judge.harmed(identity());
        cutOffUntil = world.now().plus(time);
    }

    /** Its pod is told to end: it gives back what does not end in time. */
    void drain() {
        if (draining) return;
        draining = true;
        api.pool().putPod(identity(), Optional.of(new WorkerEnd(Source.POOL, List.of("Deleted"), "", "was deleted")));
        beatOnce();
        List.copyOf(waiting.values()).forEach(this::giveBack);
        in(GRACE, this::giveAllBack);
        world.in(GRACE.plusSeconds(20), () -> {
            if (isAlive()) {
                judge.dies(identity());
                die("ended");
            }
            api.pool().removePod(identity());
        });
    }

    private void giveAllBack() {
        List.copyOf(held.values()).forEach(run -> {
            if (run.started && run.result == Result.NONE) end(run, Result.ENDED);
        });
        List.copyOf(waiting.values()).forEach(this::giveBack);
    }

    // --- its Lease ---

    private void beat() {
        beatOnce();
        in(HEARTBEAT, this::beat);
    }

    private void beatOnce() {
        renewals++;
        var count = renewals;
        var state = draining ? LeaseEntry.State.DRAINING : LeaseEntry.State.READY;
        send("-", "renews", () -> api.pool().renew(identity(), count, state), renewed -> {}, refusal -> {});
    }

    private <T> void send(
            String job,
            Object what,
            java.util.function.Supplier<T> effect,
            java.util.function.Consumer<T> then,
            java.util.function.Consumer<Refused> otherwise) {
        if (world.now().isBefore(cutOffUntil))
            in(Duration.ofSeconds(3), () -> otherwise.accept(new Refused(503, "cut off")));
        else call(job, what, effect, then, otherwise);
    }

    // --- its jobs ---

    /** A watch may have missed something. */
    private void sweep() {
        new ArrayList<>(held.values()).forEach(run -> {
            if (!run.writing) read(run.job);
        });
        in(Duration.ofSeconds(20), this::sweep);
    }

    private boolean isMine(SyncJob job) {
        var status = Observation.statusOf(job);
        return status.state().occupying() && identity().equals(status.worker());
    }

    private void look(SyncJob job) {
        var run = held.get(uid(job));
        if (run != null) {
            look(run, job);
            return;
        }
        waiting.remove(uid(job));
        if (!isMine(job)) return;
        var status = Observation.statusOf(job);
        if (status.stop() != null) write(job, new Step.FinishStop());
        else if (status.state() == State.STARTED || draining) giveBack(job);
        else if (held.size() < SimPool.SLOTS) take(job);
        else waiting.put(uid(job), job);
    }

    private void look(Held run, SyncJob job) {
        if (Observation.versionOf(job) < Observation.versionOf(run.job)) return;
        var same = isMine(job) && attempt(job) == attempt(run.job);
        run.job = same ? job : run.job;
        if (!same) lose(run);
        else if (Observation.statusOf(job).stop() != null && !run.told) tell(run);
        else if (run.started && run.result != Result.NONE) report(run);
    }

    private void left(String uid) {
        waiting.remove(uid);
        var run = held.get(uid);
        if (run != null) lose(run);
    }

    /** It is somebody else's now, or finished: whatever its handler does is of no use any more. */
    private void lose(Held run) {
        if (run.lost) return;
        run.lost = true;
        in(world.seconds(0, 3), () -> free(run));
    }

    private void free(Held run) {
        if (held.remove(uid(run.job)) == null) return;
        if (run.started && run.result == Result.NONE) judge.ends(run.job, false);
        List.copyOf(waiting.values()).stream().findFirst().ifPresent(this::look);
    }

    /** The run must end: its handler is told, and answers soon. */
    private void tell(Held run) {
        run.told = true;
        in(world.seconds(0, 4), () -> {
            if (run.started && run.result == Result.NONE) end(run, Result.ENDED);
            else report(run);
        });
    }

    private void take(SyncJob job) {
        var run = new Held(job);
        held.put(uid(job), run);
        run.writing = true;
        var start = new Step.Start(world.now(), "handler");
        send(
                name(job),
                start,
                () -> api.writeStatus(identity(), job, Statuses.after(job, start, world.now())),
                now -> {
                    run.writing = false;
                    run.job = now;
                    run.started = true;
                    judge.begins(identity(), now);
                    var length =
                            world.fault(0.05, "warm runs that hang") ? Duration.ofMinutes(5) : world.seconds(0, 40);
                    var result = world.isTrouble() && world.pick(5) == 0 ? Result.FAILED : Result.DONE;
                    in(length, () -> end(run, result));
                },
                refusal -> {
                    // Its own write may have been done: what the job says decides, in a new life of this run.
                    held.remove(uid(job));
                    in(world.seconds(1, 3), () -> read(job));
                });
    }

    private void end(Held run, Result result) {
        if (run.result != Result.NONE || !held.containsKey(uid(run.job))) return;
        run.result = result;
        judge.ends(run.job, result == Result.DONE);
        report(run);
    }

    private void report(Held run) {
        if (run.writing || !isMine(run.job)) return;
        run.writing = true;
        var job = run.job;
        var step = step(run);
        send(
                name(job),
                step,
                () -> api.writeStatus(identity(), job, Statuses.after(job, step, world.now())),
                now -> {
                    run.writing = false;
                    run.job = now;
                    free(run);
                },
                refusal -> {
                    run.writing = false;
                    in(world.seconds(1, 5), () -> read(job));
                });
    }

    private Step.Change step(Held run) {
        var status = Observation.statusOf(run.job);
        if (status.stop() != null) return new Step.FinishStop();
        return switch (run.result) {
            case DONE -> new Step.End(State.DONE, Reason.COMPLETED, "done", null, null, null);
            case FAILED -> new Step.End(State.FAILED, Reason.JOB_FAILED, "no such article", null, null, null);
            case ENDED, NONE ->
                new Step.RecordLoss(true, Reason.WORKER_DIED, identity() + " gives it back", world.now());
        };
    }

    private void giveBack(SyncJob job) {
        waiting.remove(uid(job));
        write(job, new Step.RecordLoss(true, Reason.WORKER_DIED, identity() + " gives it back", world.now()));
    }

    private void write(SyncJob job, Step.Change step) {
        send(
                name(job),
                step,
                () -> api.writeStatus(identity(), job, Statuses.after(job, step, world.now())),
                now -> {},
                refusal -> in(world.seconds(1, 5), () -> read(job)));
    }

    private void read(SyncJob job) {
        send(
                name(job),
                "reads the job",
                () -> api.readJob(uid(job)),
                found -> found.ifPresentOrElse(this::look, () -> left(uid(job))),
                refusal -> in(world.seconds(1, 5), () -> read(job)));
    }

    boolean isIdle() {
        return held.isEmpty() && Objects.requireNonNull(waiting).isEmpty();
    }
}
