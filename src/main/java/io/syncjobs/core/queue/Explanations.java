package io.syncjobs.core.queue;

import static java.util.Comparator.comparing;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Times;
import io.syncjobs.core.job.Told;
import io.syncjobs.core.queue.EnqueuePass.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The reasons why jobs wait, and which of these reasons are worth a write. */
public final class Explanations {
    /** Reasons that a user can only mend by a change of configuration. They are written early. */
    private static final Set<Reason> PLAIN = Set.of(Reason.QUEUE_NOT_FOUND, Reason.INVALID_TEMPLATE);

    private Explanations() {}

    /** The reason why one job waits. */
    public record Why(SyncJob job, Reason reason, String message) {}

    /** The reasons of all waiting jobs, in the order of their turn. A job that {@code starter} enqueues right now has none. */
    public static List<Why> of(Plan plan, Starter starter) {
        var all = new ArrayList<Why>();
        for (var place : plan.places()) {
            starter.forPlace().ifPresent(why -> all.add(new Why(place.job(), why.reason(), why.text())));
        }
        plan.waiting().forEach(w -> all.add(new Why(w.job(), w.reason(), w.message())));
        return all;
    }

    /**
     * The reasons that are worth a write. First come the jobs that have waited long enough for a reason, or whose reason is
     * wrong. Jobs for which only the details have changed come last: in a long queue that moves these are too many to write.
     */
    public static List<Why> worthWriting(List<Why> all, Duration after, Instant now) {
        return all.stream()
                .filter(e -> isWorthWriting(e, after, now))
                .sorted(comparing(Explanations::isRefresh))
                .toList();
    }

    private static boolean isRefresh(Why explanation) {
        return explanation
                .reason()
                .toString()
                .equals(JobFields.statusOf(explanation.job()).reason());
    }

    private static boolean isWorthWriting(Why explanation, Duration after, Instant now) {
        var status = JobFields.statusOf(explanation.job());
        if (status.state() != State.PENDING || !Told.differs(status, explanation.reason(), explanation.message(), now))
            return false;
        var patient = status.reason() == null || Told.isOfLastRun(status.reason());
        return !patient || !now.isBefore(waitingSince(explanation.job(), status).plus(patience(explanation, after)));
    }

    /** How long a job waits before this reason is written. */
    private static Duration patience(Why explanation, Duration after) {
        var soon = PLAIN.contains(explanation.reason()) && after.compareTo(Limits.PLAIN_REASON_AFTER) > 0;
        return soon ? Limits.PLAIN_REASON_AFTER : after;
    }

    private static Instant waitingSince(SyncJob job, SyncJobStatus status) {
        if (status.reasonTime() != null) return status.reasonTime();
        if (status.nextAttemptTime() != null) return status.nextAttemptTime();
        return Times.instant(job.getMetadata().getCreationTimestamp());
    }
}
