package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An error as a small table: {@code Message : order 7 is locked}, and on lines nearby {@code Error type : HTTP:CONNECTIVITY}. Mule,
 * Flyway, Babashka, gRPC and others print it so.
 */
final class LabelFormat implements Format {
    private static final int NEAR = 6;
    private static final int LONGEST = 24;
    private static final Set<String> MESSAGES = Set.of("message", "error message", "reason", "description");
    private static final Set<String> TYPES = Set.of("type", "error type", "exception", "exception type");

    /** Only an error has one of these. Others have a code or a type too. */
    private static final Set<String> SURE =
            Set.of("error type", "exception", "exception type", "error code", "sql state", "sqlstate");

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            if (!MESSAGES.contains(label(log.text(i))) || log.level(i).isQuiet()) continue;
            var message = log.message(value(log.text(i)), i, Math.min(log.size(), i + 4));
            if (message.isEmpty() || !isTable(log, i)) continue;
            var title = title(log, i);
            var own = new Header(type(log, i), title.isEmpty() ? message : title);
            var plain = Found.block(end(log, i), own);
            found.add(title.contains(message) || title.isEmpty() ? plain : plain.causedBy(new Header("", message)));
        }
        return found;
    }

    /** One more label is near, and it is one of an error. */
    private static boolean isTable(Log log, int line) {
        for (var i = line - NEAR; i <= line + NEAR; i++) {
            var label = label(log.text(i));
            var named = label.equals("code") || label.equals("type");
            if (SURE.contains(label) || (named && soundsLikeError(log, line, i))) return true;
        }
        return false;
    }

    private static boolean soundsLikeError(Log log, int line, int label) {
        return Header.isException(value(log.text(label))) || Phrases.soundsLikeError(value(log.text(line)));
    }

    /** What stands above a line of dashes over the table. */
    private static String title(Log log, int line) {
        var i = line;
        while (i > line - NEAR && !label(log.text(i)).isEmpty()) i--;
        var above = log.text(i - 1).strip();
        var isError = log.level(i - 1).atLeast(Level.ERROR) || Phrases.isError(above);
        return log.text(i).startsWith("------") && isError ? above : "";
    }

    private static String type(Log log, int line) {
        for (var i = line - NEAR; i <= line + NEAR; i++) {
            var value = value(log.text(i));
            if (TYPES.contains(label(log.text(i))) && value.indexOf(' ') < 0 && !value.isEmpty()) return value;
        }
        return "";
    }

    private static int end(Log log, int line) {
        var last = line;
        for (var i = line; i <= line + NEAR && i < log.size(); i++)
            if (!label(log.text(i)).isEmpty()) last = i;
        return last;
    }

    /** The words before the colon in small letters; empty if there is no label. */
    private static String label(String text) {
        var colon = colon(text);
        return colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    private static String value(String text) {
        var colon = colon(text);
        return colon < 0 ? "" : text.substring(colon + 1).strip();
    }

    private static int colon(String text) {
        var colon = Chars.find(text, ":", 0, LONGEST);
        return colon > 0
                        && Chars.isUpper(Chars.at(text, Chars.indent(text)))
                        && " \0".indexOf(Chars.at(text, colon + 1)) >= 0
                ? colon
                : -1;
    }
}
