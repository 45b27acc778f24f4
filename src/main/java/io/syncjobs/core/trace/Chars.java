package io.syncjobs.core.trace;

/** Steps of a scanner: each looks at a character once, so that text of any length costs as much as it has characters. */
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

    /** The character there, or NUL behind the end. */
    static char at(String text, int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : '\0';
    }

    /** Behind the blanks that begin there. */
    static int blanks(String text, int from) {
        var i = from;
        while (at(text, i) == ' ') i++;
        return i;
    }

    /** Behind the digits that begin there. */
    static int digits(String text, int from) {
        var i = from;
        while (isDigit(at(text, i))) i++;
        return i;
    }

    /** How many blanks and tabs a line begins with. */
    static int indent(String text) {
        var i = 0;
        while (at(text, i) == ' ' || at(text, i) == '\t') i++;
        return i;
    }

    /** Where {@code part} begins, not further than {@code most} characters behind {@code from}; -1 where it does not. */
    static int find(String text, String part, int from, int most) {
        var end = (int) Math.min(text.length(), (long) from + most);
        var found = from < end ? text.substring(from, end).indexOf(part) : -1;
        return found < 0 ? -1 : from + found;
    }

    /** At most so many characters, with a dot for what is left out; a pair of surrogates is never parted. */
    static String cut(String text, int most) {
        if (text.length() <= most) return text;
        var end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }
}
