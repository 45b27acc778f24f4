package io.syncjobs.core;

import static java.util.Comparator.comparing;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.queue.Starter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The reasons why jobs wait, and which of these reasons are worth a write. */
public final class Explanations {
    /** Reasons that the last run of a job left in its status, and that stay true for a while. */
    private static final Set<String> OF_LAST_RUN = Set.of(
            Reason.WORKER_DIED.toString(),
            Reason.POD_REFUSED.toString(),
            Reason.OUT_OF_MEMORY.toString(),
            Reason.RETRY_BACKOFF.toString());

    private Explanations() {}

    /** True if the last run of a Pending job left this reason. It stays true for a while. */
    public static boolean isOfLastRun(String reason) {
        return OF_LAST_RUN.contains(reason);
    }

    /** Reasons that a user can only mend by a change of configuration. They are written early. */
    private static final Set<Reason> PLAIN = Set.of(Reason.QUEUE_NOT_FOUND, Reason.INVALID_TEMPLATE);

    /** The reason why one job waits. */
    public record Explanation(SyncJob job, Reason reason, String message) {}

    /** The reasons of all waiting jobs, in the order of their turn. A job that {@code starter} enqueues right now has none. */
    public static List<Explanation> of(Plan plan, Starter starter) {
        var all = new ArrayList<Explanation>();
        for (var place : plan.places()) {
            starter.forPlace().ifPresent(why -> all.add(new Explanation(place.job(), why.reason(), why.text())));
        }
        plan.waiting().forEach(w -> all.add(new Explanation(w.job(), w.reason(), w.message())));
        return all;
    }

    /**
     * The reasons that are worth a write. First come the jobs that have waited long enough for a reason, or whose reason is
     * wrong. Jobs for which only the details have changed come last: in a long queue that moves these are too many to write.
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
        var patient = status.reason() == null || isOfLastRun(status.reason());
        return !patient || !now.isBefore(waitingSince(explanation.job(), status).plus(patience(explanation, after)));
    }

    /** How long a job waits before this reason is written. */
    private static Duration patience(Explanation explanation, Duration after) {
        var soon = PLAIN.contains(explanation.reason()) && after.compareTo(Limits.PLAIN_REASON_AFTER) > 0;
        return soon ? Limits.PLAIN_REASON_AFTER : after;
    }

    private static Instant waitingSince(SyncJob job, SyncJobStatus status) {
        if (status.reasonTime() != null) return status.reasonTime();
        if (status.nextAttemptTime() != null) return status.nextAttemptTime();
        return Times.instant(job.getMetadata().getCreationTimestamp());
    }

    /** True if the status gives another reason, or gives the same reason with details that have been out of date for a while. */
    static boolean differs(SyncJobStatus status, Reason reason, String message, Instant now) {
        if (!reason.toString().equals(status.reason())) return true;
        var told = status.reasonTime();
        return !Objects.equals(Text.message(message), status.message())
                && (told == null || !now.isBefore(told.plus(Limits.MESSAGE_REFRESH)));
    }
}
