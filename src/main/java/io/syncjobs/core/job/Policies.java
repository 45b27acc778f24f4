package io.syncjobs.core.job;

import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.RetryPolicy.RetryTier;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueSpec.Defaults;
import io.syncjobs.core.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The policy of a job: its own values, otherwise its queue's defaults, otherwise the built-in values. */
public final class Policies {
    private Policies() {}

    /** The policy that applies; every field of the result is set. */
    public static Effective effective(SyncJobSpec job, SyncQueueSpec queue) {
        var defaults = Objects.requireNonNullElse(queue.defaults(), Defaults.UNSET);
        var own = Objects.requireNonNullElse(job.retry(), RetryPolicy.UNSET);
        var queues = Objects.requireNonNullElse(defaults.retry(), RetryPolicy.UNSET);
        return new Effective(
                first(Limits.PRIORITY, job.priority(), defaults.priority()),
                first(Limits.TIMEOUT_SECONDS, job.timeoutSeconds(), defaults.timeoutSeconds()),
                new RetryPolicy(
                        first(Limits.RETRY_LIMIT, own.limit(), queues.limit()),
                        first(Limits.RETRY_DELAY_SECONDS, own.delaySeconds(), queues.delaySeconds()),
                        pattern(own, queues),
                        first(Limits.RETRY_WHEN, own.when(), queues.when())),
                job.template() == null ? queue.workerPool() : null);
    }

    /** How many jobs of a queue may hold a place at once. */
    public static int capacity(SyncQueueSpec queue) {
        return Objects.requireNonNullElse(queue.capacity(), SyncQueueSpec.DEFAULT_CAPACITY);
    }

    /** A queue's tiers do not apply to a job that sets a delay of its own. */
    private static List<RetryTier> pattern(RetryPolicy own, RetryPolicy queues) {
        if (own.pattern() != null) return own.pattern();
        return own.delaySeconds() != null || queues.pattern() == null ? List.of() : queues.pattern();
    }

    /** True if one more retry is allowed after {@code retries} retries. */
    static boolean mayRetry(RetryPolicy policy, int retries) {
        var limit = Objects.requireNonNullElse(policy.limit(), Limits.RETRY_LIMIT);
        return limit == Limits.UNLIMITED || retries < limit;
    }

    /** True if failures that the worker did not call retryable are retried too. */
    public static boolean retriesAny(RetryPolicy policy) {
        return Limits.RETRY_WHEN_ANY.equals(policy.when());
    }

    /**
     * The wait before retry number {@code retry}; the first is 1. It varies by a tenth, and is always the same for the same job
     * and retry. A wait that the worker asked for is only ever lengthened, so that the job does not come back too early. Retry
     * number n waits at least n seconds, up to a bound: otherwise a job without delay and limit that fails immediately would take
     * up everything.
     *
     * @param retryAfterSeconds the wait that the worker asked for, or null
     */
    public static Duration delay(RetryPolicy policy, int retry, @Nullable Integer retryAfterSeconds, String uid) {
        var spread = Limits.JITTER * new Random(31L * uid.hashCode() + retry).nextDouble();
        var seconds = retryAfterSeconds != null ? retryAfterSeconds : tier(policy, retry);
        var factor = retryAfterSeconds != null ? 1 + spread : 1 + 2 * spread - Limits.JITTER;
        var wait = Duration.ofMillis(Math.round(1000.0 * seconds * factor));
        var floor = Duration.ofSeconds(Math.min(retry, Limits.RETRY_FLOOR_SECONDS));
        return wait.compareTo(floor) < 0 ? floor : wait;
    }

    private static int tier(RetryPolicy policy, int retry) {
        return Objects.requireNonNullElse(policy.pattern(), List.<RetryTier>of()).stream()
                .filter(tier -> tier.fromRetry() <= retry)
                .max((a, b) -> Integer.compare(a.fromRetry(), b.fromRetry()))
                .map(RetryTier::seconds)
                .orElseGet(() -> Objects.requireNonNullElse(policy.delaySeconds(), Limits.RETRY_DELAY_SECONDS));
    }

    @SafeVarargs
    private static <T> T first(T builtIn, @Nullable T... values) {
        return Stream.of(values).filter(Objects::nonNull).findFirst().orElse(builtIn);
    }
}
