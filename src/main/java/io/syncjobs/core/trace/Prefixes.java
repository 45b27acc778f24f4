package io.syncjobs.core.trace;

import java.util.List;

/** Takes off what a viewer of logs put before every line, whatever the line says: {@code web-1  | }, {@code [pod/a/b] }, a time. */
final class Prefixes {
    private static final int LONGEST = 80;
    private static final int LINES = 3;

    private Prefixes() {}

    static List<String> strip(List<String> lines) {
        var bars = lines.stream().filter(line -> bar(line) > 0).count();
        var full = lines.stream().filter(line -> !line.isBlank()).count();
        var sure = lines.stream().filter(line -> isSure(line, bar(line))).count();
        if ((bars >= LINES && bars >= full - 1) || (sure > 0 && sure == full))
            return lines.stream().map(line -> behind(line, bar(line))).toList();
        var common = common(lines);
        if (common.isEmpty()) return lines;
        return lines.stream()
                .map(line -> begins(line, common) ? behind(line, common.length()) : line)
                .toList();
    }

    private static String behind(String line, int prefix) {
        return line.substring(Math.min(line.length(), prefix));
    }

    /** Behind {@code name | }; 0 where a line does not begin so. */
    private static int bar(String line) {
        var i = 0;
        while (i < LONGEST && (Chars.isWord(Chars.at(line, i)) || "-./|".indexOf(Chars.at(line, i)) >= 0)) i++;
        if (i == 0 || Chars.digits(line, 0) == i) return 0;
        var bar = Chars.blanks(line, i);
        if (bar == i || Chars.at(line, bar) != '|') return 0;
        return Chars.at(line, bar + 1) == ' ' ? bar + 2 : bar + 1;
    }

    /** {@code name-1  | } or {@code 0|name  | }: nobody else writes that, so that one line is enough. */
    private static boolean isSure(String line, int bar) {
        var name = bar == 0 ? "" : line.substring(0, line.lastIndexOf('|', bar)).strip();
        var number = name.lastIndexOf('-') + 1;
        return (number > 0 && number < name.length() && Chars.digits(name, number) == name.length())
                || (Chars.isDigit(Chars.at(name, 0)) && name.indexOf('|') > 0);
    }

    /**
     * What all lines begin with, digits counting as equal. The first line may be cut, so it does not count. Empty where loggers may
     * have written it: where it has a level, or no line stands further right behind it.
     */
    private static String common(List<String> lines) {
        var full = lines.stream()
                .skip(lines.size() > LINES ? 1 : 0)
                .filter(line -> !line.isBlank())
                .toList();
        if (full.size() < LINES) return "";
        var prefix = shape(full.getFirst());
        for (var line : full) {
            var i = 0;
            while (i < prefix.length() && shape(Chars.at(line, i)) == prefix.charAt(i)) i++;
            prefix = prefix.substring(0, i);
        }
        var end = Math.max(prefix.lastIndexOf("] "), Math.max(prefix.lastIndexOf("Z "), prefix.lastIndexOf("00 ")));
        if (end < 0) end = prefix.indexOf(": ");
        var cut = end < 0 ? "" : prefix.substring(0, prefix.indexOf(' ', end) + 1);
        if (hasLevel(cut)) return "";
        var length = cut.length();
        var indented = full.stream().anyMatch(line -> isIndented(line, length));
        return indented ? cut : "";
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

    /** No logger leaves a line empty or begins it with blanks. */
    private static boolean isIndented(String line, int prefix) {
        var next = Chars.at(line, prefix);
        return next == '\t' || (next == ' ' && Chars.at(line, prefix + 1) == ' ');
    }

    private static boolean begins(String line, String shape) {
        for (var i = 0; i < shape.length(); i++) {
            if (shape(Chars.at(line, i)) != shape.charAt(i) && !(i == shape.length() - 1 && i == line.length()))
                return false;
        }
        return true;
    }

    private static String shape(String line) {
        var begin = line.length() <= LONGEST ? line : line.substring(0, LONGEST);
        var shape = new StringBuilder(begin.length());
        for (var i = 0; i < begin.length(); i++) shape.append(shape(begin.charAt(i)));
        return shape.toString();
    }

    private static char shape(char c) {
        return Chars.isDigit(c) ? '0' : c;
    }
}
