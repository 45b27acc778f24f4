package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wait that a worker asks for: a number of seconds, also as text or as a duration, or a date as in a Retry-After header. A
 * number that is far too large for a wait, and is the moment of a day from now to a year from now in seconds or milliseconds since
 * 1970, is that moment.
 */
public final class Waits {
    private static final int LONGEST = 31_536_000;
    private static final long DAY = 86_400;

    private Waits() {}

    /**
     * Whole seconds, counted from {@code written}, the time at which the worker said so; empty if the value cannot be understood.
     */
    static Optional<Integer> seconds(JsonNode value, Optional<Instant> written) {
        if (value.isNumber()) return seconds(value.doubleValue(), written);
        if (!value.isTextual()) return Optional.empty();
        var text = value.textValue().strip();
        return number(text)
                .flatMap(seconds -> seconds(seconds, written))
                .or(() -> duration(text).flatMap(seconds -> seconds(seconds, Optional.empty())))
                .or(() -> written.flatMap(
                        from -> Dates.read(text).flatMap(until -> until(from, until.getEpochSecond()))));
    }

    /** The same for the text of a header. */
    public static Optional<Integer> seconds(String text, Instant written) {
        return seconds(JsonNodeFactory.instance.textNode(text), Optional.of(written));
    }

    private static Optional<Integer> seconds(double seconds, Optional<Instant> written) {
        if (Double.isNaN(seconds) || seconds == Double.POSITIVE_INFINITY || seconds < 0) return Optional.empty();
        return written.flatMap(from -> moment(seconds, from).or(() -> moment(seconds / 1_000, from)))
                .or(() -> Optional.of((int) Math.ceil(Math.min(seconds, LONGEST))));
    }

    /** The wait until a moment in seconds since 1970, if it is near. */
    private static Optional<Integer> moment(double seconds, Instant from) {
        var wait = seconds - from.getEpochSecond();
        return wait < -DAY || wait > LONGEST || from.getEpochSecond() <= LONGEST + DAY
                ? Optional.empty()
                : until(from, (long) Math.ceil(seconds));
    }

    private static Optional<Integer> until(Instant from, long epochSecond) {
        var wait = epochSecond - from.getEpochSecond();
        return Optional.of((int) Math.max(0, Math.min(wait, LONGEST)));
    }

    private static Optional<Double> number(String text) {
        // A proxy joins a header that it got twice: "120, 120". Of two that differ nobody knows which one is meant.
        var said = Stream.of(text.split(",", -1)).map(String::strip).distinct().toList();
        if (said.size() > 1) return Optional.empty();
        try {
            return Optional.of(new BigDecimal(said.getFirst()).doubleValue());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Reads PT30S as in ISO 8601, 30s and 1m30s as in Kubernetes, and 30 seconds as people write it. */
    private static Optional<Double> duration(String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("P")) return Amounts.seconds(text.toLowerCase(Locale.ROOT));
        try {
            var read = Duration.parse(upper);
            // The milliseconds of the longest duration do not fit into a long.
            return Optional.of(read.getSeconds() + read.getNano() / 1e9);
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
