package io.syncjobs.core.index;

import java.time.Instant;

/** Reads times as the API server writes them. It is fast, because each event of each job has one. */
final class Times {
    private static final String FORM = "0000-00-00T00:00:00Z";

    private Times() {}

    /**
     * The milliseconds since 1970 of a time such as {@code 2026-03-01T12:00:00Z}, or of any other text that {@link Instant} can
     * parse.
     */
    static long millis(String text) {
        if (!isPlain(text)) return Instant.parse(text).toEpochMilli();
        var month = number(text, 5, 7);
        var day = number(text, 8, 10);
        var hour = number(text, 11, 13);
        var minute = number(text, 14, 16);
        var second = number(text, 17, 19);
        // Instant knows how many days each month has.
        if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59)
            return Instant.parse(text).toEpochMilli();
        return 1_000L * (((days(number(text, 0, 4), month, day) * 24 + hour) * 60 + minute) * 60 + second);
    }

    private static boolean isPlain(String text) {
        if (text.length() != FORM.length()) return false;
        for (var i = 0; i < text.length(); i++) {
            var digit = text.charAt(i) >= '0' && text.charAt(i) <= '9';
            if (FORM.charAt(i) == '0' ? !digit : text.charAt(i) != FORM.charAt(i)) return false;
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        var number = 0;
        for (var i = from; i < to; i++) number = number * 10 + text.charAt(i) - '0';
        return number;
    }

    /** The days since 1970-01-01. The year is counted from March, so that a leap day is its last day. */
    private static long days(int year, int month, int day) {
        var years = month < 3 ? year - 1 : year;
        var months = month < 3 ? month + 9 : month - 3;
        return 365L * years + years / 4 - years / 100 + years / 400 + (153L * months + 2) / 5 + day - 1 - 719_468;
    }
}
