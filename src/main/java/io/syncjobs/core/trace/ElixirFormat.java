package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ** (Type) message}, frames after four blanks and an application in brackets. */
final class ElixirFormat implements Format {
    /** Erlang writes the reason below it, and before that a report of the state. */
    private static final String REASON = "** Reason for termination ";

    private static final String REPORT = "=SUPERVISOR REPORT=";
    private static final int NEAR = 6;

    private static final String BEGIN = "** (";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            if (log.text(i).startsWith(REASON) && log.text(i + 1).startsWith("** ")) {
                found.add(Found.line(i + 1, Found.Weight.BLOCK, log.text(i + 1).substring(3)));
                continue;
            }
            if (log.text(i).startsWith(REPORT)) reported(log, i).ifPresent(found::add);
            var header = header(log.text(i).strip());
            // The next line has the error that was raised.
            if (header.isEmpty() || header.get().message().endsWith(" was raised:")) continue;
            var end = end(log, i);
            var message = log.message(header.get().message(), i, end + 1);
            var plain = Found.block(end, new Header(header.get().type(), message));
            found.add(cause(log, i, end).map(plain::causedBy).orElse(plain).at(end, log.weightOfBlock(i)));
            i = end;
        }
        return found;
    }

    /** A report of Erlang's supervisor has the reason as one of its columns. */
    private static Optional<Found> reported(Log log, int line) {
        for (var i = line + 1; i < line + NEAR; i++) {
            var text = log.text(i).strip();
            if (text.startsWith("reason: "))
                return Optional.of(Found.line(
                        i,
                        Found.Weight.BLOCK,
                        text.substring("reason: ".length()).strip()));
        }
        return Optional.empty();
    }

    /** The innermost of the errors nested in the following lines. */
    private static Optional<Header> cause(Log log, int line, int end) {
        for (var i = end; i > line; i--) {
            var nested = log.text(i).strip();
            if (nested.startsWith(BEGIN)) return header(nested, 0);
        }
        return Optional.empty();
    }

    static Optional<Header> header(String text) {
        var begin = text.startsWith(BEGIN) ? 0 : Chars.find(text, " " + BEGIN, 0, 200) + 1;
        if (!text.startsWith(BEGIN, begin)) return Optional.empty();
        var close = Chars.find(text, ")", begin, 200);
        if (close < 0) return Optional.empty();
        var type = text.substring(begin + BEGIN.length(), close);
        var message = text.substring(close + 1).strip();
        var inner = message.startsWith("** (") ? header(message, 0) : Optional.<Header>empty();
        return inner.isPresent() ? inner : Optional.of(new Header(type, message));
    }

    /** {@code (EXIT from …) an exception was raised: ** (Type) message}: the inner one says what happened. */
    private static Optional<Header> header(String text, int from) {
        var close = Chars.find(text, ")", from, 200);
        if (close < 0) return Optional.empty();
        return Optional.of(new Header(
                text.substring(from + BEGIN.length(), close),
                text.substring(close + 1).strip()));
    }

    private static int end(Log log, int line) {
        var last = line;
        for (var i = line + 1; i < Math.min(log.size(), line + 100) && !log.isHeaded(i); i++) {
            if (!log.text(i).startsWith("    ")) break;
            last = i;
        }
        return last;
    }
}
