package io.syncjobs.core.trace;

import io.syncjobs.core.trace.Found.Weight;
import java.util.Optional;

/** What a single line that tells of an error says: its type, where the line names one, and its message. */
final class LineMessage {
    /** Test runners of .NET write it above a message. */
    private static final String LABEL = "Error Message:";

    /** Miette and error-stack draw a line to each cause. */
    private static final String ARROW = "─▶ ";

    private LineMessage() {}

    static Found read(Log log, int line, String whole, Weight weight) {
        var marked = withoutColumn(whole);
        var said = LineFormat.unmarked(marked);
        // The console logger of .NET writes the message on the line after the category.
        var below = belowCategory(log, line + 1);
        if (said.endsWith("]") && said.indexOf(' ') < 0 && log.text(below).startsWith("      "))
            return Found.line(below, weight, log.text(below).strip());
        var error = Fields.error(said)
                .or(() -> onOneLine(said))
                .or(() -> EscapedTrace.error(said))
                .or(() -> header(log, line, said))
                .or(() -> Header.inBrackets(said))
                .or(() -> Header.behind(said))
                .or(() -> log.isHeaded(line) ? qualified(Header.within(said)) : Optional.empty())
                .or(() -> Header.inspected(said));
        if (error.isPresent()) return typed(line, weight, error.get());
        var fields = log.isHeaded(line) || (!said.equals(marked) && said.contains(" error="));
        var told = said.equals(LABEL) ? "" : fields ? Fields.told(said) : Fields.answered(said);
        return represented(told)
                .map(one -> typed(line, weight, one))
                .orElseGet(() -> isCode(told) ? ofCode(log, line, told, weight) : untyped(log, line, told, weight));
    }

    /** The line below the scopes, which may stand between a category and the message: {@code => order:71}. */
    private static int belowCategory(Log log, int line) {
        return log.text(line).startsWith("      => ") ? line + 1 : line;
    }

    /** Without the time or the place that a console writes at its right edge. */
    private static String withoutColumn(String said) {
        var gap = said.lastIndexOf("   ");
        if (gap < 1) return said;
        var column = said.substring(gap + 3);
        var colon = column.lastIndexOf(':');
        var number = Chars.digits(column, colon + 1);
        if (colon < 1 || number == colon + 1) return said;
        var place = number == column.length() && column.indexOf('.') > 0 && column.indexOf(' ') < 0;
        var time = Chars.isDigit(column.charAt(0)) && colon > column.indexOf(':') && column.length() < 12;
        return place || time ? said.substring(0, gap).strip() : said;
    }

    private static Found typed(int line, Weight weight, Header error) {
        return new Found(line, weight, error.type(), error.message(), "");
    }

    private static Found untyped(Log log, int line, String told, Weight weight) {
        var plain = Found.line(line, weight, log.message(told, line, end(log, line)));
        var cause = "";
        var last = line;
        for (var i = line + 1; i < line + Log.MESSAGE_LINES && isDrawn(log.text(i)); i++) {
            var arrow = log.text(i).indexOf(ARROW);
            if (arrow < 0) continue;
            cause = log.text(i).substring(arrow + ARROW.length());
            last = i;
        }
        return plain.causedBy(new Header("", cause)).at(last, weight);
    }

    private static boolean isDrawn(String text) {
        return "├│╰".indexOf(Chars.at(text, Chars.indent(text))) >= 0;
    }

    private static int end(Log log, int line) {
        return Math.min(log.size(), line + LineFormat.TAKEN + 1);
    }

    private static Optional<Header> header(Log log, int line, String said) {
        return Header.of(said)
                .filter(one -> one.isException()
                        && !one.message().isEmpty()
                        && !one.type().equals("Error"))
                .or(() -> behindTool(said))
                .map(LineMessage::ofFile)
                .map(one -> JavaFormat.behindClass(one, log.isHeaded(line)))
                .filter(one -> !log.isHeaded(line) || !isLogger(one.type()))
                .map(own -> new Header(own.type(), log.message(own.message(), line, end(log, line))));
    }

