package io.syncjobs.core.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A moment as servers write it: in the three forms that HTTP knows, and in those of ISO 8601. The name of the day is not compared
 * with the date.
 */
final class Dates {
    private static final int LONGEST = 80;
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final List<String> UTC = List.of(" gmt", " utc", " ut", " z");

    private static final List<DateTimeFormatter> ZONED = List.of(
            format("d MMM uuuu HH:mm[:ss] xx"), format("d-MMM-uuuu HH:mm[:ss] xx"), format("d-MMM-uu HH:mm[:ss] xx"));

    /** The form of C's asctime, which HTTP defines to be UTC. */
    private static final List<DateTimeFormatter> ASCTIME = List.of(format("MMM d HH:mm:ss uuuu"));

    private static final List<DateTimeFormatter> ISO = List.of(DateTimeFormatter.ISO_DATE_TIME);

    private Dates() {}

    static Optional<Instant> read(String text) {
        if (text.length() > LONGEST) return Optional.empty();
        var rest = withoutDay(text.toLowerCase(Locale.ROOT).strip().replace("  ", " "));
        return any(ISO, iso(text.strip())).or(() -> any(ZONED, numbered(rest))).or(() -> any(ASCTIME, rest));
    }

    private static Optional<Instant> any(List<DateTimeFormatter> formats, String text) {
        for (var format : formats) {
            try {
                return Optional.of(Instant.from(format.parse(text)));
            } catch (DateTimeException e) {
                // the next one
            }
        }
        return Optional.empty();
    }

    /** ISO 8601 as the library reads it: a T between date and time, and a colon in the offset. */
    private static String iso(String text) {
        var joined = at(text, 10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11) : text;
        var sign = joined.length() - 5;
        return at(joined, sign) == '+' || at(joined, sign) == '-'
                ? joined.substring(0, sign + 3) + ":" + joined.substring(sign + 3)
                : joined;
    }

    private static DateTimeFormatter format(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }

    private static char at(String text, int at) {
        return at >= 0 && at < text.length() ? text.charAt(at) : 0;
    }

    private static String withoutDay(String text) {
        if (text.length() < 4 || !DAYS.contains(text.substring(0, 3))) return text;
        var at = 3;
        while (at < text.length() && Character.isLetter(text.charAt(at))) at++;
        while (at < text.length() && ", ".indexOf(text.charAt(at)) >= 0) at++;
        return text.substring(at);
    }

    /** Universal time has many names. */
    private static String numbered(String text) {
        for (var name : UTC) {
            if (text.endsWith(name)) return text.substring(0, text.length() - name.length()) + " +0000";
        }
        return text;
    }
}
