package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Course;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.job.Step.Explain;
import io.syncjobs.core.job.Step.Inspect;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.job.Step.Retry;
import io.syncjobs.core.job.Step.Stop;
import io.syncjobs.core.job.Step.Wait;
import io.syncjobs.core.run.PodEvents;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.PodTemplates;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Signals;
import java.time.Instant;
import java.util.Optional;

/**
 * A job whose worker has not begun. Its status says what holds it up; it gets another pod where that helps; and it ends when its
 * time is over.
 */
final class Starts {
    private Starts() {}

    static Step starting(Observation seen, PodView pod, PodOutcome.Starting found) {
        var toPool = toPool(seen);
        if (toPool.isPresent()) return toPool.get();
        if (isOfAnotherTemplate(seen, pod)) {
            var message = "the template has changed since its pod was made, which had not started; it gets another one";
            return new Stop(State.PENDING, Reason.TEMPLATE_CHANGED, message, null, null);
        }
        var slow = !seen.now().isBefore(pod.created().plus(Limits.POD_SLOW));
        if (!slow || !found.why().row().vague() || seen.status().state() != State.ENQUEUED)
            return starting(seen, pod, withCauseToldBefore(seen, pod, found), slow);
        // The pod's status does not say why it takes so long. Its events may.
        if (!seen.wasLookedAt(Subject.EVENTS)) return new Inspect(Subject.EVENTS, pod.uid());
        var told = withEvent(seen, pod, found);
        return starting(seen, pod, withCauseToldBefore(seen, pod, told), true);
    }

    private static Step starting(Observation seen, PodView pod, PodOutcome.Starting starting, boolean slow) {
        if (!seen.now().isBefore(startBy(seen))) {
            return neverStarted(seen, starting.why(), starting.container(), starting.message(), true);
        }
        var message = advised(seen, starting.why(), starting.container(), starting.message());
        return (slow || starting.why().course() == Course.WAIT)
                        && (isCauseAtLast(seen, starting)
                                || Told.differs(seen.status(), starting.why().reason(), message, seen.now()))
                ? new Explain(starting.why().reason(), message)
                : new Wait(Optional.of(lookAgain(seen, pod)));
    }

    /**
     * The queue was given to a pool, so its template is gone, and a pod that does not start would hold its place until its time is
     * over. Empty if the job still has a template.
     */
    static Optional<Step> toPool(Observation seen) {
        var pool = seen.queueOrBuiltIn().workerPool();
        if (pool == null || seen.job().getSpec().template() != null) return Optional.empty();
        var message =
                "the queue was given to pool " + pool + " before the job's pod had started; a worker gets the job";
        return Optional.of(new Stop(State.PENDING, Reason.TEMPLATE_CHANGED, message, null, null));
    }

    /** Until now the status says that nobody has said why. */
    private static boolean isCauseAtLast(Observation seen, PodOutcome.Starting now) {
        return requireNonNullElse(seen.status().message(), "").contains(PodOutcome.NO_CAUSE)
                && !now.message().contains(PodOutcome.NO_CAUSE);
    }

    /** There is no pod, or the pod came to nothing. The status says so, and another pod is made in time. */
    static Step notTaken(Observation seen, Verdict why, String words, Instant tryAgain, Step again) {
        if (!seen.now().isBefore(startBy(seen))) return neverStarted(seen, why, "", words, false);
        var message = advised(seen, why, "", words);
        if (Told.differs(seen.status(), why.reason(), message, seen.now())) {
            return new Explain(why.reason(), message);
        }
        return seen.now().isBefore(tryAgain) ? new Wait(Optional.of(tryAgain)) : again;
    }

    /**
     * The queue's template was changed, and perhaps mended. A pod that has not started has no work to lose, so it is replaced.
     */
    private static boolean isOfAnotherTemplate(Observation seen, PodView pod) {
        var made = pod.made().template();
        return !made.isEmpty()
                && PodTemplates.of(seen.job(), seen.queueOrBuiltIn())
                        .filter(template -> !template.fingerprint().equals(made))
                        .isPresent();
    }

    private static PodOutcome.Starting withEvent(Observation seen, PodView pod, PodOutcome.Starting found) {
        return PodEvents.telling(pod, seen.inspected().events(), seen.now())
                .map(event -> PodOutcome.of(pod.with(event)))
                .filter(PodOutcome.Starting.class::isInstance)
                .map(PodOutcome.Starting.class::cast)
                .orElse(found);
    }

    /** While a kubelet backs off it reports only that. The cause that it reported before still counts. */
    private static PodOutcome.Starting withCauseToldBefore(Observation seen, PodView pod, PodOutcome.Starting now) {
        var status = seen.status();
        if (!now.why().row().vague() || !now.why().reason().toString().equals(status.reason())) return now;
        var before = Text.withoutAdvice(requireNonNullElse(status.message(), ""));
        var waiting = new PodView.Container.Waiting("ErrImagePull", before);
        var why = Signals.ofWaiting(pod, waiting);
        return why.reason() == now.why().reason() && !why.row().vague()
                ? new PodOutcome.Starting(why, now.container(), before)
                : now;
    }

    private static Step neverStarted(Observation seen, Verdict why, String container, String words, boolean hasPod) {
        var message = Text.message(
                "did not start within " + seen.settings().podStart().toSeconds() + " s; " + words);
        var scene = seen.scene(container);
        var retry = Lifecycle.effective(seen).retry();
        var retries = JobFields.retriesOf(seen.job());
        if (Policies.retriesAny(retry) && Policies.mayRetry(retry, retries)) {
            var error = error(why, message, why.whileItIsRetried(scene));
            var notBefore = Failures.notBefore(seen, retry, retries, null);
            return hasPod
                    ? new Stop(State.PENDING, Reason.RETRY_BACKOFF, message, error, notBefore)
                    : new Retry(notBefore, message, error, null);
        }
        var error = error(why, message, why.whenItHasEnded(scene));
        return hasPod
                ? new Stop(State.FAILED, Reason.POD_NEVER_STARTED, message, error, null)
                : new End(State.FAILED, Reason.POD_NEVER_STARTED, message, error, null);
    }

    private static JobError error(Verdict why, String message, String resolution) {
        return new JobError(why.reason().toString(), message, null, Text.message(resolution), null);
    }

    private static String advised(Observation seen, Verdict why, String container, String words) {
        return Text.withAdvice(words, why.whileItGoesOn(seen.scene(container)));
    }

    /** Once when the pod begins to be slow, and then regularly: its events arrive without a change of the pod. */
    private static Instant lookAgain(Observation seen, PodView pod) {
        var slow = pod.created().plus(Limits.POD_SLOW);
        var next = seen.now().isBefore(slow) ? slow : seen.now().plus(Limits.POD_SLOW);
        return next.isBefore(startBy(seen)) ? next : startBy(seen);
    }

    private static Instant startBy(Observation seen) {
        return seen.watched(requireNonNullElse(seen.status().enqueuedTime(), seen.now()))
                .plus(seen.settings().podStart());
    }
}
