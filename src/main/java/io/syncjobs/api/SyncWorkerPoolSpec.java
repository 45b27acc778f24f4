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
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/** Workers that stay up between jobs: how many there are, and how they receive jobs. */
@JsonClassDescription("Workers that stay up between jobs: how many there are, and how they receive jobs.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "!has(self.deadAfterSeconds) || !has(self.heartbeatSeconds) || self.deadAfterSeconds >= 3 * self.heartbeatSeconds",
        message = "spec.deadAfterSeconds must be at least three times spec.heartbeatSeconds")
public record SyncWorkerPoolSpec(
        @JsonPropertyDescription("How many workers there are; each is a pod. \"kubectl scale\" sets it.")
        @Default("1")
        @Min(0)
        @Max(10_000)
        @SpecReplicas
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("How many jobs one worker runs at once.")
        @Default("1")
        @Min(1)
        @Max(SyncWorkerPoolSpec.MOST_SLOTS)
        @Nullable
        Integer slots,

        @JsonPropertyDescription(
                "How often each worker renews its Lease. Falls back to the operator's workers.heartbeatSeconds, 10, or to a third of deadAfterSeconds if that is less. Where the minute run gives the jobs (enqueuer.eager=false, or no operator), keep it at 15 or less: a run watches the Leases for 20 seconds and gives nothing to a worker that it has not seen renew.")
        @Min(1)
        @Max(3_600)
        @Nullable
        Integer heartbeatSeconds,

        @JsonPropertyDescription(
                "After so many seconds of silence a worker is dead, and its jobs run again on another worker. Falls back to the operator's workers.deadAfterSeconds, 300, or to three times heartbeatSeconds if that is more.")
        @Min(5)
        @Max(SyncWorkerPoolSpec.MOST_DEAD_AFTER_SECONDS)
        @Nullable
        Integer deadAfterSeconds,

        @JsonPropertyDescription("Where in the pod jobs are sent to.") @Required
        Handler handler,

        @JsonPropertyDescription(
                "A PodTemplateSpec for the workers. Its first container serves the handler's port. SyncJobs adds an agent, which takes the jobs. When a worker has to end, it may finish its jobs within the template's terminationGracePeriodSeconds; SyncJobs sets a preStop hook for that, so the container must not have one of its own.")
        @Required
        @PreserveUnknownFields
        @SchemaFrom(type = ObjectNode.class)
        RawJson template) {

    /** Default of {@code replicas}. */
    public static final int DEFAULT_REPLICAS = 1;

    /** Default of {@code slots}. */
    public static final int DEFAULT_SLOTS = 1;

    /** Largest {@code slots}. */
    public static final int MOST_SLOTS = 1_000;

    /** Largest {@code deadAfterSeconds}. */
    public static final int MOST_DEAD_AFTER_SECONDS = 86_400;

    /** The HTTP server in the template's first container. */
    @JsonClassDescription("The HTTP server in the template's first container.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Handler(
            @JsonPropertyDescription("The port that it listens on.") @Required @Min(1) @Max(65_535)
            Integer port,

            @JsonPropertyDescription(
                    "The path that each job is sent to with POST; {action} in it is replaced by the job's action.")
            @Default("/")
            @Size(min = 1, max = 1024)
            @Pattern("^/[^\\s]*$")
            @Nullable
            String path,

            @JsonPropertyDescription(
                    "The path to which a POST is sent when a job must end before it is done. Without it, the agent waits for the handler's answer.")
            @Size(min = 1, max = 1024)
            @Pattern("^/[^\\s]*$")
            @Nullable
            String cancelPath) {}
}
