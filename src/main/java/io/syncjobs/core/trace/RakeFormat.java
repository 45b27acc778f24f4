package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An error of Ruby with its type first, or last in brackets, and frames without {@code from}: rake, Rails, Logger. */
final class RakeFormat implements Format {
    private static final int FRAMES = 400;
    private static final int MESSAGE = 12;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i).strip();
            if (text.endsWith("rake aborted!") || text.endsWith("rails aborted!")) {
                var told = log.text(i + 1).strip();
                var header = named(told)
                        .filter(one ->
                                one.isException() || (Chars.isUpper(one.type().charAt(0)) && told.indexOf(' ') > 0));
                i = end(log, i + 1);
                found.add(Found.block(i, header.orElse(new Header("", told))));
            } else if (text.equals("Caused by:")
                    && !found.isEmpty()
                    && i - found.getLast().last() < 4) {
                addCause(log, i, found);
                i = found.getLast().last();
            } else if (RubyFormat.isFrame(log.text(i))
                    && !RubyFormat.isFrame(log.text(i - 1))
                    && RubyFormat.placeEnd(log.text(i)) < 0) {
                var header = above(log, i);
                var end = end(log, i);
                header.map(one -> Found.block(end, one)).ifPresent(found::add);
                i = end;
            }
        }
        return found;
    }

    /** {@code Type: text (Type)}: since Ruby 3.2 the text of an error names its type too. */
    private static Optional<Header> named(String told) {
        return Header.of(told).map(one -> {
            var again = " (" + one.type() + ")";
            return one.message().endsWith(again)
                    ? new Header(
                            one.type(), one.message().substring(0, one.message().length() - again.length()))
                    : one;
        });
    }

    private static Optional<Header> above(Log log, int frame) {
        for (var i = frame - 1; i >= Math.max(0, frame - MESSAGE); i--) {
            var text = log.text(i).strip();
            if (text.equals("Caused by:")
                    || text.startsWith("from ")
                    || log.text(i).startsWith("\tfrom ")) return Optional.empty();
            var closed = i < frame - 1 && log.text(frame - 1).strip().equals("):");
            var header = closed ? opened(text) : header(text, i == frame - 1 && log.isWhole(i));
            if (header.isPresent()) {
                return Optional.of(
                        new Header(header.get().type(), log.message(header.get().message(), i, frame)));
            }
            if (log.isHeaded(i) && !withoutTags(text).isEmpty()) return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@code … Type (message}: the bracket is closed below further lines of the message. */
    private static Optional<Header> opened(String line) {
        var open = line.indexOf(" (");
        for (; open > 0; open = line.indexOf(" (", open + 1)) {
            var type = Header.of(line.substring(line.lastIndexOf(' ', open - 1) + 1, open));
            if (type.filter(one -> one.message().isEmpty() && one.isException()).isPresent())
                return Optional.of(new Header(type.get().type(), line.substring(open + 2)));
        }
        return Optional.empty();
    }

    private static Optional<Header> header(String line, boolean directlyAbove) {
        var text = withoutTags(line);
        var open = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
        if (open > 0) {
            var type = Header.of(text.substring(open + 2, text.length() - 1))
                    .filter(one -> one.message().isEmpty());
            if (type.isPresent() && Chars.isUpper(type.get().type().charAt(0)))
                return named(text)
                        .filter(one -> one.type().equals(type.get().type()))
                        .or(() -> Optional.of(new Header(
                                type.get().type(), text.substring(0, open).strip())));
            var before = text.substring(0, open);
            var rails = Header.of(before.substring(before.lastIndexOf(' ') + 1))
                    .filter(one -> one.message().isEmpty() && one.isException());
            if (rails.isPresent())
                return Optional.of(new Header(rails.get().type(), text.substring(open + 2, text.length() - 1)));
        }
        var plain = Header.of(text)
                .filter(one -> Chars.isUpper(one.type().charAt(0))
                        && (one.isException() || (directlyAbove && !isLabel(one.type()))));
        return plain.isPresent() ? plain : Header.within(text).map(RakeFormat::labelled);
    }

    /** {@code HINT:} and {@code DETAIL:} of a database are no names of errors. */
    private static boolean isLabel(String name) {
        return name.chars().noneMatch(c -> Chars.isLower((char) c));
    }

    /** {@code text -- Exception: Type: message}: a label before the error. */
    private static Header labelled(Header header) {
        return header.type().equals("Exception")
                ? Header.of(header.message()).filter(Header::isException).orElse(header)
                : header;
    }

    /** Rails puts tags before a line, and a colon after the message. */
    private static String withoutTags(String line) {
        var from = 0;
        while (Chars.at(line, from) == '[' && Chars.find(line, "] ", from, 80) > 0)
            from = Chars.find(line, "] ", from, 80) + 2;
        // Of a line that had nothing but a tag.
        if (from == 0 && Chars.at(line, 0) == '[' && line.indexOf(']') == line.length() - 1) return "";
        return line.substring(from, line.endsWith("):") ? line.length() - 1 : line.length());
    }

    private static void addCause(Log log, int line, List<Found> found) {
        var outer = found.removeLast();
        var cause = named(log.text(line + 1).strip());
        var end = end(log, line + 1);
        found.add(cause.map(outer::causedBy).orElse(outer).at(end, outer.weight()));
    }

    /** The last of the frames, which begin below the lines of the message. */
    private static int end(Log log, int line) {
        var last = line;
        var most = MESSAGE;
        for (var i = line; i < Math.min(log.size(), line + FRAMES) && i <= last + most; i++) {
            if (log.text(i).strip().equals("Caused by:")) break;
            if (!RubyFormat.isFrame(log.text(i))) continue;
            last = i;
            most = 1;
        }
        return last;
    }
}
