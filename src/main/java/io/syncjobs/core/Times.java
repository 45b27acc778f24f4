package io.syncjobs.core;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Reads times as the API server and SyncJobs write them. It is fast, because each event of each job has several. */
public final class Times {
    private static final String FORM = "0000-00-00T00:00:00";

    /** How many days a month has at least. */
    private static final byte[] SHORTEST = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Times() {}

    /**
     * The moment of a time such as {@code 2026-03-01T12:00:00Z} or {@code 2026-03-01T12:00:00.123Z}, or of any other text that
     * {@link Instant} can parse.
     *
     * @throws DateTimeParseException if it can not
     */
    public static Instant instant(String text) {
        var fraction = text.length() - FORM.length() - 1;
        if (!isPlain(text, fraction)) return Instant.parse(text);
        var month = number(text, 5, 7);
        var day = number(text, 8, 10);
        var hour = number(text, 11, 13);
        var minute = number(text, 14, 16);
        var second = number(text, 17, 19);
        // Instant knows which years have a 29 February, and what to say of a day that there is not.
        if (month < 1 || month > 12 || day < 1 || day > SHORTEST[month - 1] || hour > 23 || minute > 59 || second > 59)
            return Instant.parse(text);
        var nanos = fraction == 0 ? 0 : 1_000_000 * number(text, 20, 23);
        return Instant.ofEpochSecond(
                ((days(number(text, 0, 4), month, day) * 24 + hour) * 60 + minute) * 60 + second, nanos);
    }

    /** With no fraction of a second, or with a point and milliseconds. */
    private static boolean isPlain(String text, int fraction) {
        if ((fraction != 0 && fraction != 4) || text.charAt(text.length() - 1) != 'Z') return false;
        for (var i = 0; i < FORM.length(); i++) {
            if (FORM.charAt(i) == '0' ? !isDigit(text, i) : text.charAt(i) != FORM.charAt(i)) return false;
        }
        return fraction == 0 || (text.charAt(19) == '.' && isDigit(text, 20) && isDigit(text, 21) && isDigit(text, 22));
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
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
