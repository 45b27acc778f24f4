package io.syncjobs.core.trace;

import java.util.List;

/** What a logger knows of the work at hand, and puts before the text as keys and values. */
final class Context {
    private static final int LONGEST = 400;

    /** What follows the name of a logger. */
    private static final List<String> PARTS = List.of(" - ", " | ", " : ", " [", " (", " {");

    private Context() {}

    /** {@code job=orders, tenant=north}, or nothing: what stands in the braces that a logger puts around it. */
    static boolean isInBraces(String inner) {
        return inner.isEmpty() || pairEnd(inner, 0) > 0;
    }

    /**
     * The position after {@code traceId=7f3c, spanId=} before the name of a logger or a thread; the same position where a text
     * begins instead.
     */
    static int end(String line, int at) {
        var end = at;
        var pairs = 0;
        for (var next = pairEnd(line, at); next > 0 && next - at < LONGEST; next = pairEnd(line, end)) {
            end = Chars.blanks(line, next);
            pairs++;
        }
        // A single pair before a bracket may be what a text begins with.
        var named = isLevel(line, end) || (pairs > 1 && "[(".indexOf(Chars.at(line, end)) >= 0);
        return pairs > 0 && (named || isBeforeName(line, end)) ? end - 1 : at;
    }

    /** The position after {@code <0.120.0>}, the process of Erlang that logs; 0 if there is none. */
    static int processEnd(String line, int at) {
        if (Chars.at(line, at) != '<' || !Chars.isDigit(Chars.at(line, at + 1))) return 0;
        var end = at + 1;
        while (Chars.isDigit(Chars.at(line, end)) || Chars.at(line, end) == '.') end++;
        return Chars.at(line, end) == '>' ? end + 1 : 0;
    }

    /** {@code [error]}, as Elixir writes it behind the pairs. */
    private static boolean isLevel(String line, int at) {
        if (Chars.at(line, at) != '[') return false;
        var end = Level.wordEnd(line, at + 1);
        return Chars.at(line, end) == ']' && Level.of(line.substring(at + 1, end)) != Level.NONE;
    }

    /** The position after {@code key=value} and a comma; 0 if there is none. */
    private static int pairEnd(String line, int at) {
        var end = at;
        while (Chars.isWord(Chars.at(line, end)) || ".-".indexOf(Chars.at(line, end)) >= 0) end++;
        if (end == at || Chars.at(line, end) != '=' || Chars.isDigit(line.charAt(at))) return 0;
        while (end < line.length() && line.charAt(end) > ' ' && "\"'".indexOf(line.charAt(end)) < 0) end++;
        if (" \0".indexOf(Chars.at(line, end)) < 0) return 0;
        return line.charAt(end - 1) == ':' ? end - 1 : end;
    }

    /** The position after brackets and pairs between the name of a logger and the sign that parts it from the text. */
    static int behindName(String line, int at) {
        var end = at;
        for (var next = groupEnd(line, at); next > 0 && next - at < LONGEST; next = groupEnd(line, end))
            end = Chars.blanks(line, next);
        return end;
    }

    /** The position after a pair, or after what stands in brackets; 0 if there is none. */
    private static int groupEnd(String line, int at) {
        var open = "[({".indexOf(Chars.at(line, at));
        if (open < 0) return pairEnd(line, at);
        var close = Chars.find(line, "])}".substring(open, open + 1), at, LONGEST);
        var number = open == 1 && Chars.isDigit(Chars.at(line, at + 1));
        return close < 0 || number || (open == 2 && !isInBraces(line.substring(at + 1, close))) ? 0 : close + 1;
    }

    private static boolean isBeforeName(String line, int at) {
        var end = at;
        while (end < line.length() && line.charAt(end) > ' ' && end - at < LONGEST) end++;
        var colon = Chars.at(line, end - 1) == ':';
        var name = line.substring(at, colon ? end - 1 : end);
        if (Level.of(name) != Level.NONE) return true;
        return (colon
                        || PARTS.stream()
                                .anyMatch(part -> line.startsWith(part, Math.min(line.length(), at + name.length()))))
                && name.indexOf('.') > 0
                && LoggerName.isPlain(name)
                && !Header.isNamedAsError(name);
    }
}
