package io.syncjobs.core;

import org.jspecify.annotations.Nullable;

/** Text that strangers wrote, kept within the bounds of the API and without control sequences for terminals. */
public final class Text {
    private static final char ESCAPE = '\u001b';
    private static final char BELL = '\u0007';
    private static final char REPLACEMENT = '\ufffd';
    private static final String ARROW = " → ";

    /** So many characters of a problem say what it is, however long the advice about it is. */
    private static final int LEAST_WORDS = 256;

    private Text() {}

    /** At most {@code max} characters. If text was cut, the last character is an ellipsis. A surrogate pair is never split. */
    public static String cut(@Nullable String text, int max) {
        if (text == null) return "";
        if (text.length() <= max) return text;
        var end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    /** A problem and the advice about it. If both are too long, the problem is cut and the advice stays whole. */
    public static String withAdvice(String words, String advice) {
        if (advice.isEmpty()) return message(words);
        return message(leavingRoom(words, ARROW.length() + advice.length()) + ARROW + advice);
    }

    /** The words of a message, cut such that so many characters fit behind them. Some of the words are kept in any case. */
    public static String leavingRoom(String words, int chars) {
        return cut(words, Math.max(LEAST_WORDS, Limits.MESSAGE_CHARS - chars));
    }

    /** The problem without the advice. */
    public static String withoutAdvice(String message) {
        var arrow = message.lastIndexOf(ARROW);
        return arrow < 0 ? message : message.substring(0, arrow);
    }

    /** Replaces half surrogate pairs, which JSON can express and UTF-8 cannot. */
    public static String wellFormed(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> whole.appendCodePoint(
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c));
        return whole.toString();
    }

    /** A message for a status or an event. */
    public static String message(@Nullable String text) {
        return cut(text == null ? "" : clean(text), Limits.MESSAGE_CHARS);
    }

    /** Removes terminal escapes, marks that change the reading direction, and control characters except line ends and tabs. */
    public static String clean(String text) {
        for (var at = 0; at < text.length(); at++) {
            if (isForbidden(text, at)) return cleaned(text, at);
        }
        return text;
    }

    private static String cleaned(String text, int first) {
        var clean = new StringBuilder(text.length()).append(text, 0, first);
        for (var at = first; at < text.length(); at++) {
            var one = text.charAt(at);
            if (one == ESCAPE) at = endOfEscape(text, at);
            else if (Character.isSurrogate(one) && isForbidden(text, at)) clean.append(REPLACEMENT);
            else if (one == '\r' && !(at + 1 < text.length() && text.charAt(at + 1) == '\n')) clean.append('\n');
            else if (!isForbidden(text, at)) clean.append(one);
        }
        return clean.toString();
    }

    private static boolean isForbidden(String text, int at) {
        var one = text.charAt(at);
        if (one < ' ') return one != '\n' && one != '\t';
        if (one < '\u007f') return false;
        if (one <= '\u009f') return true;
        if (Character.isSurrogate(one)) return isHalf(text, at);
        return (one >= '\u202a' && one <= '\u202e') || (one >= '\u2066' && one <= '\u2069');
    }

    private static boolean isHalf(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** The position of the last character of the escape sequence that begins here: a colour, a title, or one or two signs. */
    private static int endOfEscape(String text, int at) {
        if (at + 1 >= text.length()) return at;
        return switch (text.charAt(at + 1)) {
            case '[' -> endOfControl(text, at + 2);
            case ']', 'P', 'X', '^', '_' -> endOfString(text, at + 2);
            default -> endOfShort(text, at + 1);
        };
    }

    /** {@code ESC 7}, {@code ESC ( B}: one more sign, or two of which the first is no letter. Anything else is plain text. */
    private static int endOfShort(String text, int from) {
        var last = text.charAt(from) > ' ' && text.charAt(from) < '0' ? from + 1 : from;
        return last < text.length() && text.charAt(last) >= '0' && text.charAt(last) <= '~' ? last : from - 1;
    }

    private static int endOfControl(String text, int from) {
        for (var at = from; at < text.length(); at++) {
            var one = text.charAt(at);
            if (one >= '@' && one <= '~') return at;
            if (one < ' ' || one > '~') return at - 1;
        }
        return text.length() - 1;
    }

    /** A control string ends with a bell or with ESC \. If it does not end within its line, it is plain text. */
    private static int endOfString(String text, int from) {
        for (var at = from; at < text.length() && text.charAt(at) != '\n'; at++) {
            if (text.charAt(at) == BELL) return at;
            if (text.charAt(at) == ESCAPE)
                return at + 1 < text.length() && text.charAt(at + 1) == '\\' ? at + 1 : at - 1;
        }
        return from - 1;
    }
}
