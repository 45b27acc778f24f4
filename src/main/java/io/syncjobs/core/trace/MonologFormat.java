package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An exception in the context of a line of Monolog: class, code, message and place in brackets after the word "[object]". */
final class MonologFormat implements Format {
    private static final String OBJECT = "[object] (";
    private static final String CONSOLE = "\"exception\" => ";
    private static final String PREVIOUS = "\\n[previous exception] [object] (";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            var object = text.indexOf(OBJECT);
            var header = object < 0 ? ofConsole(log, i) : header(text.substring(object + OBJECT.length()));
            if (header.isEmpty()) continue;
            var end = end(log, i);
            var plain = Found.block(end, header.get());
            var previous = previous(log, i, end);
            found.add(previous.map(plain::causedBy).orElse(plain).at(end, log.weightOfBlock(i)));
            i = end;
        }
        return found;
    }

    /** {@code Error: "message" ["exception" => Type { …}]}, as Symfony's console writes the context. */
    private static Optional<Header> ofConsole(Log log, int line) {
        if (!log.text(line).contains(CONSOLE)) return Optional.empty();
        var text = entry(log, line);
        var named = text.indexOf(CONSOLE);
        var end = named < 0 ? -1 : text.indexOf(" {", named);
        var context = text.indexOf(" [\"");
        if (end < 0 || context < 0 || context > named) return Optional.empty();
        var said = text.substring(0, context);
        var open = said.endsWith("\"") ? said.indexOf(": \"") : -1;
        var message = open < 0 || open + 3 >= said.length() ? said : said.substring(open + 3, said.length() - 1);
        // A console of Symfony marks what it can tell the source of.
        var type = text.substring(named + CONSOLE.length(), text.charAt(end - 1) == '^' ? end - 1 : end);
        return Header.of(type).map(one -> new Header(one.type(), message));
    }

    /** The lines of an entry up to this one. */
    private static String entry(Log log, int line) {
        var first = line;
        while (first > Math.max(0, line - Log.MESSAGE_LINES) && !log.isHeaded(first)) first--;
        if (!log.isHeaded(first)) return log.text(line);
        var text = new StringBuilder(log.text(first));
        for (var i = first + 1; i <= line; i++)
            text.append(' ').append(log.text(i).strip());
        return text.toString();
    }

    /** {@code Type(code: 0): message at file:line)}. */
    private static Optional<Header> header(String text) {
        var code = Chars.find(text, "(code: ", 0, 300);
        var colon = code < 0 ? -1 : Chars.find(text, "): ", code, 40);
        if (colon < 0) return Optional.empty();
        // Without line breaks, the trace and the exception before are on the same line.
        var more = text.indexOf(")\\n[", colon + 3);
        var message = text.substring(colon + 3, more < 0 ? text.length() : more);
        var place = message.lastIndexOf(" at /");
        if (place < 0) place = message.indexOf(" at ");
        return Optional.of(new Header(
                unescaped(text.substring(0, code)),
                unescaped(place < 0 ? message : message.substring(0, place)).strip()));
    }

    /** Monolog writes the context as JSON. */
    private static String unescaped(String text) {
        return text.replace("\\\\", "\\").replace("\\\"", "\"").replace("\\/", "/");
    }

    private static Optional<Header> previous(Log log, int line, int end) {
        var same = log.text(line).indexOf(PREVIOUS);
        if (same >= 0) return header(log.text(line).substring(log.text(line).indexOf(OBJECT, same) + OBJECT.length()));
        for (var i = line + 1; i < end; i++) {
            var text = log.text(i);
            var at = text.startsWith("[previous exception] ") ? text.indexOf(OBJECT) : -1;
            if (at >= 0) return header(text.substring(at + OBJECT.length()));
        }
        return Optional.empty();
    }

    private static int end(Log log, int line) {
        var last = line;
        for (var i = line + 1; i < log.size() && !log.isHeaded(i); i++) {
            var text = log.text(i);
            if (text.startsWith("#")
                    || text.startsWith("[stacktrace]")
                    || text.startsWith("[previous exception]")
                    || text.startsWith("\"}")) last = i;
            else if (i > last + 2) break;
        }
        return last;
    }
}
