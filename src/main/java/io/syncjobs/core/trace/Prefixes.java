package io.syncjobs.core.trace;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes the prefix that a viewer of logs has put before every line: {@code web-1  | }, {@code [pod/a/b] }, a time. */
final class Prefixes {
    private static final int LONGEST = 80;
    private static final int LONGEST_POD = 300;
    private static final int LINES = 3;

    /** So many lines do not begin with the same word by chance. */
    private static final int MANY = 5;

    private static final String CLOCK = "00:00:00 ";

    private static final String KETTLE = " - ERROR (version ";

    /** The length of {@code 2031/03/02 04:10:08 - }. */
    private static final int STAMP = 22;

    private Prefixes() {}

    static List<String> strip(List<String> lines) {
        return bangs(
                common(ofKettle(shared(lines.stream().map(Prefixes::withoutPod).toList()))));
    }

    /** {@code [pod/sync-7/sync] text}: kubectl with {@code --prefix}. */
    private static String withoutPod(String line) {
        var end = line.startsWith("[pod/") ? Chars.find(line, "] ", 0, LONGEST_POD) : -1;
        return end < 0 ? line : line.substring(end + 2);
    }

    /**
     * {@code 2031/03/02 04:10:08 - Output.0 - ERROR (version 9.4, build 1 by x) : text}: Kettle puts the time and the name of a step
     * before each line of a trace.
     */
    private static List<String> ofKettle(List<String> lines) {
        var names = lines.stream()
                .filter(line -> line.contains(KETTLE))
                .map(line -> line.substring(0, line.indexOf(KETTLE)))
                .filter(begin -> begin.length() > STAMP)
                .map(begin -> begin.substring(STAMP))
                .collect(Collectors.toSet());
        return names.isEmpty()
                ? lines
                : lines.stream().map(line -> withoutStep(line, names)).toList();
    }

    private static String withoutStep(String line, Set<String> names) {
        var end = line.indexOf(" - ", STAMP + 1);
        if (end < 0 || !names.contains(line.substring(STAMP, end))) return line;
        // A message is indented, so that no line of it looks like one of a logger.
        if (!line.startsWith(KETTLE, end))
            return (line.startsWith("\t", end + 3) || line.startsWith("Caused by: ", end + 3) ? "" : "  ")
                    + line.substring(end + 3);
        var text = line.indexOf(") : ", end);
        return text < 0 ? line : line.substring(0, STAMP) + "ERROR " + line.substring(text + 4);
    }

    /** {@code ! at shop.Sync.main(Sync.java:8)}: Dropwizard marks each line of a trace, and has the root cause first. */
    private static List<String> bangs(List<String> lines) {
        if (lines.stream().noneMatch(line -> line.startsWith("! at "))) return lines;
        return lines.stream().map(Prefixes::withoutBang).toList();
    }

    private static String withoutBang(String line) {
        if (line.startsWith("! at ") || line.startsWith("! ... ")) return "\t" + line.substring(2);
        if (line.startsWith("! Causing: ")) return "Wrapped by: " + line.substring(11);
        return line.startsWith("! ") ? line.substring(2) : line;
    }

    private static List<String> shared(List<String> lines) {
        var bars = lines.stream().filter(line -> bar(line) > 0).count();
        // A progress bar that is drawn repeatedly has the prefix only once.
        var full = lines.stream()
                .filter(line -> !line.isBlank()
                        && (bar(line) > 0 || !(Phrases.isProgress(line) || line.contains(" exited with code "))))
                .count();
        var sure = lines.stream().filter(line -> isSure(line, bar(line))).count();
        if ((bars >= LINES && bars >= full - 1) || (sure > 0 && sure == full))
            return lines.stream().map(line -> behind(line, bar(line))).toList();
        // The viewer has lines of its own too.
        if (sure >= LINES)
            return lines.stream()
                    .map(line -> isSure(line, bar(line)) ? behind(line, bar(line)) : line)
                    .toList();
        if (full > 0 && lines.stream().allMatch(line -> line.isBlank() || stream(line) > 0 || Phrases.isProgress(line)))
            return lines.stream().map(line -> behind(line, stream(line))).toList();
        return lines;
    }

    private static String behind(String line, int prefix) {
        return line.substring(Math.min(line.length(), prefix));
    }

    /** The position after {@code name | } or {@code 04:10:07 name | }; 0 if the line does not begin like that. */
    private static int bar(String line) {
        var from = begins(line, CLOCK) ? CLOCK.length() : 0;
        var i = from;
        while (i < LONGEST && (Chars.isWord(Chars.at(line, i)) || "-./|".indexOf(Chars.at(line, i)) >= 0)) i++;
        if (i == from || Chars.digits(line, from) == i) return 0;
        var bar = Chars.blanks(line, i);
        if (bar == i || Chars.at(line, bar) != '|' || Level.of(line.substring(from, i)) != Level.NONE) return 0;
        return Chars.at(line, bar + 1) == ' ' ? bar + 2 : bar + 1;
    }

    /** The position after {@code stderr: } or {@code [stdout] }; 0 if the line begins with neither. */
    private static int stream(String line) {
        var from = Chars.at(line, 0) == '[' ? 1 : 0;
        if (!line.regionMatches(true, from, "stdout", 0, 6) && !line.regionMatches(true, from, "stderr", 0, 6))
            return 0;
        if (Chars.at(line, from + 6) != (from == 0 ? ':' : ']')) return 0;
        return Chars.at(line, from + 7) == ' ' ? from + 8 : from + 7;
    }

