package io.syncjobs.core.trace;

import java.util.List;

/** The lines of a log, in the form in which formats read them. */
record Log(List<Line> lines) {
    /** A message has fewer lines than this. */
    static final int MESSAGE_LINES = 60;

    private static final int WRAPPED = " [ERROR] ".length();

    private static final List<String> TELEMETRY = List.of(
            "Failed to export spans",
            "Failed to export metrics",
            "Failed to export logs",
            "Failed to export traces",
            "Exception while exporting ",
            "Exception while flushing ",
            "traces export: ",
            "failed to upload metrics: ",
            " traces to intake at ",
            // The trace of a leak detector shows where something was opened that nobody closed.
            " allocation site",
            "leak detected",
            "LEAK: ");

    int size() {
        return lines.size();
    }

    String text(int line) {
        return line < 0 || line >= lines.size() ? "" : lines.get(line).text();
    }

    boolean isBlank(int line) {
        return text(line).isBlank();
    }

    boolean isHeaded(int line) {
        return line >= 0 && line < lines.size() && lines.get(line).headed();
    }

    Level level(int line) {
        return line < 0 || line >= lines.size() ? Level.NONE : lines.get(line).level();
    }

    /** False for a first line that does not begin like a name, because its beginning may have been cut off. */
    boolean isWhole(int line) {
        return line > 0 || Chars.isUpper(Chars.at(text(line), 0)) || text(line).startsWith("error: ");
    }

    /** True if curl tells here that a server refused: what the server answered says more. */
    boolean isRefusal(int line) {
        return text(line).startsWith("curl: (22) ");
    }

    /** The level of a block that begins here. The logger has written it on this line or on the one above. */
    Level levelOfBlock(int line) {
        for (var i = line; i >= Math.max(0, line - 2); i--) {
            if (isHeaded(i)) return level(i);
            if (i < line && !isBlank(i)) return isOfConsole(line) ? levelOfConsole(i) : Level.NONE;
        }
        return Level.NONE;
    }

    /** The console logger of .NET writes all lines of an entry below its category. */
    private boolean isOfConsole(int line) {
        return text(line).startsWith("      ");
    }

    private Level levelOfConsole(int line) {
        var head = line;
        while (head > Math.max(0, line - MESSAGE_LINES) && isOfConsole(head)) head--;
        return level(head);
    }

    /** The rank of a block that begins here. The program survived what it logged as a warning, or as a detail. */
    Found.Weight weightOfBlock(int line) {
        var level = levelOfBlock(line);
        var survived = level == Level.WARN || level == Level.DEBUG || isOfTelemetry(line) || isOfCleanup(line);
        return survived ? Found.Weight.WARNED : Found.Weight.BLOCK;
    }

    /** True if what was logged directly above the block is about tidying up. */
    private boolean isOfCleanup(int line) {
        var above = isBlank(line - 1) ? line - 2 : line - 1;
        return (isHeaded(above) || isOfConsole(above)) && Cleanup.is(text(above));
    }

    /** True if the block tells that telemetry was not exported, or of a leak: at the end of a program, after the error that ended it. */
    boolean isOfTelemetry(int line) {
        return TELEMETRY.stream()
                .anyMatch(words -> text(line).contains(words) || text(line - 1).contains(words));
    }

    /**
     * The message that begins with {@code first} on {@code line}. If it is empty, or ends in a way that announces more, the lines
     * after it belong to it, up to {@code end}.
     */
    String message(String first, int line, int end) {
        var begin = first.strip();
        if (!announces(begin)) return begin + wrapped(line);
        var whole = new StringBuilder(begin);
        var listed = false;
        for (var i = line + 1; i < Math.min(end, line + MESSAGE_LINES) && whole.length() < 1_024; i++) {
            var next = text(i).strip();
            // Another program tells that this one has ended.
            if (!whole.isEmpty() && (Phrases.isEnd(next) || NpmLines.contain(next) || isEntry(next))) break;
            // What begins at the margin below a list is something else.
            if (listed && !next.isEmpty() && Character.isLetterOrDigit(text(i).charAt(0))) break;
            listed |= text(i).startsWith("\t") || (next.startsWith(" ", 1) && "*-•".indexOf(next.charAt(0)) >= 0);
            if (!next.isEmpty() && !isCode(i))
                whole.append(whole.isEmpty() ? "" : " ").append(next);
        }
        return whole.toString();
    }

    /** The rest of a text that Symfony has wrapped behind {@code  [ERROR] }. */
    private String wrapped(int line) {
        var rest = new StringBuilder();
        for (var i = line + 1; isHeaded(line) && i < line + MESSAGE_LINES && !isHeaded(i); i++) {
            if (Chars.indent(text(i)) != WRAPPED || text(i).startsWith("at ", WRAPPED)) break;
            rest.append(' ').append(text(i).strip());
        }
        return rest.toString();
    }

    /** What a logger has written, as JSON. */
    private static boolean isEntry(String text) {
        return text.startsWith("{\"") && text.endsWith("}") && text.contains("\"level\":");
    }

    static boolean announces(String text) {
        return text.isEmpty()
                || ":[{(".indexOf(text.charAt(text.length() - 1)) >= 0
                || text.endsWith(" in")
                // YAML, in which tests are reported.
                || text.endsWith(": |-")
                // Node writes below the command what that has said.
                || text.startsWith("Command failed: ")
                || isStatus(text);
    }

    /** {@code (403)}: clients of APIs begin a message with the status, and tell the reason below. */
    private static boolean isStatus(String text) {
        return text.length() == 5 && text.charAt(0) == '(' && text.charAt(4) == ')' && Chars.digits(text, 1) == 4;
    }

    /** A line of a piece of source code with its number, as libraries print it into messages: the next one has the next number. */
    private boolean isCode(int line) {
        var number = codeNumber(line);
        return number > 0
                && (codeNumber(line - 1) == number - 1
                        || codeNumber(line + 1) == number + 1
                        || text(line).contains(number + " |"));
    }

    private int codeNumber(int line) {
        var text = text(line).strip();
        var from = text.startsWith("→") || text.startsWith(">") ? Chars.blanks(text, 1) : 0;
        var end = Chars.digits(text, from);
        var bare = end > from && end - from < 8 && (end == text.length() || " |".indexOf(text.charAt(end)) >= 0);
        return bare ? Integer.parseInt(text.substring(from, end)) : -1;
    }
}
