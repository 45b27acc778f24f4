package io.syncjobs.core;

import java.time.Duration;

/** How long what fails is not tried again: each time twice as long, up to a limit, on a monotonic clock. Immutable. */
public record Backoff(Duration next, Duration longest, Duration length, long sinceNanos) {
    /** None yet, and {@code first} after the first failure. */
    public static Backoff before(Duration first, Duration longest) {
        return new Backoff(first, longest, Duration.ZERO, 0);
    }

    /** After another failure. */
    public Backoff failed(long nanos) {
        return new Backoff(longer(next, next, longest), longest, next, nanos);
    }

    /** The pause after {@code last}: twice as long, from {@code first} to {@code longest}. Zero is none yet. */
    public static Duration longer(Duration last, Duration first, Duration longest) {
        if (last.isZero()) return first;
        var doubled = last.multipliedBy(2);
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /** What is left of it; zero where it is over. */
    public Duration left(long nanos) {
        var left = length.minusNanos(nanos - sinceNanos);
        return length.isZero() || left.isNegative() ? Duration.ZERO : left;
    }

    public boolean isOver(long nanos) {
        return left(nanos).isZero();
    }
}
