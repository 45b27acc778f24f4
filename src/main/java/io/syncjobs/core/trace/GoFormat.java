package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code panic:} or {@code fatal error:}, then the goroutines. */
final class GoFormat implements Format {
    private static final int NEAR = 60;
    private static final int TABLE = 12;
    private static final String PANIC = "panic: ";
    private static final String FATAL = "fatal error: ";
    private static final String TEST = "--- FAIL: ";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (text.startsWith("SIG") && log.text(i + 1).startsWith("PC=")) {
                var header = Header.of(text);
                var end = log.size() - 1;
                header.map(one -> Found.block(end, one)).ifPresent(found::add);
                break;
            }
            if (text.strip().startsWith(TEST)) test(log, i).ifPresent(found::add);
            if (!text.startsWith(PANIC) && !text.startsWith(FATAL)) continue;
            var goroutine = goroutine(log, i);
            if (goroutine < 0) continue;
            var block = text.startsWith(PANIC) ? panic(log, i, goroutine) : fatal(log, i, goroutine);
            found.add(block);
            i = block.last();
        }
        return found;
    }

    /** {@code     push_test.go:12: text} stands below the name of a test that failed, or above it if all tests are named. */
    private static Optional<Found> test(Log log, int line) {
        for (var i : new int[] {line + 1, line - 1}) {
            var text = log.text(i).strip();
            var place = text.indexOf("_test.go:");
            var end = place < 0 ? -1 : text.indexOf(": ", place);
            if (log.text(i).startsWith(" ") && end > 0 && Chars.digits(text, place + 9) == end)
                return Optional.of(Found.line(Math.max(i, line), Found.Weight.BLOCK, text));
        }
        return labelled(log, line);
    }

    /** A library for assertions prints a table: {@code Error Trace:}, {@code Error:} with the lines below, {@code Test:}. */
    private static Optional<Found> labelled(Log log, int line) {
        for (var i = Math.max(0, line - TABLE); i < line + TABLE; i++) {
            if (!log.text(i).strip().startsWith("Error Trace:")) continue;
            for (var j = i + 1; j < i + TABLE; j++) {
                var text = log.text(j).strip();
                if (!text.startsWith("Error:")) continue;
                var message =
                        new StringBuilder(text.substring("Error:".length()).strip());
                for (var k = j + 1; k < j + TABLE && log.text(k).startsWith("    ") && isValue(log.text(k)); k++)
                    message.append(' ').append(log.text(k).strip());
                return Optional.of(Found.line(Math.max(j, line), Found.Weight.BLOCK, message.toString()));
            }
        }
        return Optional.empty();
    }

    /** A line of the table without a label of its own. */
    private static boolean isValue(String text) {
        return text.strip().length() > 0 && text.indexOf("\t            \t") >= 0;
    }

    private static int goroutine(Log log, int from) {
        for (var i = from + 1; i < Math.min(log.size(), from + NEAR); i++) {
            if (log.text(i).startsWith("goroutine ") || log.text(i).startsWith("runtime stack:")) return i;
        }
        return -1;
    }

    private static Found fatal(Log log, int line, int goroutine) {
        return Found.block(
                end(log, goroutine), new Header("fatal error", log.text(line).substring(FATAL.length())));
    }

    /** A panic during another panic follows it, indented. The last one ended the program. */
    private static Found panic(Log log, int line, int goroutine) {
        var first = "";
        var last = "";
        for (var i = line; i < goroutine; i++) {
            var text = log.text(i).strip();
            if (!text.startsWith(PANIC)) continue;
            last = message(log, text.substring(PANIC.length()), i, goroutine);
            if (first.isEmpty()) first = last;
        }
        var plain = Found.block(end(log, goroutine), new Header("panic", last));
        return first.equals(last) ? plain : plain.causedBy(new Header("panic", first));
    }

    private static String message(Log log, String text, int line, int goroutine) {
        var recovered = text.lastIndexOf(" [recovered");
        return log.message(recovered >= 0 && text.endsWith("]") ? text.substring(0, recovered) : text, line, goroutine);
    }

    /** The last line of the goroutines. Later lines do not belong to the panic. */
    private static int end(Log log, int goroutine) {
        var last = goroutine;
        for (var i = goroutine; i < log.size() && i <= last + 3; i++) {
            var text = log.text(i);
            if (text.startsWith("goroutine ")
                    || text.startsWith("created by ")
                    || (text.startsWith("\t") && text.indexOf(':') > 0)
                    || text.startsWith("runtime stack:")
                    || text.startsWith("...additional frames")) last = i;
        }
        return last;
    }
}
