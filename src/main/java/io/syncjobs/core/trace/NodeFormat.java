package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code Type: message} or {@code [Type: message]}, frames after four blanks, then properties in braces. The properties {@code
 * [cause]} and {@code [errors]} contain errors. An uncaught error comes after a place, a piece of source code and a caret.
 */
final class NodeFormat implements Format {
    /** Deno prints a cause so, and VError. */
    private static final List<String> CAUSED = List.of("Caused by: ", "caused by: ");

    /** tslog prints the error on the line above, with its name before two blanks. */
    private static final String TSLOG = "error stack:";

    private static final String REASON = "The promise rejected with the reason \"";

    private static final int NEAR = 12;

    private static final String HEAP = "FATAL ERROR: ";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            var frame = i;
            Optional<Found> block = Optional.empty();
            if (text.startsWith(HEAP)) {
                block = Optional.of(Found.block(i, new Header("FATAL ERROR", text.substring(HEAP.length()))));
            } else if (isCaret(text) && isPlace(log, i)) {
                block = uncaught(log, i);
            } else if (Frame.of(text) == Frame.NODE && !isOfRust(log.text(i - 1))) {
                block = logged(log, i).or(() -> cut(log, frame));
            } else if (text.startsWith("[") && (text.indexOf("Error") > 0 || text.indexOf("Rejection") > 0)) {
                block = bracketed(log, i);
            } else if (text.equals(TSLOG)) {
                block = ofTslog(log, i);
            }
            block.ifPresent(found::add);
            if (block.isPresent()) i = Math.max(i, block.get().last());
            else i = framesEnd(log, i);
        }
        return found;
    }

    /** {@code 3: anyhow::error::msg}: the place of this frame of Rust is on the next line. */
    private static boolean isOfRust(String above) {
        var number = Chars.indent(above);
        var end = Chars.digits(above, number);
        return end > number && above.startsWith(": ", end);
    }

    private static Optional<Found> ofTslog(Log log, int line) {
        var above = log.text(line - 1).strip();
        var end = above.indexOf("  ");
        if (end < 1 || above.indexOf(' ') < end) return Optional.empty();
        var header = new Header(above.substring(0, end), above.substring(end).strip());
        return Optional.of(Found.block(line, header).at(line, log.weightOfBlock(line - 1)));
    }

    private static int framesEnd(Log log, int line) {
        var i = line;
        while (Frame.of(log.text(i)) == Frame.NODE && Frame.of(log.text(i + 1)) == Frame.NODE) i++;
        return i;
    }

    private static boolean isCaret(String text) {
        var caret = Chars.indent(text);
        var end = caret;
        while (Chars.at(text, end) == '^') end++;
        return end > caret && text.substring(end).isBlank();
    }

    /** {@code file:line}, above the piece of source code. */
    private static boolean isPlace(Log log, int caret) {
        for (var i = caret - 1; i >= Math.max(0, caret - 4); i--) {
            var text = log.text(i).strip();
            var colon = text.lastIndexOf(':');
            if (colon > 0 && colon + 1 < text.length() && Chars.digits(text, colon + 1) == text.length()) return true;
        }
        return false;
    }

    /** The error comes after the caret, whatever it looks like: JavaScript can throw any value. */
    private static Optional<Found> uncaught(Log log, int caret) {
        var first = caret + 1;
        while (first < log.size() && first < caret + 3 && log.isBlank(first)) first++;
        if (first >= log.size() || log.isBlank(first) || log.text(first).startsWith("Node.js v"))
            return Optional.empty();
        if (isPlaceLine(log.text(first))) return Optional.empty();
        var frames = first;
        while (frames < Math.min(log.size(), first + Log.MESSAGE_LINES)
                && Frame.of(log.text(frames)) == Frame.NONE
                && !log.text(frames).startsWith("Node.js v")) frames++;
        var begin = first;
        var bracket = bracketed(log, begin);
        if (bracket.isPresent()) return bracket;
        var text = log.text(first).strip();
        if (text.equals("undefined") || text.equals("null"))
            return Optional.of(Found.line(first, Found.Weight.BLOCK, ""));
        var header = Header.of(withoutUncaught(text)).filter(one -> !one.type().isEmpty());
        var framed = Frame.of(log.text(frames)) == Frame.NODE;
        if (header.filter(one -> framed || one.isException()).isEmpty())
            return Optional.of(Found.line(first, Found.Weight.BLOCK, text));
        return Optional.of(whole(
                log, new Header(header.get().type(), log.message(header.get().message(), begin, frames)), frames));
    }

    private static boolean isPlaceLine(String text) {
        return (text.startsWith("[") || text.startsWith("file:") || text.startsWith("/"))
                && text.lastIndexOf("]:") > 0
                && text.indexOf(' ') > 0
                && Chars.digits(text, text.lastIndexOf(':') + 1) == text.length();
    }

    private static String withoutUncaught(String text) {
        var from = text.startsWith("error: Uncaught ") ? 16 : text.startsWith("Uncaught ") ? 9 : 0;
        return text.substring(text.startsWith("(in promise) ", from) ? from + 13 : from);
    }

    /** An error that was logged. Its header is the nearest line above the frames that looks like one. */
    private static Optional<Found> logged(Log log, int frame) {
        for (var i = frame - 1; i >= Math.max(0, frame - Log.MESSAGE_LINES); i--) {
            var text = log.text(i);
            if (Frame.of(text) != Frame.NONE || text.startsWith("Emitted 'error' event")) return Optional.empty();
            var said = LineFormat.unmarked(text.strip());
            var header = Chars.indent(text) > 0 && !log.isHeaded(i)
                    ? indented(said, i == frame - 1)
                    : header(said, i == frame - 1 && log.isWhole(i), log.isHeaded(i));
            if (header.isPresent() && i == frame - 1 && isOfTool(header.get()) && isBelowError(log, i)) continue;
            if (header.isPresent()) {
                var told =
                        new Header(header.get().type(), log.message(header.get().message(), i, frame));
                var found = whole(log, told, frame);
                return isWarning(text) ? Optional.empty() : Optional.of(found.at(found.last(), log.weightOfBlock(i)));
            }
            if (log.isHeaded(i)) return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@code rsync: connection closed}: an error that a program was run for has the last words of that in its message. */
    private static boolean isOfTool(Header header) {
        return Chars.isLower(header.type().charAt(0)) && !header.type().equals("error");
    }

    private static boolean isBelowError(Log log, int line) {
        for (var i = line - 1; i >= Math.max(0, line - NEAR); i--) {
            if (Frame.of(log.text(i)) != Frame.NONE || log.isHeaded(i)) return false;
            if (Header.of(log.text(i)).filter(Header::isException).isPresent()) return true;
        }
        // The line of the error may have been cut off.
        return line <= NEAR;
    }

    /** {@code (node:7) DeprecationWarning: text}: Node goes on. Older ones told of a rejection so, which is an error. */
    private static boolean isWarning(String text) {
        return text.startsWith("(node:") && !text.contains("UnhandledPromiseRejection");
    }

    /** {@code   <rejected> Error: order 7 is locked}: in an object that was printed, something may stand before an error. */
    private static Optional<Header> indented(String text, boolean directlyAbove) {
        return Header.of(behindName(text))
                .or(() -> directlyAbove ? Header.within(text) : Optional.empty())
                .filter(Header::isException);
    }

    /** The value of a property, if an object was printed that has an error in it: {@code error: Type: message}. */
    private static String behindName(String text) {
        var end = 0;
        while (Chars.isWord(Chars.at(text, end))) end++;
        var value = end > 0 && text.startsWith(": ", end) ? text.substring(end + 2) : text;
        return Header.of(value).filter(Header::isException).isPresent() ? value : text;
    }

    /** The header of the error was cut off, so only its cause is left. */
    private static Optional<Found> cut(Log log, int frame) {
        if (frame > 2) return Optional.empty();
        return Optional.of(whole(log, new Header("", ""), frame))
                .filter(one -> !one.message().isEmpty());
    }

    private static Optional<Header> header(String line, boolean directlyAbove, boolean headed) {
        var text = withoutUncaught(line);
        var uncaught = text.length() < line.length();
        var whole = Header.of(text).filter(one -> one.isException() || uncaught || (directlyAbove && !headed));
        var within = whole.isPresent() ? whole : Header.within(text).filter(one -> directlyAbove || one.isException());
        if (uncaught) return within.map(Header::behindLabel);
        return within.isEmpty() && directlyAbove ? named(text) : within;
    }

    /** {@code prices were not read NoSuchKey: there is no such key}: the names of some errors do not say that they are one. */
    private static Optional<Header> named(String text) {
        var colon = text.indexOf(": ");
        var name = colon < 0 ? "" : text.substring(text.lastIndexOf(' ', colon) + 1, colon);
        var capitals = name.chars().filter(c -> Chars.isUpper((char) c)).count();
        var camel = capitals > 1
                && capitals < name.length()
                && Chars.isUpper(name.charAt(0))
                && name.chars().allMatch(c -> Chars.isWord((char) c));
        return camel ? Header.of(text.substring(colon - name.length())) : Optional.empty();
    }

    /** {@code [Type: message]}: an error without frames. */
    private static Optional<Found> bracketed(Log log, int line) {
        var text = log.text(line).strip();
        var end = text.endsWith("{") ? text.lastIndexOf(']') : text.length() - 1;
        if (!text.startsWith("[") || end < 2 || text.charAt(end) != ']') return Optional.empty();
        var header =
                Header.of(text.substring(1, end)).filter(Header::isException).map(NodeFormat::withReason);
        return header.map(one -> whole(log, one, line));
    }

    /** Node explains at length what a rejection is, and gives the value last. */
    private static Header withReason(Header header) {
        var reason = header.message().indexOf(REASON);
        var end = header.message().lastIndexOf('"');
        return reason < 0
                        || end < reason + REASON.length()
                        || header.message().startsWith("#<", reason + REASON.length())
                ? header
                : new Header(header.type(), header.message().substring(reason + REASON.length(), end));
    }

    /** The error with the cause in its properties, or with the first of several errors there. */
    private static Found whole(Log log, Header header, int from) {
        var last = from;
        var cause = Optional.<Header>empty();
        for (var i = from; i < log.size(); i++) {
            var text = log.text(i);
            var kind = Frame.of(text);
            if (i > from && kind == Frame.NONE && isOver(log, i)) break;
            last = i;
            if (cause.isEmpty()) cause = property(log, i);
        }
        var plain = Found.block(last, header);
        return cause.map(plain::causedBy).orElse(plain);
    }

    private static Optional<Header> property(Log log, int line) {
        var text = log.text(line).strip();
        if (text.startsWith("[cause]: ")) return ofProperty(text.substring(9));
        for (var caused : CAUSED) {
            if (text.startsWith(caused)) return ofProperty(text.substring(caused.length()));
        }
        if (text.startsWith("cause: "))
            return ofProperty(text.substring(7).strip()).filter(Header::isException);
        if (text.equals("[errors]: [") || (text.equals("errors: [") && isError(log.text(line + 1))))
            return ofProperty(log.text(line + 1).strip());
        return Optional.empty();
    }

    private static boolean isError(String text) {
        return Header.of(text.strip()).filter(Header::isException).isPresent();
    }

    private static Optional<Header> ofProperty(String text) {
        // JavaScript can throw any value, and so the cause may be a text.
        if (text.startsWith("'") && text.endsWith("'") && text.length() > 2)
            return Optional.of(new Header("", text.substring(1, text.length() - 1)));
        if (!text.startsWith("[")) return Header.of(text);
        var end = text.lastIndexOf(']');
        return end < 1 ? Optional.empty() : Header.of(text.substring(1, end));
    }

    /** Properties are indented, and end with a brace. */
    private static boolean isOver(Log log, int line) {
        var text = log.text(line);
        if (log.isHeaded(line)) return true;
        return !text.startsWith(" ")
                && CAUSED.stream().noneMatch(text::startsWith)
                && !text.startsWith("}")
                && !text.startsWith("Emitted 'error' event");
    }
}
