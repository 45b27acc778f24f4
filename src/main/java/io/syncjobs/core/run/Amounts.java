package io.syncjobs.core.run;

import java.util.Map;
import java.util.Optional;

/** A length of time as numbers with units: 1m30s, 500ms, 1.5h, 30 seconds, 1 hour 5 minutes. */
final class Amounts {
    private static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("ns", 1e-9),
            Map.entry("us", 1e-6),
            Map.entry("\u00b5s", 1e-6),
            Map.entry("ms", 1e-3),
            Map.entry("millisecond", 1e-3),
            Map.entry("s", 1.0),
            Map.entry("sec", 1.0),
            Map.entry("second", 1.0),
            Map.entry("m", 60.0),
            Map.entry("min", 60.0),
            Map.entry("minute", 60.0),
            Map.entry("h", 3_600.0),
            Map.entry("hr", 3_600.0),
            Map.entry("hour", 3_600.0),
            Map.entry("d", 86_400.0),
            Map.entry("day", 86_400.0),
            Map.entry("w", 604_800.0),
            Map.entry("week", 604_800.0));

    private Amounts() {}

    /** The seconds of a text in lower case; empty if it is anything else. */
    static Optional<Double> seconds(String text) {
        if (text.isEmpty()) return Optional.empty();
        var sum = 0.0;
        for (var at = 0; at < text.length(); ) {
            var digits = at;
            while (digits < text.length() && (isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) digits++;
            var from = blanksEnd(text, digits);
            var to = from;
            while (to < text.length() && Character.isLetter(text.charAt(to))) to++;
            var unit = unit(text.substring(from, to));
            var number = number(text.substring(at, digits));
            if (unit.isEmpty() || number.isEmpty()) return Optional.empty();
            sum += number.get() * unit.get();
            at = blanksEnd(text, to);
        }
        return Optional.of(sum);
    }

    private static Optional<Double> unit(String word) {
        var one = UNITS.get(word);
        return Optional.ofNullable(
                one == null && word.length() > 2 && word.endsWith("s")
                        ? UNITS.get(word.substring(0, word.length() - 1))
                        : one);
    }

    private static Optional<Double> number(String digits) {
        try {
            return Optional.of(Double.parseDouble(digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int blanksEnd(String text, int from) {
        var at = from;
        while (at < text.length() && text.charAt(at) == ' ') at++;
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
