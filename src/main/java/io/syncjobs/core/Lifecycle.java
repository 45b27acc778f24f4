package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.Step.CreatePod;
import io.syncjobs.core.Step.DeletePod;
import io.syncjobs.core.Step.End;
import io.syncjobs.core.Step.Explain;
import io.syncjobs.core.Step.FinishStop;
import io.syncjobs.core.Step.RecordLoss;
import io.syncjobs.core.Step.Reserve;
import io.syncjobs.core.Step.Start;
import io.syncjobs.core.Step.Stop;
import io.syncjobs.core.Step.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The life of a job, top to bottom: from what is known at one moment, the next step. */
public final class Lifecycle {
    /** The reasons of a stop that nobody has asked for: a time was over. */
    private static final Set<String> STOPS_FOR_TIME = Set.of(
            Reason.DEADLINE_EXCEEDED.toString(),
            Reason.RETRY_BACKOFF.toString(),
            Reason.POD_NEVER_STARTED.toString(),
            Reason.TEMPLATE_CHANGED.toString());

    private Lifecycle() {}

    public static Step next(Observation seen) {
        var step = Commands.next(seen).orElseGet(() -> switch (seen.status().state()) {
            case PENDING -> pending(seen);
            case ENQUEUED, STARTED ->
                seen.run() instanceof Run.WorkerRun warm ? WarmRuns.next(seen, warm) : isolated(seen);
            case DONE, FAILED, CANCELLED -> new Wait(OldPods.nextDeletion(seen));
        });
        // Last, since a pod that cannot be deleted must not hold up its job.
        return step instanceof Wait ? OldPods.toDelete(seen).orElse(step) : step;
    }

    private static Step isolated(Observation seen) {
        return seen.status().stop() == null ? running(seen) : stopping(seen);
    }

    /**
     * False for a job for which there is nothing to do whatever time it is, unless there are pods of it: one that waits for a place,
     * or is kept after its end; and for one that a warm worker has, of which the index tells when there is.
     */
    public static boolean hasWork(SyncJob job) {
        var status = Observation.statusOf(job);
        return (status.state().occupying() && !isLeftToItsWorker(job))
                || Command.anyOn(job)
                || (status.state() == State.PENDING
                        && Payloads.problem(job.getSpec().payload()).isPresent());
    }

    /**
     * False for a job of which no change wakes anybody: nothing is to be done for it, and it has no pods of its own either, of which
     * something may be to be done.
     */
    public static boolean wakes(SyncJob job) {
        var status = Observation.statusOf(job);
        var warm = status.effective() != null && status.effective().workerPool() != null;
        return hasWork(job) || (status.attempt() != null && !warm);
    }

    private static boolean isLeftToItsWorker(SyncJob job) {
        var status = Observation.statusOf(job);
        return Observation.isWarm(job)
                && status.worker() != null
                && status.stop() == null
                && !job.isMarkedForDeletion();
    }

    /** The container whose log is worth reading before {@link #next} is asked: one that failed, or that takes too long. */
    public static Optional<String> wantsLog(Observation seen) {
        var status = seen.status();
        if (!status.state().occupying() || status.stop() != null) return Optional.empty();
        return seen.current().flatMap(pod -> switch (PodOutcome.of(pod)) {
            case PodOutcome.Failed failed -> Optional.of(failed.end().container());
            case PodOutcome.Running running
            when status.state() == State.STARTED && withinDeadline(seen) instanceof Stop ->
                Optional.of(pod.workerName());
            case PodOutcome other -> Optional.empty();
        });
    }

    /** True where the next step gives up a run whose pod is there: a watch may be late, so the API server is asked first. */
    public static boolean wantsPod(Observation seen) {
        if (seen.current().isEmpty()) return false;
        return switch (next(seen)) {
            case Stop stop -> true;
            case RecordLoss lose -> true;
            case End end -> isLoss(end);
            case Step other -> false;
        };
    }

    /** True where a warm worker counts as gone that nobody has seen: a watch may be late, so the API server is asked first. */
    public static boolean wantsWorker(Observation seen) {
        return seen.run() instanceof Run.WorkerRun warm
                && warm.worker() instanceof WorkerView.Gone gone
                && !gone.seen();
    }

