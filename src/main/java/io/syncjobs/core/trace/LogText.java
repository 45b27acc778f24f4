package io.syncjobs.core.trace;

import io.syncjobs.core.Limits;
import java.util.List;

/** Makes text of strangers safe to show. */
final class LogText {
    /** The longest trace in a status. */
    private static final int TRACE_BYTES = Limits.TRACE_BYTES;

    /** The longest title or link. A sequence that does not end within this length is plain text. */
    private static final int ESCAPE_CHARS = 1_024;

    private LogText() {}

    /** Removes terminal escapes and control characters except line ends and tabs. Each line end becomes one newline. */
    static String plain(String text) {
        var plain = new StringBuilder(text.length());
        var begin = 0;
        var i = 0;
        while (i < text.length()) {
            var c = text.codePointAt(i);
            if (!plain.isEmpty() && plain.charAt(plain.length() - 1) == '\n') begin = plain.length();
            if (c == 0x1B || c == 0x9B) {
                i = escapeEnd(text, i, c == 0x9B);
            } else if (c == '\r') {
                plain.append('\n');
                i += Chars.at(text, i + 1) == '\n' ? 2 : 1;
            } else if (isSeparator(c)) {
                // Loggers put them between the lines of a trace, so that a collector keeps it together. JSON stays one
                // line.
                plain.append(begin < plain.length() && plain.charAt(begin) == '{' ? (char) c : '\n');
                i++;
            } else {
                if (isHarmless(c)) plain.appendCodePoint(c);
                i += Character.charCount(c);
            }
        }
        return plain.toString();
    }

    /** A line or a paragraph ends here. */
    private static boolean isSeparator(int c) {
        return c == 0x2028 || c == 0x2029;
    }

    private static boolean isHarmless(int c) {
        if (c == '\n' || c == '\t') return true;
        if (Character.isISOControl(c) || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE) return false;
        // These change the reading direction, so that the text reads as something else.
        if (isBetween(c, 0x202A, 0x202E) || isBetween(c, 0x2066, 0x2069)) return false;
        return !(c >= 0xD800 && c <= 0xDFFF);
    }

    /** The position after the escape that begins here. */
    private static int escapeEnd(String text, int start, boolean oneByte) {
        var kind = oneByte ? '[' : Chars.at(text, start + 1);
        var i = oneByte ? start + 1 : start + 2;
        if (kind == '[') {
            while (isBetween(Chars.at(text, i), 0x20, 0x3F)) i++;
            return isBetween(Chars.at(text, i), 0x40, 0x7E) ? i + 1 : i;
        }
        if (kind == ']' || kind == 'P' || kind == '_' || kind == '^') return stringEnd(text, i);
        if (isBetween(kind, 0x20, 0x2F)) {
            while (isBetween(Chars.at(text, i), 0x20, 0x2F)) i++;
            return isBetween(Chars.at(text, i), 0x30, 0x7E) ? i + 1 : i;
        }
        return isBetween(kind, 0x30, 0x7E) ? i : start + 1;
    }

    /** The position after the bell or the terminator that ends a title or a link. */
    private static int stringEnd(String text, int from) {
        for (var i = from; i < Math.min(text.length(), from + ESCAPE_CHARS); i++) {
            if (text.charAt(i) == 0x07) return i + 1;
            if (text.charAt(i) == 0x1B) return Chars.at(text, i + 1) == '\\' ? i + 2 : i;
            if (text.charAt(i) == '\n') return i;
        }
        return from;
    }

    private static boolean isBetween(int c, int first, int last) {
        return c >= first && c <= last;
    }

    /** The text on one line. */
    static String onOneLine(String text) {
        var line = new StringBuilder(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            line.append(c == '\n' || c == '\t' || isSeparator(c) ? ' ' : c);
        }
        return line.toString().strip();
    }

    /**
     * The last lines, as many as fit into a status. Of a line that is too long, its end. The result ends with the log, or with line
     * {@code last} if the rest of the log would leave no room for that line.
     */
    static String bottom(List<String> lines, int last) {
        var below = 0L;
        for (var i = lines.size() - 1; i > last && below <= TRACE_BYTES / 2; i--) below += bytes(lines.get(i)) + 1;
        var end = below <= TRACE_BYTES / 2 ? lines.size() : last + 1;
        while (end > 0 && lines.get(end - 1).isBlank()) end--;
        var begin = end;
        for (var left = (long) TRACE_BYTES; begin > 0; begin--) {
            left -= bytes(lines.get(begin - 1)) + (begin == end ? 0 : 1);
            if (left < 0) break;
        }
        if (begin == end && end > 0) return withoutSeparators(endOf(lines.get(end - 1)));
        return withoutSeparators(String.join("\n", lines.subList(begin, end)));
    }

    private static String withoutSeparators(String text) {
        return text.replace((char) 0x2028, ' ').replace((char) 0x2029, ' ');
    }

    private static String endOf(String line) {
        var from = line.length();
        for (var left = TRACE_BYTES; from > 0; ) {
            var c = line.codePointBefore(from);
            left -= bytes(c);
            if (left < 0) break;
            from -= Character.charCount(c);
        }
        return line.substring(from);
    }

    private static int bytes(String line) {
        return line.codePoints().map(LogText::bytes).sum();
    }

    private static int bytes(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
}
