package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.Step.CreatePod;
import io.syncjobs.core.Step.DeletePod;
import io.syncjobs.core.Step.End;
import io.syncjobs.core.Step.Explain;
import io.syncjobs.core.Step.Lose;
import io.syncjobs.core.Step.Reserve;
import io.syncjobs.core.Step.Start;
import io.syncjobs.core.Step.Stay;
import io.syncjobs.core.Step.Stop;
import io.syncjobs.core.Step.Stopped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The life of a job, top to bottom: from what is known at one moment, the next step. */
public final class Lifecycle {
    /** The reasons of a stop that nobody has asked for: a time was over. */
    private static final Set<String> STOPS_FOR_TIME = Set.of(
            Reason.DEADLINE_EXCEEDED.toString(), Reason.RETRY_BACKOFF.toString(), Reason.POD_NEVER_STARTED.toString());

    private Lifecycle() {}

    public static Step next(Observation seen) {
        var step = Commands.next(seen).orElseGet(() -> switch (seen.status().state()) {
            case PENDING -> pending(seen);
            case ENQUEUED, STARTED -> seen.status().stop() == null ? running(seen) : stopping(seen);
            case DONE, FAILED, CANCELLED -> new Stay(OldPods.nextDeletion(seen));
        });
        // Last, since a pod that cannot be deleted must not hold up its job.
        return step instanceof Stay ? OldPods.toDelete(seen).orElse(step) : step;
    }

    /** The container whose log is worth reading before {@link #next} is asked: one that failed, or that takes too long. */
    public static Optional<String> wantsLog(Observation seen) {
        var status = seen.status();
        if (!status.state().occupying() || status.stop() != null) return Optional.empty();
        return seen.current().flatMap(pod -> switch (Fate.of(pod)) {
            case Fate.Failed failed -> Optional.of(failed.end().container());
            case Fate.Running running
            when status.state() == State.STARTED && withinDeadline(seen) instanceof Stop ->
                Optional.of(pod.workerName());
            case Fate other -> Optional.empty();
        });
    }

    /** True where the next step gives up a run whose pod is there: a watch may be late, so the API server is asked first. */
    public static boolean wantsPod(Observation seen) {
        if (seen.current().isEmpty()) return false;
        return switch (next(seen)) {
            case Stop stop -> true;
            case Lose lose -> true;
            case End end -> end.reason() == Reason.WORKER_LOST;
            case Step other -> false;
        };
    }

    /** The pod whose events are worth reading: its status does not say why it takes so long to start. */
    public static Optional<PodView> wantsEvents(Observation seen) {
        if (seen.status().state() != State.ENQUEUED) return Optional.empty();
        return seen.current()
                .filter(pod -> Fate.of(pod) instanceof Fate.Starting starting
                        && starting.reason().isEmpty())
                .filter(pod -> !seen.now().isBefore(pod.created().plus(Limits.POD_SLOW)));
    }

    /** Whether a waiting job may run is decided by the {@link EnqueuePass}; here only what can never run ends. */
    private static Step pending(Observation seen) {
        var problem = Payloads.problem(seen.job().getSpec().payload());
        if (problem.isEmpty()) return new Stay(OldPods.nextDeletion(seen));
        var message = "spec.payload " + problem.get() + ": " + Resolutions.of(Reason.PAYLOAD_TOO_LARGE);
        return new End(
                State.FAILED,
                Reason.PAYLOAD_TOO_LARGE,
                message,
                Failures.platform(Reason.PAYLOAD_TOO_LARGE, message),
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
            return lost(
                    seen,
                    Fate.isPlannedOnSilentNode(pod),
                    "its node has not ended the pod, long after it was told to: the node is silent");
        }
        var step = byFate(seen, pod);
        return step instanceof Stay stay ? stay.orAt(silentAt.get()) : step;
    }

    private static Step byFate(Observation seen, PodView pod) {
        return switch (Fate.of(pod)) {
            case Fate.Starting starting -> starting(seen, pod, starting);
            case Fate.Running running ->
                seen.status().state() == State.ENQUEUED
                        ? new Start(running.started(), pod.workerName())
                        : withinDeadline(seen);
            case Fate.Succeeded succeeded -> Failures.success(succeeded);
            case Fate.Failed failed -> Failures.failure(seen, failed);
            case Fate.Lost lost -> lost(seen, lost.planned(), lost.message());
        };
    }

    private static Step withoutPod(Observation seen) {
        if (seen.status().state() == State.STARTED)
            return lost(seen, false, "its pod is gone without having told a result");
        return switch (seen.reservation()) {
            case Reservation.Foreign f -> reserve(seen);
            case Reservation.Sending s -> new Stay(Optional.of(seen.now().plus(Limits.ANSWER_SOON)));
            case Reservation.Mine m -> create(seen);
            case Reservation.Refused refused ->
                notTaken(seen, refused.reason(), refused.message(), refused.tryAgain(), create(seen));
            case Reservation.Unsure unsure ->
                notTaken(seen, unsure.reason(), unsure.message(), unsure.tryAgain(), reserve(seen));
            case Reservation.Created c -> lost(seen, false, "its pod was deleted before it started");
        };
    }

    /** Also for a reservation that another life wrote: its pod may still come, under the old attempt, and is then deleted. */
    private static Step reserve(Observation seen) {
        var attempt = requireNonNullElse(seen.status().attempt(), 0) + 1;
        return new Reserve(attempt, PodNames.of(seen.job(), attempt), effective(seen));
    }

