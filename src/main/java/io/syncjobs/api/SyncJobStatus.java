package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is known about a job's execution. Only SyncJobs writes it. */
@JsonClassDescription(
        "The state of the job, and the reason for it. Only SyncJobs writes it; the API server refuses all other writers. To change it, give a command by annotation: syncjobs.io/requeue, syncjobs.io/set-done or syncjobs.io/cancel.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncJobStatus(
        @JsonPropertyDescription("Pending → Enqueued → Started → Done, Failed or Cancelled.")
        State state,

        @JsonPropertyDescription(
                "Why the job is in this state, one word for programs; see the list of reasons in the documentation.")
        @Size(max = 64)
        @Nullable
        String reason,

        @JsonPropertyDescription("The reason in words, and what to do.") @Size(max = 1024) @Nullable
        String message,

        @JsonPropertyDescription("When reason and message were found to be true.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable
        Instant reasonTime,

        @JsonPropertyDescription("The name of the pod that has the job.") @Size(max = 253) @Nullable
        String worker,

        @JsonPropertyDescription(
                "How often the job was given to a worker. It only ever grows, and distinguishes a late result from the current one.")
        @Min(0)
        @Nullable
        Integer attempt,

        @JsonPropertyDescription("Retries after retryable failures since the last requeue by a person.")
        @Min(0)
        @Nullable
        Integer retries,

        @JsonPropertyDescription(
                "Attempts that were lost with their worker since the last requeue by a person; the third ends the job Failed, reason WorkerLost. Planned disruption is not counted.")
        @Min(0)
        @Nullable
        Integer workerLosses,

        @JsonPropertyDescription(
                "How often a person requeued the job after it had ended or while it ran; part of SYNCJOB_IDEMPOTENCY_KEY, which stays the same through retries and losses.")
        @Min(0)
        @Nullable
        Integer requeues,

        @JsonPropertyDescription(
                "Set while a run is being ended: what the job becomes when its worker is gone. Results are refused from then on.")
        @Nullable
        Stop stop,

        @JsonPropertyDescription("The effective policy, fixed when the job was enqueued.") @Nullable
        Effective effective,

        @JsonPropertyDescription("The last command (annotation) that took effect.") @Nullable
        LastCommand lastCommand,

        @JsonPropertyDescription("When it last became Enqueued.") @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant enqueuedTime,

        @JsonPropertyDescription("When its current or last worker started.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable
        Instant startedTime,

        @JsonPropertyDescription("When it became Done, Failed or Cancelled.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable
        Instant finishedTime,

        @JsonPropertyDescription("The job is not executed before this time. If it is set, it replaces spec.eta.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable
        Instant nextAttemptTime,

        @JsonPropertyDescription("What the worker returned, any JSON of at most 4 KiB.")
        @PreserveUnknownFields
        @Nullable
        JsonNode result,

        @JsonPropertyDescription("The last failure.") @Nullable
        JobError error,

        @JsonPropertyDescription("The last 10 attempts, oldest first.") @Size(max = 10) @Nullable
        List<Attempt> history,

        @JsonPropertyDescription(
                "Complete (Done), Failed and Finished (any end), for kubectl wait. A requeue clears them.")
        @Size(max = 8)
        @Nullable
        List<Condition> conditions) {

    /** The status of a job that nobody has touched yet. */
    public static final SyncJobStatus NEW = new SyncJobStatus(
            State.PENDING,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    /** A run that must end, and what the job becomes after that. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stop(
            @JsonPropertyDescription("The state that follows.")
            State target,

            @JsonPropertyDescription("The reason that the job gets then; none after a requeue.")
            @Size(max = 64)
            @Nullable
            String reason,

            @JsonPropertyDescription("The message that the job gets then.") @Size(max = 1024) @Nullable
            String message,

            @JsonPropertyDescription("Since when the run is being ended.") @JsonFormat(shape = JsonFormat.Shape.STRING)
            Instant time) {}

    /** A person's command that has taken effect. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LastCommand(
            @JsonPropertyDescription("The id under which it was handled.") @Size(max = 64)
            String id,

            @JsonPropertyDescription("requeue, set-done or cancel.") @Size(max = 16) @Nullable
            String command,

            @JsonPropertyDescription("The word of a requeue, or the explanation that was given.")
            @Size(max = 1024)
            @Nullable
            String value,

            @JsonPropertyDescription(
                    "Who gave it, as the API server knows that user. Before Kubernetes 1.36 it is empty, unless that user wrote the name into syncjobs.io/by.")
            @Size(max = 256)
            @Nullable
            String by,

            @JsonPropertyDescription("When it took effect.") @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
            Instant time) {

        /** Written out for Jackson, which would otherwise use only the other creator. */
        @JsonCreator
        public LastCommand {}

        /** An older version stored the id alone. */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static LastCommand ofId(String id) {
            return new LastCommand(id, null, null, null, null);
        }

        /** True if an older version stored the command as an id alone, which must not be written again. */
        @JsonIgnore
        public boolean isIdAlone() {
            return command == null;
        }
    }

    /** The effective policy: the job's own values, otherwise the queue's defaults, otherwise the built-in values. */
    public record Effective(
            @JsonPropertyDescription("The priority that the job was enqueued with.") @Min(0) @Max(1_000_000)
            int priority,

            @JsonPropertyDescription("The longest run of one attempt in seconds.") @Min(1) @Max(31_536_000)
            int timeoutSeconds,

            @JsonPropertyDescription("What happens after a failure.")
            RetryPolicy retry,

            @JsonPropertyDescription(
                    "The SyncWorkerPool whose worker has the job; not set if the job runs in a pod of its own.")
            @Size(max = 63)
            @Nullable
            String workerPool) {}

    /** A failure, as a person needs it at 3 a.m. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record JobError(
            @JsonPropertyDescription("The exception's type, or what kind of failure it was.") @Size(max = 256) @Nullable
            String type,

            @JsonPropertyDescription("The exception's message.") @Size(max = 1024) @Nullable
            String message,

            @JsonPropertyDescription(
                    "The end of the worker's log, or the trace that the worker reported: at most 16 KiB, cut at a line.")
            @Size(max = 16384)
            @Nullable
            String trace,

            @JsonPropertyDescription("What to do about it, where that is known.") @Size(max = 1024) @Nullable
            String resolution,

            @JsonPropertyDescription(
                    "The exit code of the worker: 0 to 255 on Linux; on Windows it may be any number, also a negative one.")
            @Min(Integer.MIN_VALUE)
            @Max(Integer.MAX_VALUE)
            @Nullable
            Integer exitCode) {}

    /** One ended attempt. */
    @JsonClassDescription("One ended attempt.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attempt(
            @JsonPropertyDescription("Its number.") @Min(0) int attempt,

            @JsonPropertyDescription("The pod that executed it.") @Size(max = 253) @Nullable
            String worker,

            @JsonPropertyDescription("When its worker started; empty if it never did.")
            @JsonFormat(shape = JsonFormat.Shape.STRING)
            @Nullable
            Instant startedTime,

            @JsonPropertyDescription("When its end was recorded.") @JsonFormat(shape = JsonFormat.Shape.STRING)
            Instant finishedTime,

            @JsonPropertyDescription("Done, Failed, Retried, Lost or Stopped.") @Size(max = 32)
            String outcome,

            @JsonPropertyDescription("The reason of this outcome.") @Size(max = 64) @Nullable
            String reason,

            @JsonPropertyDescription("The reason in words.") @Size(max = 1024) @Nullable
            String message,

            @JsonPropertyDescription(
                    "A person's command that ended this attempt, or that came after its end: requeue=now, set-done.")
            @Size(max = 64)
            @Nullable
            String command,

            @JsonPropertyDescription("Who gave that command.") @Size(max = 256) @Nullable
            String by) {}
}
