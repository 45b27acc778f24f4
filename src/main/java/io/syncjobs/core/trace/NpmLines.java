package io.syncjobs.core.trace;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What npm prints when a script has failed, or when it cannot run one itself. */
final class NpmLines {
    private static final List<String> MARKS = List.of("npm error", "npm err!");

    /** How it ran the script, and where its own log is. */
    private static final List<String> REST = List.of(
            "code ",
            "path ",
            "command ",
            "errno ",
            "signal ",
            "syscall ",
            "location ",
            "workspace ",
            "dest ",
            "spawn",
            "a complete log",
            "to see a list",
            "this is probably",
            "npm run");

    /** What npm itself found to be wrong. */
    private static final List<String> OWN =
            List.of("missing script", "404 ", "401 ", "403 ", "e404", "could not", "network ");

    private NpmLines() {}

    /** What npm itself found to be wrong, if the code on this line is one of npm: not of the script, which it runs. */
    static Optional<Found> ofItsOwn(Log log, int line) {
        var code = behindMark(log.text(line));
        if (code == null || !code.startsWith("code e") || code.equals("code elifecycle")) return Optional.empty();
        var message = "";
        var last = line;
        for (var text = code; text != null && last < line + Log.MESSAGE_LINES; text = behindMark(log.text(++last))) {
            if (message.isEmpty() && !text.isEmpty() && REST.stream().noneMatch(text::startsWith))
                message = withoutMark(log.text(last).strip());
        }
        return message.isEmpty() ? Optional.empty() : Optional.of(Found.line(last - 1, Found.Weight.LINE, message));
    }

    private static String withoutMark(String said) {
        return said.substring(Math.max(0, said.indexOf(' ', "npm ".length()))).strip();
    }

    /** True for a line of npm. */
    static boolean contain(String said) {
        return behindMark(said) != null;
    }

    /** True for a line of npm that does not tell what is wrong. */
    static boolean sayNothing(String said) {
        var text = behindMark(said);
        return text != null && (text.isEmpty() || REST.stream().anyMatch(text::startsWith));
    }

    /** True for a line in which npm tells of an error that is not one of the script. */
    static boolean tellOfItsOwn(String said) {
        var text = behindMark(said);
        return text != null && OWN.stream().anyMatch(text::startsWith);
    }

    private static @Nullable String behindMark(String said) {
        var text = said.substring(0, Math.min(said.length(), 120)).toLowerCase(Locale.ROOT);
        for (var mark : MARKS) {
            if (text.startsWith(mark)) return text.substring(mark.length()).strip();
        }
        return null;
    }
}
