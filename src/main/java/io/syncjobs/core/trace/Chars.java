package io.syncjobs.core.trace;

/** Steps of a scanner. Each looks at a character once, so the time is proportional to the length of the text. */
final class Chars {
    private Chars() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean isWord(char c) {
        return isUpper(c) || isLower(c) || isDigit(c) || c == '_';
    }

    /** The character at this position; NUL after the end. */
    static char at(String text, int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : '\0';
    }

    /** The position after the blanks that begin here. */
    static int blanks(String text, int from) {
        var i = from;
        while (at(text, i) == ' ') i++;
        return i;
    }

    /** The position after the digits that begin here. */
    static int digits(String text, int from) {
        var i = from;
        while (isDigit(at(text, i))) i++;
        return i;
    }

    /** The number of blanks and tabs at the beginning of a line. */
    static int indent(String text) {
        var i = 0;
        while (at(text, i) == ' ' || at(text, i) == '\t') i++;
        return i;
    }

    /** Where {@code part} begins, at most {@code most} characters after {@code from}; -1 if it does not. */
    static int find(String text, String part, int from, int most) {
        var end = (int) Math.min(text.length(), (long) from + most);
        var found = from < end ? text.substring(from, end).indexOf(part) : -1;
        return found < 0 ? -1 : from + found;
    }
}
