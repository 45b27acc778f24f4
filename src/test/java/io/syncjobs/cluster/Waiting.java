package io.syncjobs.cluster;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for what the cluster does in its own time, and says what it saw when that does not come. */
public final class Waiting {
    /** Longer than anything takes that is not itself a matter of time; a mutant is not waited for so long. */
    public static final Duration LIMIT = Duration.ofSeconds(Long.getLong("waiting.seconds", 180));

    private static final Duration LOOK = Duration.ofMillis(300);

    private Waiting() {}

    /** Waits until {@code condition} holds; {@code seen} is asked only when it did not. */
    public static void until(String what, BooleanSupplier condition, Supplier<String> seen) {
        until(what, LIMIT, condition, seen);
    }

    public static void until(String what, Duration limit, BooleanSupplier condition, Supplier<String> seen) {
        try {
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK)
                    .atMost(limit)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + ": not within " + limit.toSeconds() + " s\n" + seen.get(), e);
        }
    }

    /** Holds still while {@code condition} must stay true all the time. */
    public static void during(String what, Duration time, BooleanSupplier condition, Supplier<String> seen) {
        try {
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK)
                    .during(time)
                    .atMost(time.plusSeconds(60))
                    .failFast(() -> !condition.getAsBoolean())
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException | org.awaitility.core.TerminalFailureException e) {
            throw new AssertionError(what + ": not for " + time.toSeconds() + " s\n" + seen.get(), e);
        }
    }
}
