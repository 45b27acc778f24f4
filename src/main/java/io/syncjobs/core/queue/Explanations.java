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
import java.util.Collection;
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
     * The jobs that have a place, and no pod because {@code starter} makes none: 1. A minute run sees an operator, and gives the job
     * a place. 2. The operator goes away before it makes a pod.
     */
    public static List<Why> ofPlaced(Collection<SyncJob> jobs, Starter starter) {
        return starter.forPlace().stream()
                .flatMap(why -> jobs.stream()
                        .filter(Explanations::waitsForPod)
                        .map(job -> new Why(job, why.reason(), why.text())))
                .toList();
    }

    private static boolean waitsForPod(SyncJob job) {
        var status = JobFields.statusOf(job);
        return status.state() == State.ENQUEUED
                && status.worker() == null
                && status.stop() == null
                && !JobFields.isWarm(job);
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
        return (status.state() == State.PENDING || waitsForPod(explanation.job()))
                && Told.differs(status, explanation.reason(), explanation.message(), now);
    }

    private static boolean isRefresh(Why explanation) {
        return explanation
                .reason()
                .toString()
                .equals(JobFields.statusOf(explanation.job()).reason());
    }
}
