package io.syncjobs.core;

import static java.util.Comparator.comparing;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.EnqueuePass.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Why waiting jobs wait, and which of that is worth a write. */
public final class Explanations {
    /** Reasons of a Pending job that its last run left, and that stay true for a while. */
    private static final Set<String> FRESH = Set.of(
            Reason.WORKER_DIED.toString(),
            Reason.POD_REFUSED.toString(),
            Reason.OUT_OF_MEMORY.toString(),
            Reason.RETRY_BACKOFF.toString());

    private Explanations() {}

    /** Reasons that are plain misconfiguration: nobody has to wait a minute to hear them. */
    private static final Set<Reason> PLAIN = Set.of(Reason.QUEUE_NOT_FOUND, Reason.INVALID_TEMPLATE);

    /** The true reason of one waiting job. */
    public record Explanation(SyncJob job, Reason reason, String message) {}

    /** Who would give a place to a job that could have one. */
    public enum Enqueuer {
        /** The operator, at once. */
        EAGER,
        /** The minute run. */
        MINUTE,
        /** The minute run, but there is no operator that could start isolated jobs. */
        MINUTE_ALONE
    }

    /** The reasons of all waiting jobs, head of the queue first. Jobs that are enqueued right now have none. */
    public static List<Explanation> of(Plan plan, Enqueuer enqueuer, SchedulerHealth scheduler) {
        var all = new ArrayList<Explanation>();
        if (enqueuer != Enqueuer.EAGER) {
            plan.places().forEach(place -> all.add(forPlace(place.job(), enqueuer, scheduler)));
        }
        plan.waiting().forEach(w -> all.add(new Explanation(w.job(), w.reason(), w.message())));
        return all;
    }

    private static Explanation forPlace(SyncJob job, Enqueuer enqueuer, SchedulerHealth scheduler) {
        if (enqueuer == Enqueuer.MINUTE_ALONE) {
            return new Explanation(
                    job,
                    Reason.OPERATOR_NOT_RUNNING,
                    "no operator is running, which alone starts pods; see kubectl get pods in the operator's namespace");
        }
        return scheduler
                .problem()
                .map(reason -> new Explanation(job, reason, scheduler.message()))
                .orElseGet(() -> new Explanation(job, Reason.WAITING_FOR_TICK, "due; the next minute run enqueues it"));
    }

    /**
     * Those worth a write: long enough without a reason, or with one that is no longer true; and behind them those of which the
     * facts alone have changed, which in a long queue that moves are more than anybody can write.
     */
    public static List<Explanation> worthWriting(List<Explanation> all, Duration after, Instant now) {
        return all.stream()
                .filter(e -> isWorthWriting(e, after, now))
                .sorted(comparing(Explanations::isRefresh))
                .toList();
    }

    private static boolean isRefresh(Explanation explanation) {
        return explanation
                .reason()
                .toString()
                .equals(Observation.statusOf(explanation.job()).reason());
    }

    private static boolean isWorthWriting(Explanation explanation, Duration after, Instant now) {
        var status = Observation.statusOf(explanation.job());
        if (status.state() != State.PENDING || !differs(status, explanation.reason(), explanation.message(), now))
            return false;
        var patient = status.reason() == null || FRESH.contains(status.reason());
        return !patient || !now.isBefore(waitingSince(explanation.job(), status).plus(patience(explanation, after)));
    }

    /** How long a job waits before it gets this reason. */
    private static Duration patience(Explanation explanation, Duration after) {
        var soon = PLAIN.contains(explanation.reason()) && after.compareTo(Limits.PLAIN_REASON_AFTER) > 0;
        return soon ? Limits.PLAIN_REASON_AFTER : after;
    }

    private static Instant waitingSince(SyncJob job, SyncJobStatus status) {
        if (status.reasonTime() != null) return status.reasonTime();
        if (status.nextAttemptTime() != null) return status.nextAttemptTime();
        return Instant.parse(job.getMetadata().getCreationTimestamp());
    }

    /** True when the status says another reason, or says the same with facts that are out of date for a while. */
    static boolean differs(SyncJobStatus status, Reason reason, String message, Instant now) {
        if (!reason.toString().equals(status.reason())) return true;
        var told = status.reasonTime();
        return !Objects.equals(Text.message(message), status.message())
                && (told == null || !now.isBefore(told.plus(Limits.MESSAGE_REFRESH)));
    }
}
