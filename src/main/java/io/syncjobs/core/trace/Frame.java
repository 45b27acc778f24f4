package io.syncjobs.core.trace;

import java.util.Set;

/** Which runtime a stack frame belongs to. */
enum Frame {
    NONE,
    JAVA,
    DOTNET,
    NODE;

    /** What .NET writes for "at" in other languages. */
    private static final Set<String> AT = Set.of(
            "bei", "à", "en", "in", "em", "bij", "vid", "ved", "w", "v", "v:", "в", "konum:", "場所", "在", "於", "위치:");

    private static final int LONGEST_AT = 6;

    static Frame of(String line) {
        var from = Chars.indent(line);
        if (from > 2 && isForeign(line, from)) return DOTNET;
        if (!line.startsWith("at ", from) || from == 0) return isRest(line, from);
        var end = line.length();
        while (end > from
                && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '{' || line.charAt(end - 1) == ',')) end--;
        var rest = line.substring(Math.min(end, from + 3), Math.min(end, from + 2_000));
        // Mono writes the place of a method behind its arguments.
        if (rest.indexOf(") [0x") > 0 || rest.indexOf(") <0x") > 0) return DOTNET;
        // Jackson ends its messages with the place in the text that it read.
        if (rest.startsWith("[Source: ")) return NONE;
        var open = rest.indexOf('(');
        if (open > 0 && rest.charAt(open - 1) != ' ') return ofCall(rest, open);
        if (rest.endsWith(")") && open > 0) return isSpaced(rest, open) ? JAVA : NODE;
        return hasPosition(rest) || rest.startsWith("file:") || rest.startsWith("node:") || rest.startsWith("<")
                ? NODE
                : NONE;
    }

    /** {@code bei Shop.Sync.Push(Int32 order) in C:\shop\Sync.cs:Zeile 12.} */
    private static boolean isForeign(String line, int from) {
        var blank = Chars.find(line, " ", from, LONGEST_AT);
        if (blank < 0 || !AT.contains(line.substring(from, blank))) return false;
        var open = Chars.find(line, "(", blank, 1_000);
        var name = open < 0 ? "" : line.substring(blank + 1, open);
        return name.indexOf('.') > 0 && name.indexOf(' ') < 0 && line.indexOf(')', open) > 0;
    }

    /** {@code at name(…)}: with a file and a line in the brackets it is Java, with types of arguments .NET. */
    private static Frame ofCall(String rest, int open) {
        var close = rest.indexOf(')', open);
        if (close < 0) return rest.length() >= 1_900 ? JAVA : NONE;
        var inner = rest.substring(open + 1, close);
        if (inner.endsWith("Native Method") || inner.startsWith("Unknown") || inner.startsWith("<")) return JAVA;
        var name = rest.substring(0, open);
        // Demystifier writes the type of the result before the method.
        if (name.indexOf(' ') >= 0) return rest.indexOf(":line ", close) > 0 ? DOTNET : NONE;
        if (inner.indexOf(' ') < 0 && (inner.indexOf(':') >= 0 || isSource(inner))) return JAVA;
        return name.indexOf('.') > 0 ? DOTNET : NONE;
    }

    /** {@code at name (File.java:12)}, as Maven and Clojure write it. */
    private static boolean isSpaced(String rest, int open) {
        var inner = rest.substring(open + 1, rest.length() - 1);
        var colon = inner.indexOf(':');
        return inner.equals("Native Method") || isSource(colon < 0 ? inner : inner.substring(0, colon));
    }

    private static boolean isSource(String inner) {
        return inner.endsWith(".java")
                || inner.endsWith(".kt")
                || inner.endsWith(".scala")
                || inner.endsWith(".groovy")
                || inner.equals("SourceFile");
    }

    /** {@code file:line:column} at the end. */
    private static boolean hasPosition(String rest) {
        var column = rest.lastIndexOf(':');
        var line = column < 1 ? -1 : rest.lastIndexOf(':', column - 1);
        return line > 0
                && column + 1 < rest.length()
                && Chars.digits(rest, column + 1) == rest.length()
                && Chars.digits(rest, line + 1) == column;
    }

    /** {@code ... 3 more}: the frames that the trace above shows already. */
    private static Frame isRest(String line, int from) {
        if (!line.startsWith("... ", from) || from == 0) return NONE;
        var end = Chars.digits(line, from + 4);
        if (end == from + 4) return NONE;
        if (line.startsWith(" more", end) || line.startsWith(" common frames omitted", end)) return JAVA;
        return line.startsWith(" lines matching cause stack trace", end) ? NODE : NONE;
    }
}
