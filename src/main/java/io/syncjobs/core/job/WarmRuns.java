package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Fact;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Step.Explain;
import io.syncjobs.core.job.Step.FinishStop;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.job.Step.Start;
import io.syncjobs.core.job.Step.Wait;
import io.syncjobs.core.run.Run.WorkerRun;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The life of a job that a warm worker has, as the operator sees it. The worker's agent writes how the run begins and ends. The
 * operator does what an agent cannot do: it takes jobs from a worker that is dead or does not start them, and it ends a run whose
 * time is over or that somebody wants to end.
 */
final class WarmRuns {
    /** Reasons of a started job that do not hold any more once its worker is heard and the job can be handled. */
    private static final Set<String> OVER_WHEN_HEARD =
            Set.of(Reason.WORKER_DIED.toString(), Reason.INTERNAL_ERROR.toString());

    private WarmRuns() {}

    static Step next(Observation seen, WorkerRun run) {
        return switch (run.worker()) {
            case WorkerView.Gone gone when !gone.seen() -> seen.afterLookAt(Subject.WORKER, () -> decided(seen, run));
            case WorkerView.Silent silent -> afterSilence(seen, decided(seen, run));
            case WorkerView other -> decided(seen, run);
        };
    }

    /**
     * The worker may have renewed its Lease before the watch shows it. So the Lease is read before anything is done about a
     * silence.
     */
    private static Step afterSilence(Observation seen, Step step) {
        return step instanceof Step.Change && !(step instanceof Explain)
                ? seen.afterLookAt(Subject.LEASE, () -> step)
                : step;
    }

    private static Step decided(Observation seen, WorkerRun run) {
        if (seen.status().worker() == null) return withoutWorker(seen);
        if (seen.status().stop() != null) return stopping(seen, run.worker());
        if (seen.job().isMarkedForDeletion()) return Stops.ofDeletion();
        return seen.status().state() == State.ENQUEUED ? enqueued(seen, run) : started(seen, run);
    }

    /** Nobody can have started it. */
    private static Step withoutWorker(Observation seen) {
        if (seen.status().stop() != null) return new FinishStop();
        return lostBeforeStart(seen, "it was enqueued without a worker");
    }

    /** The worker has the job and has not reported its start, so nothing that goes wrong counts against the job. */
    private static Step enqueued(Observation seen, WorkerRun run) {
        return switch (run.worker()) {
            case WorkerView.Gone gone -> lostBeforeStart(seen, gone.end().story());
            case WorkerView.Silent silent
            when isOver(seen, silent.deadAt()) -> lostBeforeStart(seen, story(seen, silent));
            case WorkerView.Silent silent ->
                withdrawn(seen, "NotTaken", "it has been silent since " + told(silent.since()));
            case WorkerView.Alive alive ->
                withdrawn(
                        seen,
                        alive.handlerSilent() ? "HandlerNotReady" : "NotTaken",
                        alive.message().isEmpty() ? "" : "it says: " + alive.message());
            case WorkerView.Unknown unknown -> withdrawn(seen, "NotTaken", "");
        };
    }

    private static Step lostBeforeStart(Observation seen, String story) {
        return Losses.lost(seen, verdict("BeforeStart"), story);
    }

    /** The worker has not started the job in time, for whatever reason. Another worker may be free. */
    private static Step withdrawn(Observation seen, String code, String detail) {
        var given = seen.watched(requireNonNullElse(seen.status().enqueuedTime(), seen.now()));
        var until = given.plus(Limits.TAKEN_WITHIN);
        if (!isOver(seen, until)) return new Wait(Optional.of(until));
        var story = "worker " + seen.status().worker() + " did not take it within " + Limits.TAKEN_WITHIN.toSeconds()
                + " s" + (detail.isEmpty() ? "" : "; " + detail);
        return Losses.lost(seen, verdict(code), story);
    }

