package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The wait that a worker asks for: a number of seconds, also as text or as a duration, or a date as in a Retry-After header. */
public final class Waits {
    private static final int LONGEST = 31_536_000;

    private Waits() {}

    /**
     * Whole seconds, counted from {@code written}, the time at which the worker said so; empty if the value cannot be understood.
     */
    static Optional<Integer> seconds(JsonNode value, Optional<Instant> written) {
        if (value.isNumber()) return seconds(value.doubleValue());
        if (!value.isTextual()) return Optional.empty();
        var text = value.textValue().strip();
        return number(text)
                .or(() -> duration(text))
                .or(() -> written.flatMap(from ->
                        date(text).map(until -> Math.max(0, seconds(Duration.between(from, until))))))
                .flatMap(Waits::seconds);
    }

    /** The same for the text of a header. */
    public static Optional<Integer> seconds(String text, Instant written) {
        return seconds(JsonNodeFactory.instance.textNode(text), Optional.of(written));
    }

    private static Optional<Integer> seconds(double seconds) {
        if (Double.isNaN(seconds) || seconds == Double.POSITIVE_INFINITY || seconds < 0) return Optional.empty();
        return Optional.of((int) Math.ceil(Math.min(seconds, LONGEST)));
    }

    /** The seconds of any duration: the milliseconds of the longest one do not fit into a long. */
    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(new BigDecimal(text).doubleValue());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Reads 30s and 1m30s as in Kubernetes, and PT30S as in ISO 8601. */
    private static Optional<Double> duration(String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        try {
            return Optional.of(seconds(Duration.parse(upper.startsWith("P") ? upper : "PT" + upper)));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> date(String text) {
        for (var format :
                new DateTimeFormatter[] {DateTimeFormatter.RFC_1123_DATE_TIME, DateTimeFormatter.ISO_DATE_TIME}) {
            try {
                return Optional.of(Instant.from(format.parse(text)));
            } catch (DateTimeException e) {
                // the next one
            }
        }
        return Optional.empty();
    }
}
