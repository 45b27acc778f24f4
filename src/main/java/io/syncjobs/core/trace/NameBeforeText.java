package io.syncjobs.core.trace;

import java.util.Locale;
import java.util.Set;

/** The name of the logger, which some put between time and level and the text. It contains a dot, a colon or a bracket. */
final class NameBeforeText {
    private static final int LONGEST = 100;

    /** The name behind these is that of a file or a host, which the text is about: {@code open shop.yaml: permission denied}. */
    private static final Set<String> OF_TEXT = Summary.words("""
        to of from for at on with cannot not failed get post put open opening read reading write writing load loading
        parse parsing stat lstat mkdir remove rename exec lookup dial listen connect connecting convert file
        """);

    private final String line;
    private int next;
    private final boolean stamped;
    private final boolean zuluAndLevel;

    /** For the part of the line from {@code next} on, behind a time or not, and behind a time that ends with Z and a level. */
    NameBeforeText(String line, int next, boolean stamped, boolean zuluAndLevel) {
        this.line = line;
        this.next = next;
        this.stamped = stamped;
        this.zuluAndLevel = zuluAndLevel;
    }

    /** Where the name ends; if there is none, where the text begins. */
    int end() {
        worker();
        module();
        columns();
        bars();
        if (zuluAndLevel) spans();
        var at = Chars.blanks(line, Chars.at(line, next) == '\t' ? next + 1 : next);
        for (var words = 0; words < 4; words++) {
            var end = at;
            while (end < line.length() && line.charAt(end) > ' ' && end - at < LONGEST) end++;
            if (end == at) return next;
            var word = line.substring(at, end);
            if (words == 0 && stamped && word.equals("__main__")) return end;
            if (words == 0 && (isPlace(word, end) || isTarget(word) || isCategory(word)))
                return line.startsWith(" > ", end) ? end + 2 : isTarget(word) ? targetEnd(end) : end;
            if (words == 1 && word.endsWith(":") && line.startsWith(" in ", next) && LoggerName.isPlain(word))
                return end;
            if (word.endsWith(":") && LoggerName.isName(word.substring(0, word.length() - 1))) return end;
            // "push failed: StatusCode.UNAVAILABLE: text": with or without a colon.
            var plain = word.endsWith(":") ? word.substring(0, word.length() - 1) : word;
            if (OF_TEXT.contains(plain.toLowerCase(Locale.ROOT))) return next;
            at = Chars.blanks(line, end);
            if (words == 0 && stamped && word.indexOf('.') > 0 && LoggerName.isPlain(word)) at = behindContext(at);
            var bar = separatorAt(at);
            if (bar > 0 && (words == 0 || LoggerName.isName(word))) return bar;
            if (!LoggerName.isPlain(word)) return next;
        }
        return next;
    }

    /** {@code sync/main.go:142} or {@code sync::push} and a tab, or a sign that parts it from the text. */
    private boolean isPlace(String word, int end) {
        var colon = word.lastIndexOf(':');
        return colon > 0
                && (Chars.at(line, end) == '\t' || line.startsWith(" > ", end))
                && (word.charAt(colon - 1) == ':'
                        || (word.indexOf('.') > 0 && Chars.digits(word, colon + 1) == word.length()));
    }

    /** {@code #0 text}: Fluentd has several workers. */
    private void worker() {
        var end = line.startsWith(" #", next) ? Chars.digits(line, next + 2) : 0;
        if (end > next + 2 && Chars.at(line, end) == ' ' && Chars.isLower(Chars.at(line, end + 1))) next = end;
    }

    /** {@code sync 31 140152843 text}: Django's verbose lines have the numbers of process and thread behind the module. */
    private void module() {
        var at = Chars.blanks(line, next);
        var end = at;
        while (end - at < LONGEST && Chars.isWord(Chars.at(line, end))) end++;
        var process = Chars.digits(line, end + 1);
        var thread = Chars.digits(line, process + 1);
        var spaced = Chars.at(line, end) == ' ' && Chars.at(line, process) == ' ' && Chars.at(line, thread) == ' ';
        if (stamped && spaced && end > at && process > end + 1 && thread > process + 5) next = thread;
    }

