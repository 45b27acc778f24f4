package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code Type: message}, frames after a tab, then {@code Caused by:}; or the root cause first and then {@code Wrapped by:}. Kotlin,
 * Scala and other languages of the JVM print the same form.
 */
final class JavaFormat implements Format {
    private static final String CAUSE = "Caused by: ";
    private static final String WRAPPED = "Wrapped by: ";
    private static final String SUPPRESSED = "Suppressed: ";
    private static final int NEAR = 12;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        var uncaught = -NEAR;
        for (var i = 0; i < log.size(); i++) {
            if (Frame.of(log.text(i)) != Frame.JAVA) continue;
            var block = new Block(log, i);
            var goesOn = block.isNameless()
                    && !found.isEmpty()
                    && i - found.getLast().last() <= 3;
            // When its main thread has died, hooks and other threads of a program tell that they end too.
            var late = i - uncaught <= NEAR && !block.isOfMain();
            if (goesOn) found.add(block.addedTo(found.removeLast()));
            else found.add(late ? block.found().at(block.last, Found.Weight.WARNED) : block.found());
            if (late || block.isOfMain()) uncaught = block.last;
            i = block.last;
        }
        return found;
    }

    /** One trace. From its first frame it is read upwards to its header and downwards to its end. */
    private static final class Block {
        private final Log log;
        private final int indent;
        private Optional<Header> header = Optional.empty();
        private int begin;
        private int last;
        private Optional<Header> cause = Optional.empty();
        private Optional<Header> wrapper = Optional.empty();

        Block(Log log, int frame) {
            this.log = log;
            begin = frame;
            last = frame;
            indent = Chars.indent(log.text(frame));
            up(frame);
            down(frame);
        }

        /** A message may have several lines, so the header is the nearest line above that looks like a header. */
        private void up(int frame) {
            var below = frame;
            for (var i = frame - 1; i >= Math.max(0, frame - Log.MESSAGE_LINES) && header.isEmpty(); i--) {
                var text = log.text(i);
                // Of a dump of threads, which tells of no error.
                if (Frame.of(text) != Frame.NONE || text.contains("java.lang.Thread.State: ")) return;
                begin = i;
                if (text.strip().startsWith(CAUSE)) {
                    if (cause.isEmpty()) cause = behind(text, CAUSE, i, below);
                    below = i;
                } else {
                    if (isOther(text.strip(), i)) return;
                    header = header(i, below, i == below - 1 && log.isWhole(i));
                    if (header.isEmpty() && log.isHeaded(i)) return;
                }
            }
            if (header.filter(one -> !one.type().isEmpty() && !one.isException())
                    .isPresent()) {
                var direct = header.filter(one -> one.type().chars().anyMatch(c -> c >= 'a' && c <= 'z'));
                // Between two frames it is a line of another thread.
                var between = Frame.of(log.text(begin - 1)) == Frame.JAVA && frame > begin;
                header = above(begin, below).or(() -> between ? Optional.empty() : direct);
            }
        }

        /**
         * {@code Detail: …} just above the frames looks like a header, but may be the last line of the message of an error
         * above.
         */
        private Optional<Header> above(int line, int end) {
            for (var i = line - 1; i >= Math.max(0, line - NEAR) && !log.isBlank(i); i--) {
                if (Frame.of(log.text(i)) != Frame.NONE) break;
                var one = header(i, end, false).filter(Header::isException);
                if (one.isPresent()) {
                    begin = i;
                    return one;
                }
                if (log.isHeaded(i)) break;
            }
            return Optional.empty();
        }

        /** The error in a {@code Caused by:} line. Of a trace whose beginning was cut off only that is left. */
        private boolean isOther(String text, int line) {
            if (text.startsWith(WRAPPED)) wrapper = behind(text, WRAPPED, line, line + 1);
            return text.startsWith(WRAPPED) || text.startsWith(SUPPRESSED);
        }

        private Optional<Header> header(int line, int end, boolean directlyAbove) {
            // A line that is indented as far as the frames belongs to a message.
            if (!log.isHeaded(line) && !directlyAbove && Chars.indent(log.text(line)) >= indent)
                return Optional.empty();
            var text = log.text(line).strip();
            // MyBatis begins the lines of its messages so, and tells the cause in them.
            if (text.startsWith("### ")) return Optional.empty();
            // JavaMail tells the cause in its message too.
            if (log.text(line - 1).strip().equals("nested exception is:")) return Optional.empty();
            var thread = afterThread(text);
            var plain =
                    Header.of(text.substring(thread)).filter(one -> thread > 0 || one.isException() || directlyAbove);
            var found = plain.isPresent() && (thread > 0 || plain.get().isException() || !log.isHeaded(line))
                    ? plain
                    : Header.within(text)
                            .filter(one -> one.type().indexOf('.') > 0 || directlyAbove || log.isHeaded(line))
                            .or(() -> directlyAbove ? Header.withText(text) : Optional.empty())
                            // Clojure names no type where a file cannot be compiled.
                            .or(() -> Optional.of(new Header("", text.substring(thread)))
                                    .filter(one -> thread > 0));
            return found.map(one -> behindClass(one, log.isHeaded(line)))
                    .map(one -> new Header(one.type(), log.message(one.message(), line, end)));
        }

        private void down(int frame) {
            for (var i = frame + 1; i < log.size(); i++) {
                var text = log.text(i);
                var kind = Frame.of(text);
                var inner = text.strip();
                if (inner.equals("Caused by:")
                        && Header.of(log.text(i + 1).strip()).isPresent()) {
                    // Jetty ends the line before the cause.
                    i++;
                    cause = behind(CAUSE + log.text(i).strip(), CAUSE, i, messageEnd(i));
                } else if (inner.startsWith(CAUSE) && Chars.indent(text) < indent) {
                    if (!inner.contains("[CIRCULAR REFERENCE"))
                        cause = behind(text, CAUSE, i, messageEnd(i)).or(() -> cause);
                } else if (inner.startsWith(WRAPPED) && Chars.indent(text) < indent) {
                    if (wrapper.isEmpty()) cause = header.or(() -> cause);
                    wrapper = behind(text, WRAPPED, i, i + 1);
                } else if (kind != Frame.JAVA
                        && !inner.startsWith(SUPPRESSED)
                        && !inner.startsWith(CAUSE)
                        && !isMessage(i)) {
                    return;
                }
                last = i;
            }
        }

        /** A further line of the message of a cause. A frame follows soon, and nothing else begins before it. */
        private boolean isMessage(int line) {
            if (log.isHeaded(line) || (log.isBlank(line) && !isBeforeFrame(line))) return false;
            for (var i = line - 1; i > Math.max(begin, line - NEAR); i--) {
                var above = log.text(i).strip();
                if (above.startsWith(CAUSE) || above.startsWith(WRAPPED)) return true;
                if (Frame.of(log.text(i)) != Frame.NONE) return false;
            }
            return false;
        }

        /** True if the next line that is not blank is a frame: a message may end with blank lines. */
        private boolean isBeforeFrame(int line) {
            var next = line + 1;
            while (next < line + NEAR && log.isBlank(next)) next++;
            return Frame.of(log.text(next)) == Frame.JAVA;
        }

        /** The position of the first frame below the message that begins on this line, or of the next line of a logger. */
        private int messageEnd(int line) {
            var end = line + 1;
            while (end < Math.min(log.size(), line + NEAR)
                    && Frame.of(log.text(end)) == Frame.NONE
                    && !log.isHeaded(end)
                    && !log.text(end).strip().startsWith(CAUSE)) end++;
            return end;
        }

        private Optional<Header> behind(String text, String lead, int line, int end) {
            return Header.of(text.strip().substring(lead.length()))
                    .map(one -> new Header(one.type(), log.message(one.message(), line, end)));
        }

        boolean isOfMain() {
            return log.text(begin).strip().startsWith("Exception in thread \"main\" ");
        }

        boolean isNameless() {
            return header.isEmpty() && wrapper.isEmpty();
        }

        /** Frames after a line such as {@code Driver stacktrace:} belong to the error above, whose message contains frames too. */
        Found addedTo(Found above) {
            var told = above.message().contains("(caused by ") || cause.isEmpty();
            return (told ? above : above.causedBy(cause.get())).at(last, above.weight());
        }

        Found found() {
            var outer = wrapper.isPresent() ? wrapper : header;
            var plain = Found.block(last, outer.orElse(new Header("", "")));
            var whole = cause.map(plain::causedBy).orElse(plain);
            if (outer.isEmpty() && cause.isEmpty()) return whole.at(last, Found.Weight.NOISE);
            // An uncaught exception is printed by the runtime, not logged. So a warning above it belongs to something
            // else.
            var uncaught = afterThread(log.text(begin).strip()) > 0;
            return whole.at(last, uncaught ? Found.Weight.BLOCK : log.weightOfBlock(begin));
        }
    }

    /** {@code com.shop.Sync: text shop.ExportError: order 7 is locked}: a logger begins the line with the class that logs. */
    static Header behindClass(Header header, boolean headed) {
        if (!headed || Header.isNamedAsError(header.type())) return header;
        return Header.within(header.message())
                .filter(one -> one.type().indexOf('.') > 0 && Header.isNamedAsError(one.type()))
                .orElse(header);
    }

    /** The position after {@code Exception in thread "main" }. */
    private static int afterThread(String text) {
        var lead = "Exception in thread \"";
        if (!text.startsWith(lead)) return 0;
        var end = Chars.find(text, "\" ", lead.length(), 300);
        return end < 0 ? 0 : end + 2;
    }
}
