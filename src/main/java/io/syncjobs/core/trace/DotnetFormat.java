package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Unhandled exception. Type: message}, inner exceptions after arrows, frames after three blanks. */
final class DotnetFormat implements Format {
    private static final String UNHANDLED = "Unhandled exception";
    /** What the command {@code dotnet} cannot start. Below it is a list of what somebody may have meant. */
    private static final String NO_COMMAND = "Could not execute because the ";

    private static final String NOT_LOADED = "The command could not be loaded, possibly because:";
    private static final int GUESSES = 4;

    private static final String LABEL = "Exception: ";
    private static final String ARROW = "---> ";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (isUnhandled(text) || (isFrame(log, i) && !isFrame(log, i - 1))) {
                var block = read(log, i);
                if (block.isPresent()) {
                    found.add(block.get());
                    i = Math.max(i, block.get().last());
                }
            } else if (text.startsWith("Process terminated. ") || text.startsWith("Fatal error. ")) {
                found.add(process(log, i, text));
            } else if (text.equals("Stack overflow.") || (text.equals("Out of memory.") && isFrame(log, i + 1))) {
                found.add(Found.line(i, Found.Weight.BLOCK, text));
            } else if (text.startsWith(NO_COMMAND)) {
                found.add(Found.line(guessesEnd(log, i), Found.Weight.BLOCK, text));
            } else if (text.startsWith(NOT_LOADED) && log.text(i + 1).contains("a .NET application")) {
                found.add(Found.line(
                        guessesEnd(log, i), Found.Weight.BLOCK, log.text(i + 2).strip()));
            }
        }
        return found;
    }

    private static int guessesEnd(Log log, int line) {
        return Math.min(log.size() - 1, line + GUESSES);
    }

    /** Newer versions end it with a dot. Older versions write it in capitals, with a colon. */
    private static boolean isUnhandled(String text) {
        return text.regionMatches(true, 0, UNHANDLED, 0, UNHANDLED.length());
    }

    private static Found process(Log log, int line, String text) {
        var said = text.substring(text.indexOf(". ") + 2).strip();
        return Found.block(
                end(log, line), Header.of(said).filter(Header::isException).orElse(new Header("", said)));
    }

    private static boolean isFrame(Log log, int line) {
        var text = log.text(line);
        return Frame.of(text) == Frame.DOTNET || text.strip().startsWith("--- End of ") || isEnd(log, line);
    }

    /** {@code --- Ende der internen Ausnahmestapelüberwachung ---} between frames. */
    private static boolean isEnd(Log log, int line) {
        var text = log.text(line).strip();
        return text.startsWith("--- ")
                && text.endsWith(" ---")
                && (Frame.of(log.text(line - 1)) == Frame.DOTNET || Frame.of(log.text(line + 1)) == Frame.DOTNET);
    }

    private static Optional<Found> read(Log log, int line) {
        var begin = line;
        Optional<Header> header = Optional.empty();
        Optional<Header> inner = Optional.empty();
        for (var i = line; i >= Math.max(0, line - Log.MESSAGE_LINES) && header.isEmpty(); i--) {
            var text = log.text(i);
            if (i < line && isFrame(log, i)) break;
            begin = i;
            var arrow = text.indexOf(ARROW);
            if (arrow >= 0 && text.substring(0, arrow).isBlank()) inner = inner(log, i);
            else header = header(log, i, line);
            if (header.isEmpty() && log.isHeaded(i)) break;
        }
        if (header.isEmpty() && inner.isEmpty()) return Optional.empty();
        if (inner.isEmpty()) inner = below(log, begin);
        var plain = Found.block(end(log, line), header.orElse(new Header("", "")));
        var whole = inner.map(plain::causedBy).orElse(plain);
        // An uncaught exception is printed by the runtime, not logged. So a warning above it belongs to something else.
        var weight = isUnhandled(log.text(begin)) ? Found.Weight.BLOCK : log.weightOfBlock(begin);
        return Optional.of(whole.at(plain.last(), weight));
    }

    private static Optional<Header> header(Log log, int line, int end) {
        var text = log.text(line).strip();
        var arrow = text.indexOf(" " + ARROW);
        var own = arrow < 0 ? text : text.substring(0, arrow);
        if (isUnhandled(own))
            own = own.substring(Math.min(own.length(), UNHANDLED.length() + 1)).strip();
        // A column of OpenTelemetry's console: "LogRecord.Exception:     Type: message".
        var column = own.indexOf(":  ");
        if (column > 0 && own.indexOf(' ') > column)
            own = own.substring(column + 1).strip();
        // Azure Functions: "Exception: Type: message".
        var labelled = own.startsWith(LABEL) ? Header.of(own.substring(LABEL.length())) : Optional.<Header>empty();
        if (labelled.filter(one -> one.type().indexOf('.') > 0 && one.isException())
                .isPresent()) return labelled;
        if (own.startsWith("System.") && own.indexOf(' ') < 0 && own.indexOf(':') < 0) return Header.of(own);
        var found =
                Header.of(own).filter(Header::isException).map(one -> JavaFormat.behindClass(one, log.isHeaded(line)));
        if (found.isEmpty()) found = Header.within(own).filter(one -> one.type().indexOf('.') > 0);
        return found.map(one -> new Header(one.type(), log.message(one.message(), line, messageEnd(log, line, end))));
    }

    /** Where the frames begin, or the inner exceptions; those of an uncaught exception are below the line that was found. */
    private static int messageEnd(Log log, int line, int end) {
        if (end > line) return end;
        var next = line + 1;
        while (next < line + Log.MESSAGE_LINES
                && !log.isHeaded(next)
                && !isFrame(log, next)
                && !log.text(next).strip().startsWith(ARROW)) next++;
        return isFrame(log, next) || log.text(next).strip().startsWith(ARROW) ? next : line + 1;
    }

    /** The direct cause of the outermost error. It says why the work failed; the innermost cause is often only technical. */
    private static Optional<Header> inner(Log log, int line) {
        var text = log.text(line);
        var from = text.indexOf(ARROW) + ARROW.length();
        var next = text.indexOf(" " + ARROW, from);
        return Header.of(text.substring(from, next < 0 ? text.length() : next).strip());
    }

    private static Optional<Header> below(Log log, int line) {
        for (var i = line; i < Math.min(log.size(), line + Log.MESSAGE_LINES); i++) {
            if (i > line && isFrame(log, i)) break;
            var arrow = log.text(i).indexOf(ARROW);
            if (arrow >= 0) return inner(log, i);
        }
        return Optional.empty();
    }

    private static int end(Log log, int line) {
        var last = line;
        for (var i = line; i < log.size() && i < last + Log.MESSAGE_LINES; i++) {
            if (isFrame(log, i) || log.text(i).strip().startsWith(ARROW)) last = i;
            else if (i > line && (log.isHeaded(i) || isUnhandled(log.text(i)))) break;
        }
        return last;
    }
}