    /** {@code |Shop.Worker|text}: NLog's columns. */
    private void bars() {
        for (var columns = 0; columns < 3 && Chars.at(line, next - 1) == '|'; columns++) {
            var end = Chars.find(line, "|", next, LONGEST);
            if (end <= next || !LoggerName.isPlain(line.substring(next, end))) return;
            next = end + 1;
        }
    }

    /** {@code setup} between two tabs, and then the text: the fields behind a text are an object. */
    private void columns() {
        for (var at = next + 1; Chars.at(line, next) == '\t'; at = next + 1) {
            var end = Chars.find(line, "\t", at, LONGEST);
            if (end <= at || Chars.at(line, end + 1) == '{') return;
            var word = line.substring(at, end);
            if (!LoggerName.isPlain(word) || Header.isException(word)) return;
            next = end;
        }
    }

    /** {@code push{order=7}:send: sync:} after time and level: the spans that Rust's tracing writes before the target. */
    private void spans() {
        var at = Chars.blanks(line, next);
        var inside = false;
        var seen = false;
        for (var end = at; end < line.length() && end - at < 4 * LONGEST; end++) {
            var c = line.charAt(end);
            if (c == '}') inside = false;
            else if (c == '{' && end > at) inside = seen = true;
            else if (!inside && seen && line.startsWith(": ", end)) {
                next = end + 1;
                return;
            } else if (!inside && !Chars.isWord(c) && c != ':' && c != '-') return;
        }
    }

    /** {@code sync:} after time and level, as Rust's tracing writes it. */
    private boolean isTarget(String word) {
        // Behind the columns of zap a text begins.
        if (!zuluAndLevel || Chars.at(line, next) == '\t' || !word.endsWith(":") || word.length() < 2) return false;
        return word.chars()
                .limit(word.length() - 1L)
                .allMatch(c -> Chars.isLower((char) c) || Chars.isDigit((char) c) || c == '_' || c == ':');
    }

    /** A span without fields may stand before the target: {@code fetch:page: sync::api:}. */
    private int targetEnd(int span) {
        var end = span + 1;
        while (end < line.length() && line.charAt(end) > ' ' && end - span < LONGEST) end++;
        var word = line.substring(Math.min(span + 1, end), end);
        return word.contains("::") && isTarget(word) ? end : span;
    }

    /** {@code Shop.Sync.Exporter[0]} with the message on the same line. */
    private boolean isCategory(String word) {
        return (!stamped || word.indexOf('.') > 0)
                && word.endsWith("]")
                && word.indexOf('[') > 0
                && Chars.isUpper(word.charAt(0))
                && !line.endsWith(word);
    }

    /** What a logger writes behind its name, if a sign that parts it from the text follows. */
    private int behindContext(int at) {
        var end = Context.behindName(line, at);
        return separatorAt(end) > 0 ? end : at;
    }

    /** {@code  - push.py:12} behind a level, before a further sign that parts it from the text. */
    static int placeEnd(String line, int from) {
        var at = line.startsWith(" - ", from) ? from + 3 : Chars.blanks(line, from);
        var end = at;
        while (end - at < LONGEST && Chars.at(line, end) > ' ') end++;
        var colon = line.lastIndexOf(':', end - 1);
        return colon > at
                        && colon + 1 < end
                        && Chars.digits(line, colon + 1) == end
                        && line.substring(at, colon).indexOf('.') > 0
                        && (line.startsWith(" - ", end) || line.startsWith(" | ", end))
                ? end
                : from;
    }

    private int separatorAt(int at) {
        for (var separator : new String[] {"- ", "-- ", ": ", "| ", "-- : "}) {
            if (line.startsWith(separator, at)) return at + separator.length() - 1;
        }
        return -1;
    }
}
