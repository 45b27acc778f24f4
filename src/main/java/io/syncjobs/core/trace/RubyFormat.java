package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** {@code file:line:in 'method': message (Type)}, then {@code from} lines; a cause follows in the same form. */
final class RubyFormat implements Format {
    private static final int NEAR = 40;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var header = header(log, i);
            if (header.isEmpty()) continue;
            var block = read(log, i, header.get());
            found.add(block);
            i = block.last();
        }
        return found;
    }

    /** The header of the error that ended the program comes before those of its causes. */
    private static Found read(Log log, int line, Header header) {
        var last = line;
        var chain = new LinkedHashSet<Header>(List.of(header));
        for (var i = line + 1; i < Math.min(log.size(), last + NEAR); i++) {
            if (isFrom(log.text(i))) {
                last = i;
                continue;
            }
            // A logger may have got the lines one by one.
            if (log.isHeaded(i) && i > last + 1) break;
            var next = header(log, i);
            if (next.isEmpty()) continue;
            // The same header again begins another error.
            if (chain.contains(next.get())) chain.clear();
            chain.add(next.get());
            last = i;
        }
        var outer = reversed(log, line) ? chain.reversed() : chain;
        var plain = Found.block(last, outer.getFirst());
        return outer.size() > 1 ? plain.causedBy(outer.getLast()) : plain;
    }

    /** Older versions print the outermost frame first, with numbers, and the error that ended the program last. */
    private static boolean reversed(Log log, int line) {
        return log.text(line - 1).startsWith("\t1: from ");
    }

    private static boolean isFrom(String text) {
        return text.startsWith("\tfrom ")
                || text.startsWith("\t ... ")
                || (text.startsWith("\t") && text.startsWith(": from ", Chars.digits(text, 1)));
    }

    /** {@code (Type)} ends the first line of the message, which may have more. */
    static Optional<Header> header(Log log, int line) {
        var text = log.text(line);
        var message = placeEnd(text);
        if (message < 0) return Optional.empty();
        for (var i = line; i < Math.min(log.size(), line + 4); i++) {
            var one = log.text(i).strip();
            if (i > line && (one.startsWith("from ") || placeEnd(one) >= 0)) return Optional.empty();
            var open = one.endsWith(")") ? one.lastIndexOf(" (") : -1;
            if (open < 0 && one.startsWith("(") && one.endsWith(")")) open = -2;
            if (open == -1) continue;
            var type = one.substring(open == -2 ? 1 : open + 2, one.length() - 1);
            var named = Header.of(type)
                    .filter(h -> h.message().isEmpty() && Chars.isUpper(h.type().charAt(0)));
            if (named.isEmpty()) continue;
            var end = i == line ? open : text.length();
            var told = text.substring(Math.min(message, Math.max(0, end)), Math.max(message, end))
                    .strip();
            var whole = i == line ? log.message(told, i, messageEnd(log, i)) : told;
            return Optional.of(new Header(named.get().type(), whole + ofParser(log, i, told)));
        }
        return text.indexOf("': unhandled exception") > 0
                ? Optional.of(new Header("RuntimeError", "unhandled exception"))
                : Optional.empty();
    }

    /** Where the frames begin; the next line if none do, or if another error does. */
    private static int messageEnd(Log log, int line) {
        var end = line + 1;
        while (end < line + NEAR && end < log.size() && !isFrom(log.text(end)) && placeEnd(log.text(end)) < 0) end++;
        return isFrom(log.text(end)) ? end : line + 1;
    }

    /** {@code | ^ unexpected end-of-input}: what was not understood stands below the line of the source that has it. */
    private static String ofParser(Log log, int line, String told) {
        if (!told.startsWith("syntax error") || !told.endsWith(" found")) return "";
        for (var i = line + 1; i < line + NEAR && log.text(i).indexOf('|') > 0; i++) {
            var said = log.text(i).substring(log.text(i).indexOf('|') + 1).strip();
            var end = said.indexOf(' ');
            if (said.startsWith("^") && end > 0) return ": " + said.substring(end + 1);
        }
        return "";
    }

    /** The position after {@code file:line:in 'method': }; -1 if the line does not begin like that. */
    static int placeEnd(String text) {
        if (text.isEmpty() || text.charAt(0) <= ' ') return -1;
        var in = Math.max(Chars.find(text, ":in `", 0, 500), Chars.find(text, ":in '", 0, 500));
        var colon = in < 0 ? text.indexOf(':') : text.lastIndexOf(':', in - 1);
        if (colon < 1) return -1;
        var end = Chars.digits(text, colon + 1);
        if (end == colon + 1 || Chars.at(text, end) != ':') return -1;
        if (!text.startsWith("in ", end + 1))
            return Chars.at(text, end + 1) == ' ' && text.startsWith(".rb", colon - 3) ? end + 2 : -1;
        var quote = Chars.find(text, "': ", end, 400);
        return quote < 0 ? -1 : quote + 3;
    }

    /** True for {@code file:line:in 'method'}: a frame. */
    static boolean isFrame(String line) {
        var text = line.strip();
        var in = text.indexOf(":in ");
        return in > 0 && text.endsWith("'") && Chars.isDigit(text.charAt(in - 1));
    }
}
