package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** {@code thread 'main' panicked at …}, or {@code Error: …} and its causes, for an error that main returns. */
final class RustFormat implements Format {
    private static final String PANICKED = " panicked at ";
    private static final String OF_RUNTIME = "library/core/src/panicking.rs:";
    private static final String CRASHED = "The application panicked (crashed).";
    private static final String MESSAGE = "Message:";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (text.startsWith("thread '") && text.contains(PANICKED)) add(panic(log, i), text, found);
            else if (text.startsWith(CRASHED) && log.text(i + 1).startsWith(MESSAGE)) found.add(crashed(log, i));
            else if (text.regionMatches(true, 0, "error:", 0, 6) && !log.isHeaded(i) && hasCauses(log, i))
                found.add(returned(log, i, "Error:".length()));
            else if (log.isHeaded(i) && log.level(i).atLeast(Level.ERROR) && hasIndentedCauses(log, i))
                found.add(returned(log, i, 0));
            else if (text.startsWith("fatal runtime error: "))
                found.add(Found.block(i, new Header("fatal runtime error", text.substring(21))));
            else if (text.startsWith("memory allocation of ") && text.endsWith(" bytes failed"))
                found.add(Found.line(i, Found.Weight.BLOCK, text));
        }
        return found;
    }

    /** A panic of the runtime itself only tells that a destructor panicked too, or that a panic could go no further. */
    private static void add(Found panic, String text, List<Found> found) {
        var own = text.contains(PANICKED + OF_RUNTIME) && !found.isEmpty();
        found.add(own ? found.removeLast().at(panic.last(), Found.Weight.BLOCK) : panic);
    }

    /** The message is in quotes before the place, or since Rust 1.73 on the next line. */
    private static Found panic(Log log, int line) {
        var text = log.text(line);
        var said = text.substring(text.indexOf(PANICKED) + PANICKED.length()).strip();
        var quoted = said.startsWith("'") ? said.lastIndexOf("', ") : -1;
        var last = end(log, line);
        var message = quoted > 0 ? said.substring(1, quoted) : said.endsWith(":") ? below(log, line + 1, last) : said;
        return Found.block(last, new Header("panic", message));
    }

    /** The message, with the two values of an assertion in the lines after it. */
    private static String below(Log log, int line, int end) {
        var message = log.message(log.text(line).strip(), line, end);
        return log.text(line + 1).startsWith("  left: ")
                ? message + ": " + log.text(line + 1).strip() + "; "
                        + log.text(line + 2).strip()
                : message;
    }

    /** A panic as color-eyre and color-backtrace print it. */
    private static Found crashed(Log log, int line) {
        var location = line + 1;
        while (location < line + Log.MESSAGE_LINES && !log.text(location).startsWith("Location:")) location++;
        var said = log.text(line + 1).substring(MESSAGE.length()).strip();
        return Found.block(line + 1, new Header("panic", log.message(said, line + 1, location)));
    }

    private static int end(Log log, int line) {
        var last = line + 1;
        for (var i = line + 1; i < Math.min(log.size(), line + 400); i++) {
            var text = log.text(i).strip();
            if (text.startsWith("note: ") || text.startsWith("stack backtrace:") || isFrame(text)) last = i;
            else if (i > last + 2) break;
        }
        return Math.min(last, log.size() - 1);
    }

    private static boolean isFrame(String text) {
        var number = Chars.digits(text, 0);
        return (number > 0 && text.startsWith(": ", number)) || text.startsWith("at /") || text.startsWith("at ./");
    }

    private static boolean hasCauses(Log log, int line) {
        for (var i = line + 1; i <= line + 3; i++) {
            var text = log.text(i).strip();
            if (isTitle(text)
                    || text.regionMatches(true, 0, "Caused by: ", 0, 11)
                    || text.startsWith("0: ")
                    || text.startsWith("Stack backtrace:")) return true;
        }
        return false;
    }

    /** {@code Caused by:}, {@code Caused by these errors (recent errors listed first):}. */
    private static boolean isTitle(String text) {
        return text.startsWith("Caused by") && text.endsWith(":");
    }

    /** A program may log the error, with its causes below. A title above a line at the margin is one of another runtime. */
    private static boolean hasIndentedCauses(Log log, int line) {
        for (var i = line + 1; i <= line + 2; i++) {
            if (log.text(i).strip().equals("Caused by:")) return log.text(i + 1).startsWith("    ");
        }
        return false;
    }

    private static Found returned(Log log, int line, int from) {
        var message = log.text(line).substring(from).strip();
        var last = line;
        var cause = "";
        for (var i = line + 1; i < Math.min(log.size(), line + 40); i++) {
            var text = log.text(i).strip();
            if (text.isEmpty()) continue;
            if (!isTitle(text) && !log.text(i).startsWith(" ")) break;
            if (Phrases.isProgress(text) || text.startsWith("% Total")) break;
            last = i;
            if (isTitle(text)) continue;
            var number = Chars.digits(text, 0);
            if (text.regionMatches(true, 0, "Caused by: ", 0, 11)) number = "Caused by".length();
            var said = number > 0 && text.startsWith(": ", number) ? text.substring(number + 2) : text;
            if (text.equals("Stack backtrace:") || text.startsWith("Location:")) break;
            if (message.isEmpty()) message = said;
            else cause = cause.isEmpty() ? said : cause + ": " + said;
        }
        return Found.block(last, new Header("", message)).causedBy(new Header("", cause));
    }
}
