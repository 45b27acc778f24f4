package io.syncjobs.core.trace;

/**
 * The blanks before a level. {@code tracing} begins a pretty line with them, and consoles of PHP and Node a message: {@code  [error]
 * text}, {@code   ERROR  text}.
 */
final class Margin {
    private static final int WIDEST = 3;

    private static final int LONGEST = 60;

    private Margin() {}

    /** The number of blanks; 0 if they are the indentation of a text. */
    static int of(String line) {
        // Runners of CI jobs: "##[error]text".
        if (line.startsWith("##[")) return 2;
        if (line.startsWith("  2") && Chars.digits(line, 2) == 6 && Chars.at(line, 6) == '-') return 2;
        // Log4j counts the milliseconds since the start before the thread.
        var counter = Chars.blanks(line, Chars.digits(line, 0));
        if (Chars.isDigit(Chars.at(line, 0)) && isBeforeLevel(line, counter)) return counter;
        var blanks = Chars.blanks(line, 0);
        if (blanks > 0 && blanks <= WIDEST && isBadge(line, blanks)) return blanks;
        var end = line.startsWith(" [") ? Chars.find(line, "] ", 2, 12) : -1;
        return end > 0 && Level.of(line.substring(2, end)) != Level.NONE ? 1 : 0;
    }

    /** {@code [main] ERROR shop.Sync - text}, {@code [app] [ERROR] text}: a thread or a program in brackets before a level. */
    static boolean isBeforeLevel(String line, int at) {
        var close = Chars.at(line, at) == '[' ? Chars.find(line, "] ", at, LONGEST) : -1;
        if (close < 0) return false;
        var open = Chars.at(line, close + 2) == '[';
        var from = open ? close + 3 : close + 2;
        var end = from;
        while (Chars.isUpper(Chars.at(line, end))) end++;
        return Level.of(line.substring(from, end)) != Level.NONE
                && (open ? Chars.at(line, end) == ']' : Chars.at(line, end) == ' ' && line.indexOf(" - ", end) > 0);
    }

    /** A level in capitals with two blanks behind it, or with a name that a sign parts from the text. */
    private static boolean isBadge(String line, int from) {
        var end = from;
        while (Chars.isUpper(Chars.at(line, end))) end++;
        return Level.of(line.substring(from, end)) != Level.NONE
                && (Chars.blanks(line, end) == end + 2 || Chars.find(line, " > ", end, LONGEST) > 0);
    }
}
