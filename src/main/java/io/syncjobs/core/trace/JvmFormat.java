package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** Messages of the Java virtual machine itself: out of memory, a crash, a missing class, and errors without frames. */
final class JvmFormat implements Format {
    private static final String TERMINATING = "Terminating due to ";
    private static final String LOADING = " occurred while loading main class ";
    private static final String UNCAUGHT = " thrown from the UncaughtExceptionHandler in thread";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i).strip();
            if (text.startsWith(TERMINATING)) add(text.substring(TERMINATING.length()), i, found);
            else if (text.startsWith("Error: ") && text.contains(LOADING))
                add(log.text(i + 1).strip(), i + 1, found);
            else if (text.startsWith("Exception in thread \"")) thread(log, i, found);
            else if (text.startsWith("java.lang.OutOfMemoryError")) add(text, i, found);
            else if (text.startsWith("Exception: ") && text.contains(UNCAUGHT))
                add(text.substring(11, text.indexOf(UNCAUGHT)), i, found);
            else if (text.startsWith("# ") && text.contains("has been detected by the Java Runtime Environment"))
                crash(log, i, found);
            else if (text.startsWith("# There is insufficient memory for the Java Runtime Environment"))
                found.add(Found.line(end(log, i), Found.Weight.BLOCK, text.substring(2)));
            else if (text.startsWith("Error: Could not find or load main class ")) noClass(log, i, found);
            else if (text.startsWith("Error occurred during initialization of VM"))
                found.add(Found.line(
                        i + 1, Found.Weight.BLOCK, text + ": " + log.text(i + 1).strip()));
        }
        return found;
    }

    private static void add(String text, int line, List<Found> found) {
        Header.of(text).map(header -> Found.block(line, header)).ifPresent(found::add);
    }

    /** If frames follow, {@link JavaFormat} finds the error. */
    private static void thread(Log log, int line, List<Found> found) {
        var text = log.text(line).strip();
        var end = Chars.find(text, "\" ", 21, 300);
        if (end < 0 || Frame.of(log.text(line + 1)) == Frame.JAVA) return;
        Header.of(text.substring(end + 2))
                .map(one -> Found.block(line, new Header(one.type(), log.message(one.message(), line, line + 12))))
                .ifPresent(found::add);
    }

    /** The signal of a crash is two lines further down. */
    private static void crash(Log log, int line, List<Found> found) {
        for (var i = line + 1; i < line + 6; i++) {
            var text = log.text(i).strip();
            if (text.length() < 4 || !(Chars.isUpper(text.charAt(3)) || text.contains("Error"))) continue;
            var signal = text.substring(1).strip();
            var inner = log.text(i + 1).strip();
            if (signal.startsWith("Internal Error ")) {
                var said = inner.startsWith("#") ? inner.substring(1).strip() : signal;
                found.add(Found.block(end(log, line), new Header("Internal Error", said)));
                return;
            }
            var end = signal.indexOf(' ');
            found.add(Found.block(end(log, line), new Header(end < 0 ? signal : signal.substring(0, end), signal)));
            return;
        }
        found.add(Found.line(
                end(log, line), Found.Weight.BLOCK, log.text(line).substring(2).strip()));
    }

    private static int end(Log log, int line) {
        var i = line;
        while (i < line + Log.MESSAGE_LINES && log.text(i + 1).startsWith("#")) i++;
        return i;
    }

    private static void noClass(Log log, int line, List<Found> found) {
        var message = log.text(line).strip().substring("Error: ".length());
        var plain = Found.line(line + 1, Found.Weight.BLOCK, message);
        var below = log.text(line + 1).strip();
        var cause = below.startsWith("Caused by: ") ? Header.of(below.substring(11)) : Header.of("");
        found.add(cause.map(plain::causedBy).orElse(plain));
    }
}
