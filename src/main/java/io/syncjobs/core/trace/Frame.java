package io.syncjobs.core.trace;

/** Which runtime a stack frame belongs to. */
enum Frame {
    NONE,
    JAVA,
    DOTNET,
    NODE;

    static Frame of(String line) {
        var from = Chars.indent(line);
        if (!line.startsWith("at ", from) || from == 0) return isRest(line, from);
        var end = line.length();
        while (end > from
                && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '{' || line.charAt(end - 1) == ',')) end--;
        var rest = line.substring(Math.min(end, from + 3), Math.min(end, from + 2_000));
        // Mono writes the place of a method behind its arguments.
        if (rest.indexOf(") [0x") > 0) return DOTNET;
        var open = rest.indexOf('(');
        if (open > 0 && rest.charAt(open - 1) != ' ') return ofCall(rest, open);
        if (rest.endsWith(")") && open > 0) return isSpaced(rest, open) ? JAVA : NODE;
        return hasPosition(rest) || rest.startsWith("file:") || rest.startsWith("node:") || rest.startsWith("<")
                ? NODE
                : NONE;
    }

    /** {@code at name(…)}: with a file and a line in the brackets it is Java, with types of arguments .NET. */
    private static Frame ofCall(String rest, int open) {
        var close = rest.indexOf(')', open);
        if (close < 0) return rest.length() >= 1_900 ? JAVA : NONE;
        var inner = rest.substring(open + 1, close);
        if (inner.equals("Native Method") || inner.startsWith("Unknown") || inner.startsWith("<")) return JAVA;
        var name = rest.substring(0, open);
        if (name.indexOf(' ') >= 0) return NONE;
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
