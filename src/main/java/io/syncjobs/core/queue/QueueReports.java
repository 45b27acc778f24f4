package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.Conditions;
import io.syncjobs.core.Text;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The status of a queue, computed from its jobs and from the reasons why they wait. */
public final class QueueReports {
    /** The condition that says whether a due job would be given a place. */
    public static final String READY = "Ready";

    /** The condition that says whether the enqueue CronJob works. */
    public static final String SCHEDULER_HEALTHY = "SchedulerHealthy";

    /** The condition that says whether an operator is running. Only an operator keeps this status up to date. */
    public static final String OPERATOR_RUNNING = "OperatorRunning";

    /** The condition that says whether the queue's capacity fits the slots of its pool. Only queues with a pool have it. */
    public static final String POOL_FITS = "PoolFits";

    private QueueReports() {}

    /**
     * The status of a queue.
     *
     * @param message looks up the message in the status of a job
     */
    public static SyncQueueStatus of(
            SyncQueue queue,
            JobIndex index,
            Starter starter,
            Function<JobEntry, Optional<String>> message,
            Instant now) {
        var jobs = index.queues().get(QueueKey.of(queue));
        if (jobs == null) return requireNonNullElse(queue.getStatus(), SyncQueueStatus.NEW);
        var held = whyNothingMoves(jobs, index, starter, message);
        var scheduler = starter.scheduler();
        var ready =
                Readiness.of(requireNonNullElse(queue.getSpec(), SyncQueueSpec.BUILT_IN), starter, PoolGate.wait(jobs));
        return new SyncQueueStatus(
                queue.getMetadata().getGeneration(),
                jobs.count(State.PENDING),
                jobs.count(State.ENQUEUED) + jobs.count(State.STARTED),
                jobs.count(State.DONE),
                jobs.count(State.FAILED),
                jobs.count(State.CANCELLED),
                jobs.oldestDue(now)
                        .map(due -> due.truncatedTo(ChronoUnit.SECONDS))
                        .orElse(null),
                held.map(Standstill::reason).orElse(null),
                held.map(Standstill::message).orElse(null),
                conditions(queue, jobs, ready, scheduler, now));
    }

    private static List<Condition> conditions(
            SyncQueue queue, QueueIndex jobs, Readiness ready, SchedulerHealth scheduler, Instant now) {
        var all = new ArrayList<Condition>();
        all.add(condition(queue, READY, ready.ready(), ready.reason(), ready.message(), now));
        all.add(condition(
                queue,
                SCHEDULER_HEALTHY,
                scheduler.problem().isEmpty(),
                scheduler.problem().map(Reason::toString).orElse("Running"),
                scheduler.message(),
                now));
        all.add(condition(queue, OPERATOR_RUNNING, true, "Running", "an operator runs", now));
        PoolFit.of(jobs)
                .map(fit -> condition(queue, POOL_FITS, fit.fits(), fit.reason(), fit.message(), now))
                .ifPresent(all::add);
        return all;
    }

    private record Standstill(String reason, String message) {}

    /** If jobs whose pods cannot start hold all places, the queue reports why those pods cannot start, not that it is full. */
    private static Optional<Standstill> whyNothingMoves(
            QueueIndex jobs, JobIndex index, Starter starter, Function<JobEntry, Optional<String>> message) {
        var first = starter.firstThatWaits(index, jobs);
        var places = HeldPlaces.of(jobs);
        var onlyPlaces = first.isEmpty() || (first.get().reason() == Reason.QUEUE_AT_CAPACITY && places.all());
        return places.first()
                .filter(job -> onlyPlaces)
                .map(job -> new Standstill(
                        places.reason().orElseThrow(),
                        Text.message(places.words() + ": " + message.apply(job).orElse(""))))
                .or(() -> first.map(why -> new Standstill(
                        why.reason().toString(),
                        Text.message(
                                why.reason() == Reason.QUEUE_AT_CAPACITY
                                        ? Wait.full(jobs.key().name(), jobs.occupied(), jobs.capacity(), places)
                                        : why.text()))));
    }

    /**
     * The status of a queue while no operator is running: its counts are out of date.
     *
     * @param lastSeen when an operator last renewed its Lease, as written there; empty if none ever did
     */
    public static SyncQueueStatus withoutOperator(SyncQueue queue, String lastSeen, Instant now) {
        var old = requireNonNullElse(queue.getStatus(), SyncQueueStatus.NEW);
        var counted = lastSeen.isEmpty()
                ? "nobody has counted the jobs yet"
                : "the numbers of jobs here are as of " + lastSeen.replaceFirst("\\.\\d+", "");
        var message = "no operator runs: " + counted + ", and "
                + (isWarm(queue) ? "jobs start once a minute only" : "no job starts")
                + "; see kubectl get pods in the operator's namespace";
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

    /** True for a queue whose jobs the minute run gives to warm workers; only an operator starts pods. */
    private static boolean isWarm(SyncQueue queue) {
        return queue.getSpec() != null && queue.getSpec().workerPool() != null;
    }

    /** True if this write makes a queue's scheduler condition false. */
    public static boolean schedulerBroke(@Nullable SyncQueueStatus before, SyncQueueStatus after) {
        var was = before == null ? Optional.<Condition>empty() : schedulerOf(before);
        return schedulerOf(after).filter(c -> c.getStatus().equals("False")).isPresent()
                && was.filter(c -> c.getStatus().equals("False")).isEmpty();
    }

    private static Condition condition(
            SyncQueue queue, String type, boolean holds, String reason, String message, Instant now) {
        var before = queue.getStatus() == null ? null : queue.getStatus().conditions();
        return Conditions.of(queue, before, type, holds, reason, message, now);
    }

    private static Optional<Condition> schedulerOf(SyncQueueStatus status) {
        return Conditions.find(status.conditions(), SCHEDULER_HEALTHY);
    }
}
