package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;

/** Last words of one line or two, of runtimes that few workers use: Swift, OCaml, Nim, Dart, Clojure, MATLAB, and of PHP frameworks. */
final class LastWords {
    private static final String SWIFT = ": Fatal error: ";
    private static final String OCAML = "Fatal error: exception ";
    static final String NIM = "Error: unhandled exception: ";
    private static final String DART = "Unhandled exception:";
    private static final List<String> CLOJURE = List.of("Execution error (", "Syntax error (", "Unexpected error (");
    private static final String CAUSE = " :cause ";
    private static final String TYPE = "{:type ";
    private static final String MATLAB = "Error using ";
    private static final String PHP = "Uncaught PHP Exception ";
    private static final String HASKELL = "CallStack (from HasCallStack):";
    private static final String CRASHED = " had a problem and crashed.";
    private static final String RACE = "DATA RACE";

    private LastWords() {}

    static Optional<Found> read(Log log, int line) {
        var text = log.text(line);
        if (text.equals(RACE) && log.level(line) == Level.WARN)
            return Optional.of(Found.line(line, Found.Weight.FATAL, RACE));
        if (text.startsWith(DART) && text.length() == DART.length()) return dart(log, line);
        if (text.startsWith(OCAML)) return Optional.of(Found.block(line, ocaml(text.substring(OCAML.length()))));
        if (text.startsWith(NIM) && text.endsWith("]")) return nim(text, line);
        if (text.startsWith(MATLAB) && !log.isBlank(line + 1))
            return Optional.of(
                    Found.line(line + 1, Found.Weight.BLOCK, log.text(line + 1).strip()));
        if (log.text(line + 1).equals("stack traceback:")) return Optional.of(lua(log, line));
        if (log.text(line + 1).startsWith(HASKELL) && !text.isBlank())
            return Optional.of(Found.line(line + 1, Found.Weight.BLOCK, text.strip()));
        if (CLOJURE.stream().anyMatch(text::startsWith)) return clojure(log, line, text);
        if (text.endsWith("#error {") && log.text(line + 1).startsWith(CAUSE)) return ofData(log, line);
        // Rust's human-panic says so in place of the panic, which it writes into a file.
        var crashed = text.indexOf(CRASHED);
        if (crashed > 0)
            return Optional.of(Found.line(line, Found.Weight.BLOCK, text.substring(0, crashed + CRASHED.length())));
        var swift = text.indexOf(SWIFT);
        if (swift > 0 && isPlaceOfSwift(text.substring(0, swift)))
            return Optional.of(Found.block(line, new Header("Fatal error", text.substring(swift + SWIFT.length()))));
        return php(text, line);
    }

    /** What was searched where follows an error of a module, on lines of its own. */
    private static Found lua(Log log, int line) {
        var first = line;
        while (first > Math.max(0, line - Log.MESSAGE_LINES) && log.text(first).startsWith("\t")) first--;
        return Found.line(line + 1, Found.Weight.BLOCK, log.message(log.text(first), first, line + 1));
    }

    private static boolean isPlaceOfSwift(String place) {
        var colon = place.indexOf(".swift:");
        return colon > 0 && Chars.digits(place, colon + 7) == place.length();
    }

    /** {@code Failure("…")}, or the name of an exception with its arguments. */
    private static Header ocaml(String said) {
        var open = said.indexOf('(');
        if (open < 1 || !said.endsWith(")")) return new Header(said, "");
        return new Header(said.substring(0, open), unquoted(said.substring(open + 1, said.length() - 1)));
    }

    private static Optional<Found> nim(String text, int line) {
        var open = text.lastIndexOf(" [");
        return open < NIM.length()
                ? Optional.empty()
                : Optional.of(Found.block(
                        line,
                        new Header(text.substring(open + 2, text.length() - 1), text.substring(NIM.length(), open))));
    }

    /** The error stands on the next line, and frames such as {@code #0} below it. */
    private static Optional<Found> dart(Log log, int line) {
        var end = line + 1;
        while (end < line + Log.MESSAGE_LINES
                && end < log.size()
                && !log.text(end).startsWith("#0 ")) end++;
        if (end == line + 1 || !log.text(end).startsWith("#0 ")) return Optional.empty();
        var first = log.text(line + 1).strip();
        var header = Header.of(first).filter(Header::isException).orElse(new Header("", first));
        return Optional.of(Found.block(end, new Header(header.type(), log.message(header.message(), line + 1, end))));
    }

    private static Optional<Found> clojure(Log log, int line, String text) {
        var open = text.indexOf('(');
        var end = text.indexOf(") ", open);
        return end < 0 || text.indexOf(" at ", end) < 0
                ? Optional.empty()
                : Optional.of(Found.block(
                        line + 1,
                        new Header(
                                text.substring(open + 1, end),
                                log.text(line + 1).strip())));
    }

    /** {@code #error {:cause "order 7 is locked" :via [{:type Type …}]}} on several lines: Clojure prints errors as data. */
    private static Optional<Found> ofData(Log log, int line) {
        var type = "";
        var last = line + 1;
        for (var i = last; i < line + Log.MESSAGE_LINES && log.text(i).startsWith(" "); i++) {
            var said = log.text(i).strip();
            // The innermost error, of which the cause is the message, comes last.
            var at = said.indexOf(TYPE);
            if (at == 0 || (at == 1 && said.charAt(0) == '[')) type = said.substring(at + TYPE.length());
            last = i;
        }
        var header = new Header(
                type, unquoted(log.text(line + 1).substring(CAUSE.length()).strip()));
        return Optional.of(Found.block(last, header).at(last, log.weightOfBlock(line)));
    }

    /** {@code Uncaught PHP Exception Type: "message" at file line 7}, as Symfony logs it. */
    private static Optional<Found> php(String text, int line) {
        var from = text.indexOf(PHP);
        var open = from < 0 ? -1 : text.indexOf(": \"", from);
        var close = open < 0 ? -1 : text.lastIndexOf("\" at ");
        return close <= open
                ? Optional.empty()
                : Optional.of(Found.block(
                        line, new Header(text.substring(from + PHP.length(), open), text.substring(open + 3, close))));
    }

    private static String unquoted(String said) {
        var quoted = said.length() > 1 && said.startsWith("\"") && said.endsWith("\"");
        return quoted ? said.substring(1, said.length() - 1).replace("\\\"", "\"") : said;
    }
}
