package io.syncjobs.core.trace;

import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.trace.Found.Weight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the error at the end of a log. 1. The prefixes of collectors and loggers are removed from the lines. 2. Each format finds
 * its errors. 3. The error that ended the program is chosen.
 */
public final class LogErrors {
    /** The program survived an error that is more than this many lines above the end. */
    private static final int LOOK_BACK = 200;

    /** Errors with a type or a trace, one format for each runtime. */
    private static final List<Format> BLOCKS = List.of(
            new JavaFormat(),
            new JvmFormat(),
            new SpringFormat(),
            new DotnetFormat(),
            new PythonFormat(),
            new NodeFormat(),
            new GoFormat(),
            new RustFormat(),
            new RubyFormat(),
            new RakeFormat(),
            new PhpFormat(),
            new MonologFormat(),
            new SymfonyFormat(),
            new ElixirFormat(),
            new PowerShellFormat(),
            new NativeFormat(),
            new LabelFormat());

    private static final List<Format> LINES =
            List.of(new JsonFormat(), new JsonAnswer(), new MarkupAnswer(), new LogfmtFormat(), new LineFormat());

    private LogErrors() {}

    static Stream<Format> formats() {
        return Stream.concat(BLOCKS.stream(), LINES.stream());
    }

    /**
     * The error that ended the program. Type and message are those of the outermost exception, because it says what the program was
     * doing. Its cause follows in brackets. Both are empty if nothing looks like an error. Never throws. The time is proportional
     * to the length of the log.
     *
     * @param tail the end of a log
     */
    public static LogError read(LogTail tail) {
        try {
            return parse(tail);
        } catch (RuntimeException e) {
            // A mistake in a format must not keep a job from ending.
            return new LogError("", "", bottom(tail));
        }
    }

    /** The same for tests: it throws if a format has a mistake. */
    static LogError parse(byte[] log) {
        return parse(LogTail.of(log, false));
    }

    static LogError parse(LogTail tail) {
        var whole = tail.cut() ? tail.text().indexOf('\n') + 1 : 0;
        var text = LogText.plain(tail.text().substring(whole));
        // The log consists of the rest of one line that was cut.
        if (tail.cut() && (whole == 0 || text.isBlank())) return new LogError("", "", bottom(tail));
        var raw = Collectors.unwrap(
                Prefixes.strip(Collectors.unwrap(Collectors.unwrap(text.lines().toList()))));
        var log = new Log(
                Continuations.read(Names.without(raw.stream().map(Head::read).toList())));
        var found = chosen(log, formats());
        var error = found.orElseGet(() -> Found.line(raw.size() - 1, Weight.NOISE, ""));
        return new LogError(
                Text.cut(LogText.onOneLine(LogText.plain(error.type())), Limits.ERROR_TYPE_CHARS),
                Text.cut(
                        LogText.onOneLine(LogText.plain(EscapedTrace.told(ErrorObject.said(error.message())))),
                        Limits.MESSAGE_CHARS),
                trace(raw, error));
    }

    private static String bottom(LogTail tail) {
        return LogText.bottom(LogText.plain(tail.text()).lines().toList(), Integer.MAX_VALUE);
    }

    private static String trace(List<String> raw, Found error) {
        if (error.trace().isEmpty()) return LogText.bottom(raw, error.last());
        return LogText.bottom(LogText.plain(error.trace()).lines().toList(), Integer.MAX_VALUE);
    }

    /** The error in a trace that is part of another text. */
    static Optional<Found> blockOf(String text) {
        var lines = text.lines().map(Head::read).toList();
        return chosen(new Log(lines), BLOCKS.stream());
    }

    private static Optional<Found> chosen(Log log, Stream<Format> formats) {
        var all = new ArrayList<Found>();
        formats.forEach(format -> format.find(log).forEach(found -> all.add(Followers.ranked(found))));
        Survival.markLinesOf(all);
        var last = all.stream()
                .filter(found -> found.last() >= log.size() - LOOK_BACK)
                .max(Comparator.comparing(Found::weight).thenComparingInt(Found::last));
        return last.flatMap(found -> Survival.after(found, log, all))
                .or(() -> last)
                .map(found -> named(found, all));
    }

    /** Programs tell an error twice, and only once with its name: in a log, and then to whoever called them. */
    private static Found named(Found error, List<Found> all) {
        if (!error.type().isEmpty() || error.message().isEmpty()) return error;
        var said = Found.withoutCause(error.message());
        return all.stream()
                .filter(one -> !one.type().isEmpty()
                        && Found.withoutCause(one.message()).equals(said))
                .reduce((first, second) -> second)
                .map(one -> new Found(error.last(), error.weight(), one.type(), longer(error, one), error.trace()))
                .orElse(error);
    }

    /** The message that has a cause, if one of them has. */
    private static String longer(Found one, Found other) {
        return one.message().length() > other.message().length() ? one.message() : other.message();
    }
}
