package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
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
import org.jspecify.annotations.Nullable;

/** What to do, and how long and how often to try. */
@JsonClassDescription("What to do, and how long and how often to try.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncJobSpec(
        @JsonPropertyDescription(
                "The SyncQueue (channel) of the same namespace that this job waits in. Its capacity bounds how many of its jobs run at once. Cannot be changed.")
        @Default(Names.DEFAULT_QUEUE)
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.queue cannot be changed; delete the job and create it in the other queue")
        @Nullable
        String queue,

        @JsonPropertyDescription(
                "What to do, as the worker knows it, for example export.order. Shown in lists and given to the worker as SYNCJOB_ACTION, or to a handler as the header SyncJob-Action. Cannot be changed.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[A-Za-z0-9]([-A-Za-z0-9_./:]*[A-Za-z0-9])?$")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.action cannot be changed; create a new job for another action")
        String action,

        @JsonPropertyDescription(
                "Any JSON value, given to the worker as SYNCJOB_PAYLOAD, or to a handler as the body of the request: which record to work on. If it is over 32 KiB, or nested deeper than 500 levels, the job ends Failed, reason PayloadTooLarge: store large data elsewhere and pass its address. Cannot be changed.")
        @PreserveUnknownFields
        @SchemaFrom(type = JsonNode.class)
        @Nullable
        RawJson payload,

        @JsonPropertyDescription(
                "Lower runs first, 0 is the highest. Falls back to the queue's defaults, then to 10. May be edited while the job waits.")
        @Min(0)
        @Max(1_000_000)
        @Nullable
        Integer priority,

        @JsonPropertyDescription(
                "The job is not executed before this time, RFC 3339, for example 2027-01-31T22:00:00Z. May be edited while the job waits. If status.nextAttemptTime is set, that applies instead.")
        @Size(max = 40)
        @Pattern("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-7]):[0-5]\\d)$")
        @Nullable
        String eta,

        @JsonPropertyDescription(
                "The longest run of one attempt in seconds, from Started; then it ends with reason DeadlineExceeded. Falls back to the queue's defaults, then to 3600. May be edited while the job waits.")
        @Min(1)
        @Max(31_536_000)
        @Nullable
        Integer timeoutSeconds,

        @JsonPropertyDescription("What happens after a failure. May be edited while the job waits.") @Nullable
        RetryPolicy retry,

        @JsonPropertyDescription(
                "A PodTemplateSpec for this job's own pod; replaces the queue's. The first container is the worker: exit code 0 is Done, 75 is retryable, everything else Failed. restartPolicy is always Never. Errors in it show as reason InvalidTemplate. Cannot be changed.")
        @PreserveUnknownFields
        @SchemaFrom(type = ObjectNode.class)
        @Nullable
        RawJson template) {

    /** The same spec with another payload and template. */
    public SyncJobSpec with(@Nullable RawJson otherPayload, @Nullable RawJson otherTemplate) {
        return new SyncJobSpec(queue, action, otherPayload, priority, eta, timeoutSeconds, retry, otherTemplate);
    }
}
