package io.syncjobs.core;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.Explanations.Explanation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a queue, from its jobs and from why they wait. */
public final class QueueReports {
    /** The condition that tells whether the enqueue CronJob does its work. */
    public static final String SCHEDULER_HEALTHY = "SchedulerHealthy";

    /** Reasons of single jobs; they say nothing about the queue. */
    private static final Set<Reason> OF_ONE_JOB = Set.of(Reason.ETA_IN_FUTURE, Reason.RETRY_BACKOFF);

    private QueueReports() {}

    /** {@code jobs} are the queue's; {@code waiting} are their explanations, head of the queue first. */
    public static SyncQueueStatus of(
            SyncQueue queue,
            Collection<SyncJob> jobs,
            List<Explanation> waiting,
            SchedulerHealth scheduler,
            Instant now) {
        var held =
                waiting.stream().filter(e -> !OF_ONE_JOB.contains(e.reason())).findFirst();
        return new SyncQueueStatus(
                count(jobs, State.PENDING),
                count(jobs, State.ENQUEUED) + count(jobs, State.STARTED),
                count(jobs, State.DONE),
                count(jobs, State.FAILED),
                count(jobs, State.CANCELLED),
                oldestDue(jobs, now),
                held.map(e -> e.reason().toString()).orElse(null),
                held.map(e -> Text.message(e.message())).orElse(null),
                List.of(condition(queue, scheduler, now)));
    }

    /** True when a queue's scheduler condition has just become false. */
    public static boolean schedulerBroke(@Nullable SyncQueueStatus before, SyncQueueStatus after) {
        var was = before == null ? Optional.<Condition>empty() : schedulerOf(before);
        return schedulerOf(after).filter(c -> c.getStatus().equals("False")).isPresent()
                && was.filter(c -> c.getStatus().equals("False")).isEmpty();
    }

    private static int count(Collection<SyncJob> jobs, State state) {
        return (int) jobs.stream()
                .filter(job -> Observation.statusOf(job).state() == state)
                .count();
    }

    private static @Nullable Instant oldestDue(Collection<SyncJob> jobs, Instant now) {
        return jobs.stream()
                .filter(job -> Observation.statusOf(job).state() == State.PENDING)
                .map(job -> EnqueuePass.due(job)
                        .orElseGet(() -> Instant.parse(job.getMetadata().getCreationTimestamp())))
                .filter(due -> !due.isAfter(now))
                .min(naturalOrder())
                .map(due -> due.truncatedTo(ChronoUnit.SECONDS))
                .orElse(null);
    }

    private static Condition condition(SyncQueue queue, SchedulerHealth scheduler, Instant now) {
        var status = scheduler.problem().isEmpty() ? "True" : "False";
        var since = Optional.ofNullable(queue.getStatus())
                .flatMap(QueueReports::schedulerOf)
                .filter(before -> before.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(SCHEDULER_HEALTHY)
                .withStatus(status)
                .withReason(scheduler.problem().map(Reason::toString).orElse("Running"))
                .withMessage(scheduler.message())
                .withLastTransitionTime(since)
                .withObservedGeneration(queue.getMetadata().getGeneration())
                .build();
    }

    private static Optional<Condition> schedulerOf(SyncQueueStatus status) {
        return requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
                .filter(condition -> condition.getType().equals(SCHEDULER_HEALTHY))
                .findFirst();
    }
}
