package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Step.CreatePod;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.job.Step.Explain;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.job.Step.RecordLoss;
import io.syncjobs.core.job.Step.Reserve;
import io.syncjobs.core.job.Step.Start;
import io.syncjobs.core.job.Step.Stop;
import io.syncjobs.core.job.Step.Wait;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.core.run.Payloads;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.run.Signals;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The life of a job: from what is known at one moment to the next step. Read it from top to bottom. */
public final class Lifecycle {
    private Lifecycle() {}

    /** The next step. It is an {@link Step.Inspect} if the caches alone must not decide. */
    public static Step next(Observation seen) {
        var step = Commands.next(seen).orElseGet(() -> switch (seen.status().state()) {
            case PENDING -> pending(seen);
            case ENQUEUED, STARTED ->
                seen.run() instanceof Run.WorkerRun warm ? WarmRuns.next(seen, warm) : isolated(seen);
            case DONE, FAILED, CANCELLED -> new Wait(OldPods.nextDeletion(seen));
        });
        // Deleting old pods comes last: a pod that cannot be deleted must not hold up its job.
        return step instanceof Wait ? OldPods.toDelete(seen).orElse(step) : step;
    }

    /**
     * The watch may lag behind, and a pod may have reported its result just before it was deleted. So both are checked before a
     * run is given up.
     */
    private static Step isolated(Observation seen) {
        if (isMissing(seen) && !seen.wasLookedAt(Subject.POD)) return seen.lookAt(Subject.POD);
        var step = seen.status().stop() != null ? Stops.next(seen) : mustEnd(seen) ? Stops.ofDeletion() : running(seen);
        if (!givesUp(seen, step)) return step;
        return seen.afterLookAt(seen.current().isPresent() ? Subject.POD : Subject.LAST_STATE, () -> step);
    }

    /** True for a job that is being deleted, unless its pod has ended already. Whatever holds the job may take its time. */
    private static boolean mustEnd(Observation seen) {
        return seen.job().isMarkedForDeletion()
                && seen.current().filter(PodView::ended).isEmpty();
    }

    /** True if the caches lack the pod of this attempt although it may exist. */
    private static boolean isMissing(Observation seen) {
        return seen.status().worker() != null
                && seen.current().isEmpty()
                && !(seen.reservation() instanceof Reservation.Mine);
    }

    /** True for a step that gives up a pod before anybody knows how the pod ended. */
    private static boolean givesUp(Observation seen, Step step) {
        var hasPod = seen.current().isPresent();
        return switch (step) {
            case RecordLoss loss -> true;
            case End end -> end.reason() == Reason.WORKER_LOST;
            case Stop stop -> hasPod;
            // The pod was created, and it was deleted before its worker was seen running.
            case Reserve reserve -> !hasPod && seen.reservation() instanceof Reservation.Created;
            case Explain explain -> !hasPod && seen.reservation() instanceof Reservation.Created;
            case Step other -> false;
        };
    }

    /**
     * True if something may have to be done for the job now or later. False for a job that waits for a place or is finished,
     * whose pods are handled separately. False also for a job that a warm worker has: the index says when such a job needs a
     * step.
     */
    public static boolean hasWork(SyncJob job) {
        var status = JobFields.statusOf(job);
        return (status.state().occupying() && !isLeftToItsWorker(job))
                || Command.anyOn(job)
                || (status.state() == State.PENDING
                        && Payloads.problem(job.getSpec().payload()).isPresent());
    }

    /**
     * True if a change of the job must wake the reconciler: something may have to be done for it, or it may have pods of its own.
     */
    public static boolean wakes(SyncJob job) {
        var status = JobFields.statusOf(job);
        return hasWork(job)
                || (status.attempt() != null && JobFields.poolOf(status).isEmpty());
    }

    private static boolean isLeftToItsWorker(SyncJob job) {
        var status = JobFields.statusOf(job);
        return JobFields.isWarm(job) && status.worker() != null && status.stop() == null && !job.isMarkedForDeletion();
    }

