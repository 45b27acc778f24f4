package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How the jobs of a queue are run. */
@JsonClassDescription(
        "How the jobs of a queue are run. It may be changed at any time; jobs that run already are not affected.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!(has(self.template) && has(self.workerPool))",
        message = "spec has either template (a pod for each job) or workerPool (warm workers), not both")
public record SyncQueueSpec(
        @JsonPropertyDescription(
                "How many jobs of this queue may be Enqueued or Started at once; pods of deleted jobs that still run count too. 0 lets nothing start.")
        @Default("10")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer capacity,

        @JsonPropertyDescription("While true, no job is enqueued; running jobs go on.") @Nullable
        Boolean paused,

        @JsonPropertyDescription("When finished jobs are deleted. Unfinished jobs are never deleted.") @Nullable
        Retention retention,

        @JsonPropertyDescription("Values for jobs that do not set them themselves.") @Nullable
        Defaults defaults,

        @JsonPropertyDescription(
                "A PodTemplateSpec: each job of this queue runs in a pod of its own made from it, unless the job brings its own template.")
        @PreserveUnknownFields
        @SchemaFrom(type = ObjectNode.class)
        @Nullable
        RawJson template,

        @JsonPropertyDescription(
                "The SyncWorkerPool of this namespace whose workers run the jobs of this queue: a job then starts within milliseconds, without a pod of its own. Excludes template. A job that brings its own template still runs in a pod of its own.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Nullable
        String workerPool) {

    /** Default of {@code capacity}. */
    public static final int DEFAULT_CAPACITY = 10;

    /** A queue whose jobs run in pods of their own. */
    public SyncQueueSpec(
            @Nullable Integer capacity,
            @Nullable Boolean paused,
            @Nullable Retention retention,
            @Nullable Defaults defaults,
            @Nullable RawJson template) {
        this(capacity, paused, retention, defaults, template, null);
    }

    /** A queue that nobody configured. */
    public static final SyncQueueSpec BUILT_IN = new SyncQueueSpec(null, null, null, null, null);

    /** Limits on finished jobs; whichever is reached first deletes. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Retention(
            @JsonPropertyDescription("Seconds that a Done job is kept. Built-in: 86400 (one day).")
            @Min(60)
            @Max(31_536_000)
            @Nullable
            Integer doneSeconds,

            @JsonPropertyDescription("How many Done jobs are kept, the newest. Built-in: 1000.")
            @Min(0)
            @Max(10_000)
            @Nullable
            Integer doneCount,

            @JsonPropertyDescription("Seconds that a Failed job is kept. Built-in: 2592000 (30 days).")
            @Min(60)
            @Max(31_536_000)
            @Nullable
            Integer failedSeconds,

            @JsonPropertyDescription(
                    "How many Failed jobs are kept, the newest. Not set: all of them, for failedSeconds, so that new failures do not displace one that nobody has looked at.")
            @Min(0)
            @Max(10_000)
            @Nullable
            Integer failedCount,

            @JsonPropertyDescription("Seconds that a Cancelled job is kept. Built-in: 2592000 (30 days).")
            @Min(60)
            @Max(31_536_000)
            @Nullable
            Integer cancelledSeconds) {
        /** Limits that say nothing: all are built in. */
        public static final Retention UNSET = new Retention(null, null, null, null, null);
    }

    /** Values for jobs that do not set them themselves. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Defaults(
            @JsonPropertyDescription("See the job's spec.priority.") @Min(0) @Max(1_000_000) @Nullable
            Integer priority,

            @JsonPropertyDescription("See the job's spec.timeoutSeconds.") @Min(1) @Max(31_536_000) @Nullable
            Integer timeoutSeconds,

            @JsonPropertyDescription("See the job's spec.retry.") @Nullable
            RetryPolicy retry) {
        /** Values that say nothing: all are built in. */
        public static final Defaults UNSET = new Defaults(null, null, null);
    }
}