    /** {@code Shop.Sync.Worker}: behind a time or a level, a class that is not named as an error is the one that logs. */
    private static boolean isLogger(String type) {
        return type.indexOf('.') > 0 && !Header.isNamedAsError(type);
    }

    /** {@code keytool error: java.io.IOException: text}. */
    private static Optional<Header> behindTool(String said) {
        var label = Chars.find(said, "rror: ", 0, 40);
        return label < 0 ? Optional.empty() : qualified(Header.of(said.substring(label + "rror: ".length())));
    }

    /** An error with a message and a name that is surely no word of a text. */
    private static Optional<Header> qualified(Optional<Header> header) {
        return header.filter(one -> one.type().indexOf('.') > 0
                && Header.isNamedAsError(one.type())
                && !one.message().isEmpty());
    }

    /** {@code ShopError('order 7 is locked')}: nothing but an error as Python writes it. */
    static boolean isError(String said) {
        return written(said).isPresent();
    }

    /** The error of such a text. */
    static Optional<Header> written(String said) {
        return represented(said).filter(one -> said.startsWith(one.type()));
    }

    /** {@code the task raised: ShopError('order 7 is locked')}: an error as Python writes it into a text. */
    private static Optional<Header> represented(String said) {
        var end = said.endsWith(",)") ? said.length() - 2 : said.length() - 1;
        var quote = Chars.at(said, end - 1);
        if (!said.endsWith(")") || (quote != '\'' && quote != '"')) return Optional.empty();
        var open = said.indexOf("(" + quote);
        var from = open;
        while (from > 0 && Chars.isWord(said.charAt(from - 1))) from--;
        if (open < 0 || open + 2 >= end || (from > 0 && " =".indexOf(said.charAt(from - 1)) < 0))
            return Optional.empty();
        var error = new Header(said.substring(from, open), said.substring(open + 2, end - 1));
        return Header.isNamedAsError(error.type()) ? Optional.of(error) : Optional.empty();
    }

    /** {@code Error: P3009}: a code says nothing without the text below it. */
    private static boolean isCode(String said) {
        var code = said.substring(said.lastIndexOf(' ') + 1);
        return said.regionMatches(true, 0, "error: ", 0, 7)
                && said.length() == 7 + code.length()
                && code.length() < 12
                && code.chars().anyMatch(c -> Chars.isDigit((char) c))
                && code.chars().allMatch(c -> Chars.isUpper((char) c) || Chars.isDigit((char) c));
    }

    private static Found ofCode(Log log, int line, String said, Weight weight) {
        var next = line + 1;
        while (next < line + LineFormat.TAKEN && log.isBlank(next)) next++;
        return log.isBlank(next)
                ? Found.line(line, weight, said)
                : Found.line(next, weight, said + ": " + log.text(next).strip());
    }

    /** Julia puts {@code LoadError: } before the error of a file that it runs. */
    private static Header ofFile(Header header) {
        return header.type().equals("LoadError")
                ? Header.of(header.message()).filter(Header::isException).orElse(header)
                : header;
    }

    /** If nothing separates message and trace, the last word of the message and the name of the class may be one word. */
    private static boolean isApart(String said, Header header) {
        var before = said.substring(0, Math.max(0, said.indexOf(header.type()))).strip();
        return before.isEmpty()
                || header.type().endsWith("Exception")
                || header.type().endsWith("Error")
                || ":|-".indexOf(before.charAt(before.length() - 1)) >= 0;
    }

    /** A whole trace on the same line as its message. */
    private static Optional<Header> onOneLine(String said) {
        for (var mark : new String[] {"   at ", " | at ", " \\n\\tat "}) {
            var frame = said.indexOf(mark);
            if (frame < 0) continue;
            var inner = said.indexOf(" ---> ");
            var own = said.substring(0, inner > 0 && inner < frame ? inner : frame);
            return Header.within(own)
                    .filter(one -> isApart(own, one))
                    .or(() -> Optional.of(new Header("", own.strip())));
        }
        return Optional.empty();
    }
}