    /** True for a step that gives up a pod of which nobody knows how it ended. */
    public static boolean givesUp(Observation seen, Step step) {
        if (seen.run() instanceof Run.WorkerRun) return false;
        return switch (step) {
            case RecordLoss lose -> true;
            case End end -> isLoss(end);
            // The pod was made, and is gone before it was seen to begin.
            case Reserve reserve -> seen.reservation() instanceof Reservation.Created;
            case Explain explain -> seen.reservation() instanceof Reservation.Created;
            case Step other -> false;
        };
    }

    private static boolean isLoss(End end) {
        return end.reason() == Reason.WORKER_LOST;
    }

    /** The pod whose events are worth reading: its status does not say why it takes so long to start. */
    public static Optional<PodView> wantsEvents(Observation seen) {
        if (seen.status().state() != State.ENQUEUED) return Optional.empty();
        return seen.current()
                .filter(pod -> PodOutcome.of(pod) instanceof PodOutcome.Starting starting
                        && starting.why().row().vague())
                .filter(pod -> !seen.now().isBefore(pod.created().plus(Limits.POD_SLOW)));
    }

    /** Of the warnings about a pod, latest first, the one that tells most of why it does not start. */
    public static Optional<PodView.Container.Waiting> telling(PodView pod, List<PodView.Container.Waiting> warnings) {
        return warnings.stream()
                .filter(warning -> !Signals.ofWaiting(pod, warning).row().vague())
                .findFirst()
                .or(() -> warnings.stream().findFirst());
    }

    /** Whether a waiting job may run is decided by the {@link EnqueuePass}; here only what can never run ends. */
    private static Step pending(Observation seen) {
        var problem = Payloads.problem(seen.job().getSpec().payload());
        if (problem.isEmpty()) return new Wait(OldPods.nextDeletion(seen));
        var why = Signals.ofOperator(Reason.PAYLOAD_TOO_LARGE.toString(), false);
        var advice = why.whileItIsRetried(seen.scene(""));
        var message = "spec.payload " + problem.get() + ": " + advice;
        return new End(
                State.FAILED,
                why.reason(),
                message,
                new JobError(why.reason().toString(), message, null, advice, null),
                null);
    }

    private static Step running(Observation seen) {
        if (seen.status().worker() == null) return reserve(seen);
        return seen.current().map(pod -> withPod(seen, pod)).orElseGet(() -> withoutPod(seen));
    }

    private static Step withPod(Observation seen, PodView pod) {
        var silentAt = pod.silentAt().map(at -> later(at, seen.watchingSince().plus(Limits.NODE_SILENT)));
        if (silentAt.isEmpty()) return byFate(seen, pod);
        if (!seen.now().isBefore(silentAt.get())) {
            return Losses.lost(
                    seen,
                    Signals.ofSilentNode(pod),
                    "its node has not ended the pod, long after it was told to: the node is silent");
        }
        var step = byFate(seen, pod);
        return step instanceof Wait stay ? stay.orAt(silentAt.get()) : step;
    }

    private static Step byFate(Observation seen, PodView pod) {
        return switch (PodOutcome.of(pod)) {
            case PodOutcome.Starting starting -> Starts.starting(seen, pod, starting);
            case PodOutcome.Running running ->
                begins(seen) ? new Start(running.started(), pod.workerName()) : withinDeadline(seen);
            case PodOutcome.Succeeded succeeded -> Failures.success(succeeded);
            case PodOutcome.Failed failed -> Failures.failure(seen, failed);
            case PodOutcome.Refused refused ->
                seen.status().state() == State.STARTED
                        ? Losses.lost(seen, refused.why(), refused.message())
                        : Starts.notTaken(
                                seen,
                                refused.why(),
                                refused.message(),
                                Refusals.again(seen.reservation(), pod.created()),
                                reserve(seen));
            case PodOutcome.Lost lost -> Losses.lost(seen, lost.why(), lost.message());
        };
    }

    /** Also where the operator had trouble of its own with a job that runs, which is over: it says again how to read its log. */
    private static boolean begins(Observation seen) {
        return seen.status().state() == State.ENQUEUED
                || Reason.INTERNAL_ERROR.toString().equals(seen.status().reason());
    }

