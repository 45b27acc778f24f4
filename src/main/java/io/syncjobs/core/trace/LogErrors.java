package io.syncjobs.core.trace;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what the end of a log tells about a failure. */
public final class LogErrors {
    /** An error further above the end than this was survived: it is not what ended the worker. */
    private static final int LOOK_BACK = 200;

    private static final int TYPE_CHARS = 256;
    private static final int MESSAGE_CHARS = 1_024;

    private static final List<Format> FORMATS = List.of(
            new JavaFormat(),
            new PythonFormat(),
            new NodeFormat(),
            new GoFormat(),
            new RubyFormat(),
            new PhpFormat(),
            new JsonFormat());

    private LogErrors() {}

    /**
     * The error nearest to the end, in the format of whatever runtime wrote it; without one the last line that is not empty is
     * the message. Type and message are those of the exception that ended the program, since that names what it was doing;
     * the exception behind it, if any, stands behind them in brackets.
     *
     * @param tail the end of a log; it may begin in the middle of a character and hold anything
     */
    public static LogError read(byte[] tail) {
        var text = LogText.clean(tail);
        var lines = text.lines().map(LogErrors::bounded).toList();
        var found = find(lines).orElseGet(() -> new Format.Found(0, "", lastLine(lines)));
        return new LogError(cut(found.type(), TYPE_CHARS), cut(found.message(), MESSAGE_CHARS), LogText.tail(text));
    }

    static Optional<Format.Found> find(List<String> lines) {
        return FORMATS.stream()
                .flatMap(format -> format.find(lines).stream())
                .filter(found -> found.last() >= lines.size() - LOOK_BACK)
                .max(Comparator.comparingInt(Format.Found::last));
    }

    private static String lastLine(List<String> lines) {
        return Stream.iterate(lines.size() - 1, i -> i >= 0, i -> i - 1)
                .map(i -> lines.get(i).strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                // the time that loggers of Go and others put before the message says nothing about it
                .map(line -> line.replaceFirst("^\\d{4}[-/]\\d\\d[-/]\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d\\S{0,12} ", ""))
                .orElse("");
    }

    /** Patterns look at the beginning of a line only, so that a line of any length costs the same. */
    private static String bounded(String line) {
        return line.length() <= 4_000 ? line : line.charAt(0) == '{' ? line : line.substring(0, 4_000);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max - 1) + "…";
    }
}
