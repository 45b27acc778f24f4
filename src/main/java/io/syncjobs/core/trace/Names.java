package io.syncjobs.core.trace;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Names of loggers that only a comparison of the lines tells from words of the text. Most names are told by their form, see {@link
 * NameBeforeText}.
 */
final class Names {
    private static final int LONGEST = 80;

    /** What the frames of a trace begin with. */
    private static final List<String> FRAMES = List.of("  File \"", "\tat ", "    at ", "   at ", "\tfrom ");

    private static final int MOST_PREFIXES = 5;

    private Names() {}

    /** The lines without the names of their loggers. */
    static List<Line> without(List<Line> lines) {
        var levelled = beforeFrames(withLevels(lines));
        var classes = beforeText(levelled, line -> isInfo(line) ? classEnd(line.text()) : 0);
        var indented = beforeText(levelled, line -> isBeforeFrame(line.text()) ? wordEnd(line.text()) : 0);
        if (classes.isEmpty() && indented.isEmpty()) return levelled;
        return levelled.stream()
                .map(line -> cut(line, classes.isEmpty() ? 0 : classEnd(line.text()), name -> true))
                .map(line -> cut(line, wordEnd(line.text()), indented::contains))
                .toList();
    }

    private static Set<String> beforeText(List<Line> lines, Function<Line, Integer> end) {
        return lines.stream()
                .filter(Line::headed)
                .map(line -> line.text().substring(0, end.apply(line)))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static boolean isInfo(Line line) {
        // Sidekiq logs an error of Ruby as a warning: "ActiveRecord::Deadlocked: text".
        return line.level().isQuiet()
                || (line.level() == Level.WARN && !line.text().contains("::"));
    }

    private static Line cut(Line line, int end, Predicate<String> isName) {
        if (!line.headed() || end == 0 || !isName.test(line.text().substring(0, end))) return line;
        return new Line(line.text().substring(Math.min(line.text().length(), end + 1)), line.level(), true);
    }

    /**
     * {@code shop ERROR text} behind a time. The word before the level is a name if other lines have it before another level: text
     * does not do that.
     */
    private static List<Line> withLevels(List<Line> lines) {
        Map<String, Set<Level>> levels = new HashMap<>();
        lines.forEach(line -> {
            var end = levelEnd(line);
            if (end > 0)
                levels.computeIfAbsent(name(line), name -> EnumSet.noneOf(Level.class))
                        .add(level(line, end));
        });
        var names = levels.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return names.isEmpty()
                ? lines
                : lines.stream().map(line -> behindLevel(line, names)).toList();
    }

    private static Line behindLevel(Line line, Set<String> names) {
        var end = levelEnd(line);
        if (end == 0 || !names.contains(name(line))) return line;
        var text = line.text().substring(Math.min(line.text().length(), end + 1));
        var parted = text.startsWith("- ") || text.startsWith("| ");
        return new Line(parted ? text.substring(2) : text, level(line, end), true);
    }

    private static String name(Line line) {
        return line.text().substring(0, line.text().indexOf(' '));
    }

    private static Level level(Line line, int end) {
        return Level.of(line.text().substring(line.text().indexOf(' ') + 1, end));
    }

    /** The position after a plain word, a blank and a level in capitals; 0 if the line has a level, or begins otherwise. */
    private static int levelEnd(Line line) {
        if (!line.headed() || line.level() != Level.NONE) return 0;
        var text = line.text();
        var word = wordEnd(text);
        if (word == 0 || !LoggerName.isPlain(text.substring(0, word))) return 0;
        var end = word + 1;
        while (Chars.isUpper(Chars.at(text, end))) end++;
        return Chars.at(text, end) == ' ' && Level.of(text.substring(word + 1, end)) != Level.NONE ? end : 0;
    }

    /** The position after the first word, before a blank; 0 if there is none. */
    private static int wordEnd(String text) {
        var end = 0;
        while (end < LONGEST && Chars.at(text, end) > ' ') end++;
        return end > 0 && Chars.at(text, end) == ' ' ? end : 0;
    }

    /** If a program logs the lines of a trace one by one, the name of the logger is before an indented text. */
    private static boolean isBeforeFrame(String text) {
        var end = wordEnd(text);
        return end > 1
                && ":}]".indexOf(text.charAt(end - 1)) >= 0
                && (Chars.at(text, end + 1) == '\t' || text.startsWith("  ", end + 1));
    }

    /** Whatever stands before the frames of a trace, and before the line above the first of them, is no part of the trace. */
    private static List<Line> beforeFrames(List<Line> lines) {
        var prefixes = new LinkedHashSet<String>();
        for (var i = 1; i < lines.size() && prefixes.size() < MOST_PREFIXES; i++) {
            var text = lines.get(i).text();
            var end = frame(text);
            if (end <= 0) continue;
            var prefix = Prefixes.shape(text.substring(0, end));
            var above = lines.get(i - 1).text();
            if (Prefixes.begins(above, prefix) && frame(above) != end) prefixes.add(prefix);
        }
        if (prefixes.isEmpty()) return lines;
        return lines.stream().map(line -> behind(line, prefixes)).toList();
    }

    private static Line behind(Line line, Set<String> prefixes) {
        for (var prefix : prefixes) {
            if (Prefixes.begins(line.text(), prefix))
                return new Line(
                        line.text().substring(Math.min(line.text().length(), prefix.length())), line.level(), true);
        }
        return line;
    }

    /** Where a frame begins; -1 if none does near the beginning of the line. */
    private static int frame(String text) {
        for (var lead : FRAMES) {
            var at = Chars.find(text, lead, 0, LONGEST);
            // A group of errors of Python has bars before its frames.
            if (at > 0
                    && text.substring(0, at).chars().anyMatch(Character::isLetterOrDigit)
                    && (!lead.endsWith("at ") || Frame.of(text.substring(at)) != Frame.NONE)) return at;
        }
        return -1;
    }

    /** The position after {@code com.shop.Sync:} or {@code com.shop.Sync [main]:}; 0 if there is no class, or that of an error. */
    private static int classEnd(String text) {
        var end = wordEnd(text);
        if (end < 2) return 0;
        var colon = text.charAt(end - 1) == ':';
        var name = text.substring(0, colon ? end - 1 : end);
        if (!Header.isException(name) || Header.isNamedAsError(name) || !LoggerName.isPlain(name)) return 0;
        if (colon) return end;
        var close = text.startsWith("[", end + 1) ? Chars.find(text, "]: ", end, LONGEST) : -1;
        return close < 0 ? 0 : close + 2;
    }
}
