package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.job.Step.DeletePod;
import io.syncjobs.core.job.Step.FinishStop;
import io.syncjobs.core.job.Step.Wait;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Reservation;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Ends a run that has a pod of its own: deletes the pod and waits until it is gone. */
final class Stops {
    /** The reasons of stops that no person requested: a time was over, or the template has changed. */
    private static final Set<String> STOPS_FOR_TIME = Set.of(
            Reason.DEADLINE_EXCEEDED.toString(),
            Reason.RETRY_BACKOFF.toString(),
            Reason.POD_NEVER_STARTED.toString(),
            Reason.TEMPLATE_CHANGED.toString());

    private Stops() {}

    /** Somebody has deleted the job, and something still holds it. */
    static Step ofDeletion() {
        var message = "the job is being deleted, so its run ends";
        return new Step.Stop(State.CANCELLED, Reason.CANCELLED_BY_USER, message, null, null);
    }

    /**
     * The worker of a stopped run is gone when its pod is gone, when its container has ended, or when the operator has waited
     * long enough.
     */
    static Step next(Observation seen) {
        return successInTime(seen).orElseGet(() -> endRun(seen));
    }

    /** After an outage a node may report late that the run had succeeded before its deadline. Then there was nothing to stop. */
    private static Optional<Step> successInTime(Observation seen) {
        var stop = seen.status().stop();
        if (stop == null || !STOPS_FOR_TIME.contains(requireNonNullElse(stop.reason(), ""))) return Optional.empty();
        return seen.current()
                .filter(pod -> pod.worker() instanceof PodView.Container.Terminated end
                        && pod.endTime()
                                .isBefore(Lifecycle.deadline(seen, end.started().orElse(pod.created()))))
                .flatMap(pod -> PodOutcome.of(pod) instanceof PodOutcome.Succeeded succeeded
                        ? Optional.of(Successes.next(seen, pod, succeeded, kill -> endRun(seen)))
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

    /** Never before the pod's grace period is over: until then a worker on a living node may still be working. */
    private static Instant giveUp(Observation seen, Optional<PodView> alive) {
        var patience = stopSince(seen, alive).plus(seen.settings().deadAfter());
        return alive.flatMap(PodView::silentAt)
                .map(silent -> Lifecycle.later(silent, patience))
                .orElse(patience);
    }

    /** Since when the run has been told to end while this operator was watching. */
    private static Instant stopSince(Observation seen, Optional<PodView> alive) {
        var stop = seen.status().stop();
        var since = seen.watched(stop == null ? seen.now() : stop.time());
        return alive.flatMap(PodView::deletion)
                .map(PodView.Deletion::asked)
                .map(asked -> Lifecycle.later(asked, since))
                .orElse(since);
    }
}
