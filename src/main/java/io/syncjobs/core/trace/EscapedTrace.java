package io.syncjobs.core.trace;

import io.syncjobs.core.Text;
import java.util.List;
import java.util.Optional;

/**
 * A trace inside a message, on one line: {@code <Fault 1: 'Traceback (most recent call last):\n  File …'>}. A client of another
 * system writes the answer of that system so. What went wrong there stands at the end of that trace, often beyond what a message
 * may hold.
 */
final class EscapedTrace {
    /** A line break as it is written in a literal, and then what only a trace has. */
    private static final List<String> SIGNS =
            List.of("Traceback (most recent call last):\\n", "\\n\\tat ", "\\n    at ", "\\n   at ", "\\n#0 ");

    /** The parts of the message before and behind the trace are cut to this length. */
    private static final int AROUND = 300;

    private EscapedTrace() {}

    /** The message with the error of its trace in place of the trace. */
    static String told(String message) {
        var open = open(message, sign(message));
        // The quotes may be escaped themselves, in JSON that stands in a literal.
        if (open < 0) return message;
        var close = end(message, open);
        return LogErrors.blockOf(unescaped(message.substring(open + 1, close)))
                .map(error -> Text.cut(message.substring(0, open + 1), AROUND) + " … "
                        + Text.cut(message.substring(close), AROUND) + " (caused by "
                        + (error.type().isEmpty() ? "" : error.type() + ": ") + error.message() + ")")
                .orElse(message);
    }

    /** The error of a trace that stands in the text without quotes: a logger has escaped its line breaks. */
    static Optional<Header> error(String text) {
        var sign = sign(text);
        if (sign < 0 || open(text, sign) >= 0) return Optional.empty();
        var from = text.startsWith("Traceback", sign) ? sign : 0;
        return LogErrors.blockOf(unescaped(text.substring(from))).map(one -> new Header(one.type(), one.message()));
    }

    private static int sign(String text) {
        return SIGNS.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    private static int open(String text, int sign) {
        return sign < 0 ? -1 : Math.max(text.lastIndexOf('\'', sign), text.lastIndexOf('"', sign));
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\'", "'")
                .replace("\\\"", "\"");
    }

    /** Where the literal that begins at {@code open} ends. */
    private static int end(String message, int open) {
        for (var at = open + 1; at < message.length(); at++) {
            if (message.charAt(at) == '\\') at++;
            else if (message.charAt(at) == message.charAt(open)) return at;
        }
        return message.length();
    }
}