    /** Whether a waiting job may run is decided in {@code core.queue}. This only ends a job that can never run. */
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
        if (seen.status().worker() == null) return Starts.toPool(seen).orElseGet(() -> reserve(seen));
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
        if (pod.lacksLastWord()) {
            var heard = pod.endTime().plus(Limits.LAST_WORD);
            if (seen.now().isBefore(heard)) return new Wait(Optional.of(heard));
        }
        return switch (PodOutcome.of(pod)) {
            case PodOutcome.Starting starting ->
                // A kubelet that restarts, and does not take a pod again, empties the status of its containers first.
                seen.status().state() == State.STARTED ? runsOn(seen, pod) : Starts.starting(seen, pod, starting);
            case PodOutcome.Running running ->
                begins(seen) ? new Start(began(seen, pod, running), pod.workerName()) : runsOn(seen, pod);
            case PodOutcome.Succeeded succeeded -> Successes.next(seen, pod, succeeded);
            case PodOutcome.Failed failed ->
                seen.afterLog(failed.end().container(), () -> Failures.failure(seen, failed));
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

    /**
     * True also after an internal error of the operator, which is over now. The Start then restores the message that names the
     * job's log.
     */
    private static boolean begins(Observation seen) {
        return seen.status().state() == State.ENQUEUED
                || Reason.INTERNAL_ERROR.toString().equals(seen.status().reason());
    }

    /**
     * When the worker began, by the clock of its node. That clock may be wrong, and some nodes tell no time; the time that the worker
     * has counts from then. So it is not before the pod's creation, and not in the future.
     */
    private static Instant began(Observation seen, PodView pod, PodOutcome.Running running) {
        var began = running.started().isAfter(seen.now()) ? seen.now() : running.started();
        return later(began, pod.created());
    }

    private static Step withoutPod(Observation seen) {
        if (seen.status().state() == State.STARTED) {
            var why = Signals.ofOperator("PodGone", true);
            return Losses.lost(seen, why, "its pod is gone without having told a result");
        }
        return Starts.toPool(seen).orElseGet(() -> unmade(seen));
    }

    private static Step unmade(Observation seen) {
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

    /**
     * Also replaces a reservation that another process or an earlier life of this process wrote. The pod of the old attempt may
     * still appear; it is deleted then.
     */
    private static Step reserve(Observation seen) {
        return Reserve.next(seen.job(), new Assignment.NewPod(), effective(seen));
    }

    private static Step create(Observation seen) {
        return new CreatePod(
                JobFields.attemptOf(seen.job()),
                JobFields.workerOf(seen.job()),
                seen.now().plusSeconds(effective(seen).timeoutSeconds()));
    }

    /**
     * Before a run is stopped at its deadline the pod and its log are read: the run may have ended meanwhile, and the log says
     * what took so long.
     */
    private static Step runsOn(Observation seen, PodView pod) {
        var step = withinDeadline(seen);
        if (step instanceof Wait) return step;
        return seen.afterLookAt(Subject.POD, () -> seen.afterLog(pod.workerName(), () -> step));
    }

    /**
     * The run may have ended in time before anybody reported it. An operator that has just begun to watch waits for such news.
     */
    static Step withinDeadline(Observation seen) {
        var judged = later(deadline(seen, seen.now()), seen.watchingSince().plus(Limits.NEWS));
        return seen.now().isBefore(judged) ? new Wait(Optional.of(judged)) : Failures.deadline(seen, effective(seen));
    }

    /** {@code began} is used if nobody saw the worker start. */
    static Instant deadline(Observation seen, Instant began) {
        var started = requireNonNullElse(seen.status().startedTime(), began);
        return started.plus(Duration.ofSeconds(effective(seen).timeoutSeconds()));
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Effective effective(Observation seen) {
        var frozen = seen.status().effective();
        return frozen != null ? frozen : Policies.effective(seen.job().getSpec(), seen.queueOrBuiltIn());
    }
}