    private static Step started(Observation seen, WorkerRun run) {
        return switch (run.worker()) {
            case WorkerView.Gone gone ->
                Losses.lost(seen, verdict(gone.end()), gone.end().story());
            case WorkerView.Silent silent
            when isOver(seen, silent.deadAt()) -> Losses.lost(seen, verdict("Silent"), story(seen, silent));
            case WorkerView.Silent silent when isOver(seen, silent.timeOver()) -> oneOfMany(seen, silent);
            case WorkerView.Silent silent -> untilDeadline(seen, Optional.of(silent.timeOver()));
            case WorkerView.Alive alive -> heardAgain(seen, run).orElseGet(() -> untilDeadline(seen, Optional.empty()));
            case WorkerView.Unknown unknown -> untilDeadline(seen, Optional.empty());
        };
    }

    /**
     * Most workers of the pool have fallen silent at the same time. The operator itself may be cut off, so no job is run again
     * for that reason alone.
     */
    private static Step oneOfMany(Observation seen, WorkerView.Silent silent) {
        var pool = Lifecycle.effective(seen).workerPool();
        var message = Text.message("worker " + seen.status().worker() + " has been silent since " + told(silent.since())
                + ", and so are most workers of pool " + pool
                + ": the job runs again when their pods or nodes are seen to have ended, at the latest at "
                + told(silent.deadAt())
                + "; look at the API server, the network and kubectl get leases -l " + Names.POOL + "="
                + pool);
        if (!Reason.WORKER_DIED.toString().equals(seen.status().reason()))
            return new Explain(Reason.WORKER_DIED, message);
        return untilDeadline(seen, Optional.of(silent.deadAt()));
    }

    /**
     * The worker is alive again, so the message about its silence is replaced. So is one about a failure of the operator: that it has
     * come this far says that it can handle the job again.
     */
    private static Optional<Step> heardAgain(Observation seen, WorkerRun run) {
        var began = seen.status().startedTime();
        if (began == null
                || !OVER_WHEN_HEARD.contains(requireNonNullElse(seen.status().reason(), ""))) return Optional.empty();
        return Optional.of(new Start(began, run.container()));
    }

    private static Step untilDeadline(Observation seen, Optional<Instant> lookAgain) {
        var step = Lifecycle.withinDeadline(seen);
        return step instanceof Wait stay && lookAgain.isPresent() ? stay.orAt(lookAgain.get()) : step;
    }

    /** Normally the agent ends the run and writes so. If the agent cannot, the operator does. */
    private static Step stopping(Observation seen, WorkerView worker) {
        var stop = seen.status().stop();
        var since = seen.watched(stop == null ? seen.now() : stop.time());
        var giveUp = since.plus(patience(seen, worker));
        var dead = worker instanceof WorkerView.Gone
                || (worker instanceof WorkerView.Silent silent && isOver(seen, silent.deadAt()));
        return dead || isOver(seen, giveUp) ? new FinishStop() : new Wait(Optional.of(giveUp));
    }

    /** A living worker may be in the middle of the job. It gets as much time as a silent worker gets before it counts as dead. */
    private static Duration patience(Observation seen, WorkerView worker) {
        var own = worker instanceof WorkerView.Silent silent
                ? Duration.between(silent.since(), silent.timeOver())
                : Duration.ZERO;
        var settings = seen.settings().deadAfter();
        return own.compareTo(settings) > 0 ? own : settings;
    }

    private static String story(Observation seen, WorkerView.Silent silent) {
        return "worker " + seen.status().worker() + " has been silent since " + told(silent.since())
                + " and counts as dead";
    }

    private static Instant told(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static boolean isOver(Observation seen, Instant time) {
        return !seen.now().isBefore(time);
    }

    private static Verdict verdict(String code) {
        return Blame.of(Signal.of(Source.POOL, code, ""));
    }

    /** The verdict on a worker that had begun the job. */
    private static Verdict verdict(WorkerEnd end) {
        return Blame.of(new Signal(end.source(), List.copyOf(end.codes()), end.words(), Set.of(Fact.BEGUN)));
    }
}