    private static Step withoutPod(Observation seen) {
        if (seen.status().state() == State.STARTED) {
            var why = Signals.ofOperator("PodGone", true);
            return Losses.lost(seen, why, "its pod is gone without having told a result");
        }
        return switch (seen.reservation()) {
            case Reservation.Foreign f -> reserve(seen);
            case Reservation.Sending s -> new Wait(Optional.of(seen.now().plus(Limits.ANSWER_SOON)));
            case Reservation.Mine m -> create(seen);
            case Reservation.Refused refused ->
                Starts.notTaken(
                        seen,
                        refused.why(),
                        Refusals.told(refused.why(), refused.words()),
                        refused.tryAgain(),
                        create(seen));
            case Reservation.Unsure unsure ->
                Starts.notTaken(
                        seen,
                        unsure.why(),
                        Refusals.told(unsure.why(), unsure.words()),
                        unsure.tryAgain(),
                        reserve(seen));
            case Reservation.Created created ->
                Starts.notTaken(
                        seen,
                        Signals.ofOperator("PodGone", false),
                        "its pod was deleted before it started",
                        Refusals.again(created, created.at()),
                        reserve(seen));
        };
    }

    /** Also for a reservation that another life wrote: its pod may still come, under the old attempt, and is then deleted. */
    private static Step reserve(Observation seen) {
        var attempt = Assignment.attemptAfter(seen.status().attempt());
        return new Reserve(attempt, PodNames.of(seen.job(), attempt), effective(seen));
    }

    private static Step create(Observation seen) {
        return new CreatePod(
                requireNonNullElse(seen.status().attempt(), 0),
                requireNonNullElse(seen.status().worker(), ""),
                seen.now().plusSeconds(effective(seen).timeoutSeconds()));
    }

    /** The run may have ended in time, and nobody has told it yet: who has just begun to watch waits for that. */
    static Step withinDeadline(Observation seen) {
        var judged = later(deadline(seen, seen.now()), seen.watchingSince().plus(Limits.NEWS));
        return seen.now().isBefore(judged) ? new Wait(Optional.of(judged)) : Failures.deadline(seen, effective(seen));
    }

    /** {@code began} counts where nobody has seen the worker run. */
    private static Instant deadline(Observation seen, Instant began) {
        var started = requireNonNullElse(seen.status().startedTime(), began);
        return started.plus(Duration.ofSeconds(effective(seen).timeoutSeconds()));
    }

    /** The worker of a stopped run is gone when its pod is, when its container has ended, or when we waited long enough. */
    private static Step stopping(Observation seen) {
        return successInTime(seen).orElseGet(() -> endRun(seen));
    }

    /** After an outage a node tells late that the run had succeeded before its deadline: then there was nothing to stop. */
    private static Optional<Step> successInTime(Observation seen) {
        var stop = seen.status().stop();
        if (stop == null || !STOPS_FOR_TIME.contains(requireNonNullElse(stop.reason(), ""))) return Optional.empty();
        return seen.current()
                .filter(pod -> pod.worker() instanceof PodView.Container.Terminated end
                        && pod.endTime().isBefore(deadline(seen, end.started().orElse(pod.created()))))
                .flatMap(pod -> PodOutcome.of(pod) instanceof PodOutcome.Succeeded succeeded
                        ? Optional.of(Failures.success(succeeded))
                        : Optional.empty());
    }

    private static Step endRun(Observation seen) {
        var alive = seen.current().filter(pod -> !pod.ended());
        var giveUp = giveUp(seen, alive);
        if (alive.isEmpty() && !(seen.reservation() instanceof Reservation.Sending)) return new FinishStop();
        if (!seen.now().isBefore(giveUp)) return new FinishStop();
        return alive.filter(pod -> pod.deletion().isEmpty())
                .<Step>map(DeletePod::new)
                .orElseGet(() -> new Wait(Optional.of(giveUp)));
    }

    /** Never before its own grace period is over: until then a worker on a living node may still be at work. */
    private static Instant giveUp(Observation seen, Optional<PodView> alive) {
        var patience = stopSince(seen, alive).plus(seen.settings().deadAfter());
        return alive.flatMap(PodView::silentAt)
                .map(silent -> later(silent, patience))
                .orElse(patience);
    }

    /** Since when the run has been told to end, by an observer that was there. */
    private static Instant stopSince(Observation seen, Optional<PodView> alive) {
        var stop = seen.status().stop();
        var since = seen.watched(stop == null ? seen.now() : stop.time());
        return alive.flatMap(PodView::deletion)
                .map(PodView.Deletion::asked)
                .map(asked -> later(asked, since))
                .orElse(since);
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Effective effective(Observation seen) {
        var frozen = seen.status().effective();
        return frozen != null
                ? frozen
                : Policies.effective(seen.job().getSpec(), seen.queue().orElse(SyncQueueSpec.BUILT_IN));
    }
}