    private static Step create(Observation seen) {
        return new CreatePod(
                requireNonNullElse(seen.status().attempt(), 0),
                requireNonNullElse(seen.status().worker(), ""),
                seen.now().plusSeconds(effective(seen).timeoutSeconds()));
    }

    private static Step starting(Observation seen, PodView pod, Fate.Starting starting) {
        if (!seen.now().isBefore(startBy(seen))) {
            var message = neverStarted(seen, starting.message());
            var reason = starting.whenSlow().orElse(Reason.POD_STARTING);
            var error = Failures.neverStarted(reason, message);
            return new Stop(State.FAILED, Reason.POD_NEVER_STARTED, message, error, null);
        }
        var slow = !seen.now().isBefore(pod.created().plus(Limits.POD_SLOW));
        return (slow ? starting.whenSlow() : starting.reason())
                .map(reason -> new Explain(reason, Resolutions.withResolution(starting.message(), reason)))
                .filter(explain -> mustTell(seen, explain.reason(), explain.message()))
                .<Step>map(explain -> explain)
                .orElseGet(() -> new Stay(Optional.of(lookAtStart(seen, pod))));
    }

    /** Once when the pod begins to be slow, then every so often: its events come without a change of the pod. */
    private static Instant lookAtStart(Observation seen, PodView pod) {
        var slow = pod.created().plus(Limits.POD_SLOW);
        var next = seen.now().isBefore(slow) ? slow : seen.now().plus(Limits.POD_SLOW);
        return next.isBefore(startBy(seen)) ? next : startBy(seen);
    }

    /** The API server has not taken the pod, as far as is known: that is told, and tried again in time. */
    private static Step notTaken(Observation seen, Reason reason, String words, Instant tryAgain, Step again) {
        if (!seen.now().isBefore(startBy(seen))) {
            var message = neverStarted(seen, words);
            var error = Failures.neverStarted(reason, message);
            return new End(State.FAILED, Reason.POD_NEVER_STARTED, message, error, null);
        }
        if (mustTell(seen, reason, words)) return new Explain(reason, words);
        return seen.now().isBefore(tryAgain) ? new Stay(Optional.of(tryAgain)) : again;
    }

    /** A reason is written when it is new; its facts alone are not worth more than a write every few minutes. */
    private static boolean mustTell(Observation seen, Reason reason, String message) {
        return Explanations.differs(seen.status(), reason, message, seen.now());
    }

    private static Instant startBy(Observation seen) {
        return seen.watched(requireNonNullElse(seen.status().enqueuedTime(), seen.now()))
                .plus(seen.settings().podStart());
    }

    private static String neverStarted(Observation seen, String why) {
        return Text.message("did not start within " + seen.settings().podStart().toSeconds() + " s; " + why);
    }

    /** The run may have ended in time, and its node has not told it yet: who has just begun to watch waits for that. */
    private static Step withinDeadline(Observation seen) {
        var judged = later(deadline(seen, seen.now()), seen.watchingSince().plus(Limits.NEWS));
        return seen.now().isBefore(judged) ? new Stay(Optional.of(judged)) : Failures.deadline(seen, effective(seen));
    }

    /** {@code began} counts where nobody has seen the worker run. */
    private static Instant deadline(Observation seen, Instant began) {
        var started = requireNonNullElse(seen.status().startedTime(), began);
        return started.plus(Duration.ofSeconds(effective(seen).timeoutSeconds()));
    }

    private static Step lost(Observation seen, boolean planned, String why) {
        var losses = requireNonNullElse(seen.status().workerLosses(), 0) + 1;
        var attempt = seen.status().attempt();
        if (planned || losses < Limits.WORKER_LOSSES) {
            var lead = "attempt " + attempt + " was lost with its worker (" + why + "); it runs again";
            var pause = planned ? Refusals.waitAfter(lossesBeforeStart(seen.status())) : Duration.ZERO;
            var then = pause.isZero() ? "" : " in " + pause.toSeconds() + " s";
            return new Lose(planned, Text.message(lead + then), seen.now().plus(pause));
        }
        var message = Text.message(losses + " attempts were lost with their worker; the last: " + why);
        return new End(State.FAILED, Reason.WORKER_LOST, message, Failures.platform(Reason.WORKER_LOST, message), null);
    }

    /** A node that refuses all pods for a while, for want of disk say, is not asked at every turn: that would be a hot loop. */
    private static int lossesBeforeStart(SyncJobStatus status) {
        var latestFirst = requireNonNullElse(status.history(), List.<SyncJobStatus.Attempt>of())
                .reversed();
        return (int) latestFirst.stream()
                .takeWhile(one -> one.outcome().equals("Lost") && one.startedTime() == null)
                .count();
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
                .flatMap(pod -> Fate.of(pod) instanceof Fate.Succeeded succeeded
                        ? Optional.of(Failures.success(succeeded))
                        : Optional.empty());
    }

    private static Step endRun(Observation seen) {
        var alive = seen.current().filter(pod -> !pod.ended());
        var giveUp = giveUp(seen, alive);
        if (alive.isEmpty() && !(seen.reservation() instanceof Reservation.Sending)) return new Stopped();
        if (!seen.now().isBefore(giveUp)) return new Stopped();
        return alive.filter(pod -> pod.deletion().isEmpty())
                .<Step>map(DeletePod::new)
                .orElseGet(() -> new Stay(Optional.of(giveUp)));
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

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Effective effective(Observation seen) {
        var frozen = seen.status().effective();
        return frozen != null
                ? frozen
                : Policies.effective(seen.job().getSpec(), seen.queue().orElse(SyncQueueSpec.BUILT_IN));
    }
}
