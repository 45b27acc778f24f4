package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens after a retryable failure. Every field falls back to the queue's defaults, then to the built-in value. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryPolicy(
        @JsonPropertyDescription(
                "How many retries follow retryable failures: 0 = none, -1 = without limit. Built-in: 5. Attempts lost with their worker do not count here.")
        @Min(-1)
        @Max(1_000_000)
        @Nullable
        Integer limit,

        @JsonPropertyDescription(
                "Seconds between a retryable failure and the next attempt, unless the worker said otherwise or pattern has a tier for it. Built-in: 600. The wait varies by up to a tenth, so that jobs which failed together do not come back together. Retry number n waits at least n seconds, from the thirtieth on at least 30.")
        @Min(0)
        @Max(31_536_000)
        @Nullable
        Integer delaySeconds,

        @JsonPropertyDescription(
                "Tiers of waits by the number of the retry. The last tier whose fromRetry is reached applies; before the first tier, delaySeconds applies.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.all(t, self.exists_one(u, u.fromRetry == t.fromRetry))",
                message = "retry.pattern: two tiers have the same fromRetry; keep one of them")
        @Nullable
        List<RetryTier> pattern,

        @JsonPropertyDescription(
                "Which failures are retried. Retryable (built-in): those that the worker calls retryable (exit code 75, or a handler's answer 429 or 503). Any: every failure: of the action, deadline, out of memory, a pod that never started.")
        @Nullable
        String when) {

    /** A policy that says nothing: everything comes from the queue or is built in. */
    public static final RetryPolicy UNSET = new RetryPolicy(null, null, null, null);

    /** The wait from one retry on. */
    @JsonClassDescription("The wait from one retry on.")
    public record RetryTier(
            @JsonPropertyDescription("The first retry that waits so long; the first retry is 1.")
            @Required
            @Min(1)
            @Max(1_000_000)
            int fromRetry,

            @JsonPropertyDescription("Seconds to wait before it.") @Required @Min(0) @Max(31_536_000)
            int seconds) {}
}
