package io.syncjobs.core;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.Explanations.Enqueuer;
import io.syncjobs.core.Explanations.Explanation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a queue, from its jobs and from why they wait. */
public final class QueueReports {
    /** The condition that tells whether a job that is due would be given a place. */
    public static final String READY = "Ready";

    /** The condition that tells whether the enqueue CronJob does its work. */
    public static final String SCHEDULER_HEALTHY = "SchedulerHealthy";

    /** The condition that tells whether there is an operator, which alone keeps this status up to date. */
    public static final String OPERATOR_RUNNING = "OperatorRunning";

    /** Reasons of single jobs; they say nothing about the queue. */
    private static final Set<Reason> OF_ONE_JOB = Set.of(Reason.ETA_IN_FUTURE, Reason.RETRY_BACKOFF);

    private QueueReports() {}

    /** {@code jobs} are the queue's; {@code waiting} are their explanations, head of the queue first. */
    public static SyncQueueStatus of(
            SyncQueue queue,
            Collection<SyncJob> jobs,
            List<Explanation> waiting,
            Enqueuer enqueuer,
            SchedulerHealth scheduler,
            Instant now) {
        var held = whyNothingMoves(jobs, waiting);
        var ready = Readiness.of(requireNonNullElse(queue.getSpec(), SyncQueueSpec.BUILT_IN), enqueuer, scheduler);
        return new SyncQueueStatus(
                queue.getMetadata().getGeneration(),
                count(jobs, State.PENDING),
                count(jobs, State.ENQUEUED) + count(jobs, State.STARTED),
                count(jobs, State.DONE),
                count(jobs, State.FAILED),
                count(jobs, State.CANCELLED),
                oldestDue(jobs, now),
                held.map(Standstill::reason).orElse(null),
                held.map(Standstill::message).orElse(null),
                List.of(
                        condition(queue, READY, ready.ready(), ready.reason(), ready.message(), now),
                        condition(
                                queue,
                                SCHEDULER_HEALTHY,
                                scheduler.problem().isEmpty(),
                                scheduler.problem().map(Reason::toString).orElse("Running"),
                                scheduler.message(),
                                now),
                        condition(queue, OPERATOR_RUNNING, true, "Running", "an operator runs", now)));
    }

    private record Standstill(String reason, String message) {}

    /** A queue that is full of jobs which cannot start is not full of work: then what keeps those is the reason. */
    private static Optional<Standstill> whyNothingMoves(Collection<SyncJob> jobs, List<Explanation> waiting) {
        var first =
                waiting.stream().filter(e -> !OF_ONE_JOB.contains(e.reason())).findFirst();
        var places = HeldPlaces.of(jobs);
        var onlyPlaces = first.isEmpty() || (first.get().reason() == Reason.QUEUE_AT_CAPACITY && places.all());
        return places.reason()
                .filter(reason -> onlyPlaces)
                .map(reason -> new Standstill(reason, places.story()))
                .or(() -> first.map(e -> new Standstill(e.reason().toString(), Text.message(e.message()))));
    }

    /**
     * What a queue's status says while no operator runs: its counts are those of a time that is over.
     *
     * @param lastSeen when an operator last renewed its Lease, as written there; empty where none ever did
     */
    public static SyncQueueStatus withoutOperator(SyncQueue queue, String lastSeen, Instant now) {
        var old = requireNonNullElse(queue.getStatus(), SyncQueueStatus.NEW);
        var counted = lastSeen.isEmpty() ? "never" : lastSeen.replaceFirst("\\.\\d+", "");
        var message = "no operator runs: the numbers of jobs here are as of " + counted
                + ", and no job starts; see kubectl get pods in the operator's namespace";
        var conditions = new ArrayList<>(requireNonNullElse(old.conditions(), List.<Condition>of()));
        for (var type : List.of(OPERATOR_RUNNING, READY)) {
            conditions.removeIf(condition -> condition.getType().equals(type));
            conditions.add(condition(queue, type, false, Reason.OPERATOR_NOT_RUNNING.toString(), message, now));
        }
        return new SyncQueueStatus(
                old.observedGeneration(),
                old.pending(),
                old.running(),
                old.done(),
                old.failed(),
                old.cancelled(),
                old.oldestDueTime(),
                Reason.OPERATOR_NOT_RUNNING.toString(),
                message,
                conditions);
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
                .map(job -> DueTimes.of(job)
                        .orElseGet(() -> Instant.parse(job.getMetadata().getCreationTimestamp())))
                .filter(due -> !due.isAfter(now))
                .min(naturalOrder())
                .map(due -> due.truncatedTo(ChronoUnit.SECONDS))
                .orElse(null);
    }

    private static Condition condition(
            SyncQueue queue, String type, boolean holds, String reason, String message, Instant now) {
        var status = holds ? "True" : "False";
        var since = Optional.ofNullable(queue.getStatus())
                .flatMap(before -> conditionOf(before, type))
                .filter(before -> before.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .withObservedGeneration(queue.getMetadata().getGeneration())
                .build();
    }

    private static Optional<Condition> schedulerOf(SyncQueueStatus status) {
        return conditionOf(status, SCHEDULER_HEALTHY);
    }

    private static Optional<Condition> conditionOf(SyncQueueStatus status, String type) {
        return requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