    /** {@code name-1  | } or {@code 0|name  | }: only viewers write this, so one such line is enough. */
    private static boolean isSure(String line, int bar) {
        var name = bar == 0 ? "" : line.substring(0, line.lastIndexOf('|', bar)).strip();
        var number = name.lastIndexOf('-') + 1;
        return (number > 0 && number < name.length() && Chars.digits(name, number) == name.length())
                || (Chars.isDigit(Chars.at(name, 0)) && name.indexOf('|') > 0);
    }

    /**
     * Without the prefix that most lines have; all digits count as equal. The first line may be cut, so it does not count. The prefix
     * stays if loggers may have written it: if it contains a level, or if no line is indented after it.
     */
    private static List<String> common(List<String> lines) {
        var full = lines.stream()
                .skip(lines.size() > LINES ? 1 : 0)
                .filter(line -> !line.isBlank())
                .toList();
        var prefix = full.size() < LINES ? "" : full.size() < MANY ? ofFew(full) : ofMany(full);
        return prefix.isEmpty()
                ? lines
                : lines.stream()
                        .map(line -> begins(line, prefix) ? behind(line, prefix.length()) : line)
                        .toList();
    }

    /** What all lines begin with, up to a mark that ends a time or a name. */
    private static String ofFew(List<String> lines) {
        var cut = beginning(beginningOf(lines));
        return isSure(cut, lines) ? cut : "";
    }

    /** What most lines begin with, up to a blank: the viewer may have lines of its own. The longest that is sure. */
    private static String ofMany(List<String> lines) {
        var prefix = new StringBuilder();
        var alike = lines;
        var sure = "";
        while (prefix.length() < LONGEST) {
            var at = prefix.length();
            var next =
                    alike.stream().collect(Collectors.groupingBy(line -> shape(Chars.at(line, at)))).entrySet().stream()
                            .filter(one -> one.getValue().size() * 3 >= lines.size() * 2)
                            .findFirst();
            if (next.isEmpty()
                    || next.get().getKey() == '\0'
                    || (at == 0 && next.get().getKey() <= ' ')) break;
            // What is indented behind a prefix that is sure belongs to the text.
            if (next.get().getKey() <= ' ' && sure.length() == at && at > 0) break;
            var isEnd = next.get().getKey() <= ' ' && prefix.charAt(at - 1) > ' ';
            prefix.append(next.get().getKey());
            alike = next.get().getValue();
            if (isEnd && isSure(prefix.toString(), alike)) sure = prefix.toString();
        }
        return sure.isEmpty() ? ofFew(lines) : sure;
    }

    private static String beginningOf(List<String> lines) {
        var prefix = shape(lines.getFirst());
        for (var line : lines) {
            var i = 0;
            while (i < prefix.length() && shape(Chars.at(line, i)) == prefix.charAt(i)) i++;
            prefix = prefix.substring(0, i);
        }
        return prefix;
    }

    /** The prefix up to a mark that ends a time or a name. */
    private static String beginning(String prefix) {
        var end = -1;
        for (var mark : List.of("] ", "]: ", "Z ", "00 ")) end = Math.max(end, prefix.lastIndexOf(mark));
        if (end < 0) end = prefix.indexOf(": ");
        if (end < 0) end = prefix.lastIndexOf(' ');
        return end < 0 || prefix.startsWith(" ") ? "" : prefix.substring(0, prefix.indexOf(' ', end) + 1);
    }

    private static boolean isSure(String prefix, List<String> lines) {
        var length = prefix.length();
        return length > 0
                && !hasLevel(prefix)
                && (isName(prefix)
                        || lines.stream().anyMatch(line -> line.length() <= length || isIndented(line, length)));
    }

    private static boolean hasLevel(String prefix) {
        for (var i = 0; i < prefix.length(); ) {
            var end = i;
            while (Chars.isUpper(Chars.at(prefix, end)) || Chars.isLower(Chars.at(prefix, end))) end++;
            if (end > i && Level.of(prefix.substring(i, end)) != Level.NONE) return true;
            i = end + 1;
        }
        return false;
    }

    /** {@code [sync] }, and no time in brackets. */
    private static boolean isName(String prefix) {
        return prefix.startsWith("[")
                && prefix.endsWith("] ")
                && prefix.indexOf(':') < 0
                && !prefix.startsWith("[0000-");
    }

    /** No logger begins a line with blanks, or leaves it empty. */
    private static boolean isIndented(String line, int prefix) {
        var next = Chars.at(line, prefix);
        return next == '\t' || (next == ' ' && Chars.at(line, prefix + 1) == ' ');
    }

    static boolean begins(String line, String shape) {
        for (var i = 0; i < shape.length(); i++) {
            if (shape(Chars.at(line, i)) != shape.charAt(i) && !(i == shape.length() - 1 && i == line.length()))
                return false;
        }
        return true;
    }

    static String shape(String line) {
        var begin = line.length() <= LONGEST ? line : line.substring(0, LONGEST);
        var shape = new StringBuilder(begin.length());
        for (var i = 0; i < begin.length(); i++) shape.append(shape(begin.charAt(i)));
        return shape.toString();
    }

    private static char shape(char c) {
        return Chars.isDigit(c) ? '0' : c;
    }
}
