package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a pool's workers, which the operator writes a few seconds after a change. */
@JsonClassDescription("The state of the workers, as of a few seconds ago. Only SyncJobs writes it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncWorkerPoolStatus(
        @JsonPropertyDescription(
                "The metadata.generation that this status is about; while it is lower, the last edit has not been seen yet.")
        @Min(0)
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Worker pods that exist.") @Min(0) @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Workers that are alive and whose handlers answer.") @Min(0) @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("How many jobs the live workers can run at once.") @Min(0) @Nullable
        Integer slots,

        @JsonPropertyDescription("Jobs that they have now.") @Min(0) @Nullable
        Integer busy,

        @JsonPropertyDescription("Workers that have been silent for too long and whose pods still exist.")
        @Min(0)
        @Nullable
        Integer dead,

        @JsonPropertyDescription("Selects the worker pods, for autoscalers.") @Size(max = 512) @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("Why the pool is not as its spec says; empty if it is.") @Size(max = 64) @Nullable
        String reason,

        @JsonPropertyDescription("The reason in words, and what to do.") @Size(max = 1024) @Nullable
        String message,

        @JsonPropertyDescription(
                "Ready: at least one worker takes jobs. Progressing: workers are being replaced or started. CapacityFits: the pool's slots fit the capacities of the queues that name it.")
        @Size(max = 8)
        @Nullable
        List<Condition> conditions) {

    /** The status of a pool that the operator has not seen yet. */
    public static final SyncWorkerPoolStatus NEW =
            new SyncWorkerPoolStatus(null, null, null, null, null, null, null, null, null, null);
}
