package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code Traceback}, frames, then {@code Type: message} at the left edge; chained errors come before the one that ended the
 * program.
 */
final class PythonFormat implements Format {
    private static final int FRAME_LINES = 2_000;

    @Override
    public List<Found> find(Log log) {
        var reader = new Reader(log);
        for (var i = 0; i < log.size(); i++) reader.line(i);
        return reader.found;
    }

    private static final class Reader {
        private final Log log;
        private final List<Found> found = new ArrayList<>();
        private Optional<Header> last = Optional.empty();
        private boolean chained;
        private boolean ignored;
        private boolean grouped;
        private int begin;
        private int frame = -1;

        Reader(Log log) {
            this.log = log;
        }

        void line(int line) {
            var text = withoutBar(log.text(line));
            if (isBegin(text)) {
                begin = line;
                frame = line;
            } else if (text.startsWith("  File \"") || isBoxEnd(text)) {
                if (frame < 0) begin = line;
                frame = line;
            } else if (text.startsWith("Exception ignored ")
                    || text.startsWith("Error in atexit.")
                    // A message that cannot be formatted is not logged, and the program goes on.
                    || text.startsWith("--- Logging error ---")
                    || text.startsWith("Call stack:")
                    || text.startsWith("Exception ignored:")) {
                ignored = true;
                frame = -1;
            } else if (text.contains("exception was the direct cause of")
                    || text.startsWith("During handling of the above")) {
                chained = last.isPresent();
            } else if (text.equalsIgnoreCase("Stack trace:")
                    && log.text(line + 1).startsWith("  File \"")) {
                above(line).ifPresent(found::add);
            } else if (text.startsWith("Fatal Python error: ")) {
                found.add(Found.block(
                        line, new Header("Fatal Python error", text.substring("Fatal Python error: ".length()))));
            } else if (frame >= 0 && line - frame < FRAME_LINES && isLeft(text)) {
                end(line, text);
            }
        }

        /** Dagster prints the error above its frames, and above that the error which it wraps it in. */
        private Optional<Found> above(int line) {
            var inner = Optional.<Header>empty();
            for (var i = line - 1; i >= Math.max(0, line - 8); i--) {
                var header = Header.of(log.text(i)).filter(Header::isException);
                if (header.isEmpty()) continue;
                if (inner.isPresent())
                    return Optional.of(
                            Found.block(line, withoutColons(header.get())).causedBy(inner.get()));
                inner = header;
                if (log.isHeaded(i)) break;
            }
            return inner.map(header -> Found.block(line, header));
        }

        private static Header withoutColons(Header header) {
            var end = header.message().length();
            while (end > 0 && header.message().charAt(end - 1) == ':') end--;
            return new Header(header.type(), header.message().substring(0, end));
        }

        private static boolean isBegin(String text) {
            return text.startsWith("Traceback (most recent call last)")
                    || text.contains("Traceback (most recent call last) ─")
                    || text.strip().startsWith("+ Exception Group Traceback");
        }

        /** True for a line of the box that rich draws around a trace. */
        private static boolean isBoxEnd(String text) {
            return text.startsWith("╰─") || text.startsWith("╭─") || text.startsWith("│ ");
        }

        private boolean isLeft(String text) {
            return !text.isBlank()
                    && text.charAt(0) != ' '
                    && text.charAt(0) != '\t'
                    && text.charAt(0) != '│'
                    && text.charAt(0) != '+';
        }

        private void end(int line, String text) {
            // Nim says so too.
            if (text.startsWith(LastWords.NIM)) return;
            var header = Header.of(text.strip())
                    .filter(one -> isPythons(one) || isBelowFrame(line, one))
                    .map(one -> new Header(one.type(), message(one, line)));
            if (header.isEmpty() && !log.isHeaded(line)) return;
            frame = -1;
            var wasIgnored = ignored;
            ignored = false;
            if (header.isEmpty() || wasIgnored || isOfLogging(log, line)) return;
            var inner = chained ? last : Optional.<Header>empty();
            chained = false;
            last = header;
            if (grouped && log.text(line).indexOf('|') >= 0) {
                extend(line);
                return;
            }
            grouped = header.get().type().endsWith("ExceptionGroup");
            var plain = Found.block(line, header.get());
            var whole = inner.filter(cause -> !cause.type().endsWith("RemoteTraceback"))
                    .map(plain::causedBy)
                    .orElse(plain);
            found.add(whole.at(line, isOfTask() ? Found.Weight.WARNED : log.weightOfBlock(begin)));
        }

        /** asyncio tells of the error of a task that nobody waited for, when it tidies up: the program went on without it. */
        private boolean isOfTask() {
            return log.text(begin - 1).startsWith("future: <") && Cleanup.is(log.text(begin - 2));
        }

        private static boolean isPythons(Header header) {
            return header.type().indexOf('.') > 0 || Chars.isUpper(header.type().charAt(0)) || header.isException();
        }

        /** A class may have a name in small letters, such as {@code except_osv}; it stands directly below the last frame. */
        private boolean isBelowFrame(int line, Header header) {
            return log.text(line - 1).startsWith("    ") && header.type().indexOf('_') > 0;
        }

        /** The parts of a group belong to it. */
        private void extend(int line) {
            var group = found.removeLast();
            found.add(group.at(line, group.weight()));
        }

        private String message(Header header, int line) {
            var end = line + 1;
            // Some leave a line empty below the words that announce more.
            if (header.message().endsWith(":") && log.isBlank(end) && !log.isHeaded(end)) end++;
            while (end < Math.min(log.size(), line + 20) && !log.isBlank(end) && !log.isHeaded(end)) end++;
            var begins = !header.message().isEmpty() || log.text(line).strip().endsWith(":");
            return begins ? log.message(header.message(), line, end) : "";
        }
    }

    /** The end of what Python says of a message that cannot be formatted. */
    static boolean isOfLogging(Log log, int line) {
        return log.text(line).startsWith("Message: ") && log.text(line + 1).startsWith("Arguments: ");
    }

    /** {@code     raise ShopError("order 7 is locked")}: a line of source code below its place. */
    static boolean isSource(Log log, int line) {
        var place = log.text(line - 1);
        return place.startsWith("  File \"") && Chars.indent(log.text(line)) > 2;
    }

    /** The lines of an exception group come after a bar. */
    private static String withoutBar(String line) {
        var bar = line.indexOf('|');
        if (bar < 0 || !line.substring(0, bar).isBlank() || bar == 0) return line;
        return Chars.at(line, bar + 1) == ' ' ? line.substring(bar + 2) : line;
    }
}
