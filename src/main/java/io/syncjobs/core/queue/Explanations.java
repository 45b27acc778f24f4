package io.syncjobs.core.queue;

import static java.util.Comparator.comparing;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Told;
import io.syncjobs.core.queue.EnqueuePass.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The reasons why jobs wait, and which of these reasons their status does not give yet. */
public final class Explanations {
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
     * The reasons that are news. First come the jobs whose status gives no reason or a wrong one. Jobs for which only the details
     * have changed come last: in a long queue that moves these are too many to write.
     */
    public static List<Why> news(List<Why> all, Instant now) {
        return all.stream()
                .filter(each -> isNews(each, now))
                .sorted(comparing(Explanations::isRefresh))
                .toList();
    }

    private static boolean isNews(Why explanation, Instant now) {
        var status = JobFields.statusOf(explanation.job());
        return status.state() == State.PENDING
                && Told.differs(status, explanation.reason(), explanation.message(), now);
    }

    private static boolean isRefresh(Why explanation) {
        return explanation
                .reason()
                .toString()
                .equals(JobFields.statusOf(explanation.job()).reason());
    }
}
