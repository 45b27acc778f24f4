package io.syncjobs.core;

import java.time.Duration;

/** A pause that doubles with each failure, up to a limit, measured on a monotonic clock. Immutable. */
public record Backoff(Duration next, Duration longest, Duration length, long sinceNanos) {
    /** A back-off without a failure so far; the first failure is followed by a pause of {@code first}. */
    public static Backoff before(Duration first, Duration longest) {
        return new Backoff(first, longest, Duration.ZERO, 0);
    }

    /** The back-off after another failure. */
    public Backoff failed(long nanos) {
        return new Backoff(longer(next, next, longest), longest, next, nanos);
    }

    /** The pause that follows {@code last}: twice as long, at most {@code longest}; {@code first} where {@code last} is zero. */
    public static Duration longer(Duration last, Duration first, Duration longest) {
        if (last.isZero()) return first;
        var doubled = last.multipliedBy(2);
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /** What is left of the pause; zero where it is over. */
    public Duration left(long nanos) {
        var left = length.minusNanos(nanos - sinceNanos);
        return length.isZero() || left.isNegative() ? Duration.ZERO : left;
    }
}
