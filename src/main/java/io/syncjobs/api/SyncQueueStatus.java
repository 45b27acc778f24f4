package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a queue, which the operator writes a few seconds after a change. */
@JsonClassDescription("The state of the queue, as of a few seconds ago. Only SyncJobs writes it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncQueueStatus(
        @JsonPropertyDescription(
                "The metadata.generation that this status is about; while it is lower, the last edit has not been seen yet.")
        @Min(0)
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Jobs that wait.") @Min(0) @Nullable
        Integer pending,

        @JsonPropertyDescription("Jobs that are Enqueued or Started.") @Min(0) @Nullable
        Integer running,

        @JsonPropertyDescription("Jobs that are Done and not yet deleted.") @Min(0) @Nullable
        Integer done,

        @JsonPropertyDescription("Jobs that are Failed and not yet deleted.") @Min(0) @Nullable
        Integer failed,

        @JsonPropertyDescription("Jobs that are Cancelled and not yet deleted.") @Min(0) @Nullable
        Integer cancelled,

        @JsonPropertyDescription(
                "Since when the job has been due that has been due for the longest time; its age is the queue's delay.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable
        Instant oldestDueTime,

        @JsonPropertyDescription(
                "Why its first due job waits. If no due job waits, or if jobs whose pods cannot start hold all places, why these pods cannot start. Empty if nothing is held up.")
        @Size(max = 64)
        @Nullable
        String reason,

        @JsonPropertyDescription("The reason in words, and what to do.") @Size(max = 1024) @Nullable
        String message,

        @JsonPropertyDescription(
                "Ready: a job that is due would be given a place; its reasons are those of jobs: QueuePaused, QueueAtCapacity (a capacity of 0), NoWorkers and HandlerNotReady (of its pool), without an eager operator also those of SchedulerHealthy, and OperatorNotRunning. SchedulerHealthy: the enqueue CronJob runs; its reasons are SchedulerSuspended, SchedulerMissing and SchedulerNotRunning. OperatorRunning: an operator keeps this status up to date; while it is False, its message says how old the numbers are. PoolFits, with spec.workerPool: the capacity fits the slots of the pool; its reasons are PoolMissing, PoolTooSmall and QueuesTooSmall.")
        @Size(max = 8)
        @Nullable
        List<Condition> conditions) {

    /** The status of a queue that the operator has not seen yet. */
    public static final SyncQueueStatus NEW =
            new SyncQueueStatus(null, null, null, null, null, null, null, null, null, null);
}
