package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import java.util.List;

/** The prefix that a logger puts before a message: time, level, process, thread, name. Looks at each character about once. */
final class Head {
    private static final int MOST_TOKENS = 14;
    private static final int LONGEST_BRACKET = 100;

    /** Frames begin with a tab themselves. */
    private static final List<String> FRAMES = List.of("at ", "... ", "from ");

    /** The times that loggers print. It is only matched against a few dozen characters. */
    private static final Pattern TIME = Pattern.compile("(?:[A-Z][a-z]{2},? )?(?:\\d{4}[-/.]?\\d\\d[-/.]?\\d\\d(?:[T"
            + " _]|, )?|\\d\\d?[-/. ][A-Z][a-z]{2}[-/. ]\\d{4}[: T]|[A-Z][a-z]{2} {1,2}\\d{1,2},?(?: \\d{4})?,?"
            + " |\\d\\d?[/.]\\d\\d?[/.]\\d{2,4},? )?\\d\\d?:\\d\\d:\\d\\d(?:[.,:]\\d{1,9})?(?: ?[AP]M)?(?:Z|"
            + " ?[+-]\\d\\d:?\\d\\d| UTC| GMT| CES?T)?(?: \\d{4})?|\\d\\d?:\\d\\d[AP]M|1\\d{9}(?:\\.\\d{1,9}|\\d{3})?");

    private final String line;
    private int next;
    private boolean stamped;
    private boolean ruby;
    private boolean zulu;
    private boolean named;
    private Level level = Level.NONE;

    private Head(String line) {
        this.line = line;
    }

    /** The line without its prefix. */
    static Line read(String line) {
        var head = new Head(line);
        return head.glog(0) || head.tokens()
                ? new Line(head.body(), head.level, true)
                : new Line(line, Level.NONE, false);
    }

    /** One blank separates the prefix from the text. More blanks are the indentation of the text, and stay. */
    private String body() {
        var from = line.startsWith(" - ", next) ? next + 2 : next;
        var tab = Chars.at(line, from) == '\t' && FRAMES.stream().noneMatch(lead -> line.startsWith(lead, from + 1));
        return line.substring(Math.min(line.length(), Chars.at(line, from) == ' ' || tab ? from + 1 : from));
    }

    private boolean glog(int at) {
        var end = Glog.end(line, at);
        if (end < 0) return false;
        level = Glog.level(line.charAt(at));
        next = end;
        return true;
    }

    private boolean tokens() {
        next = Margin.of(line);
        if (line.isEmpty() || Chars.at(line, next) == ' ' || Chars.at(line, next) == '\t') return false;
        beforeTime();
        var tokens = 0;
        while (tokens < MOST_TOKENS && token()) tokens++;
        if (!stamped && level == Level.NONE) return false;
        if (stamped && level == Level.NONE && levelBehindName()) {
            while (tokens < MOST_TOKENS && token()) tokens++;
            next = NameBeforeText.placeEnd(line, next);
        }
        if (!named) next = new NameBeforeText(line, next, stamped, zulu && level != Level.NONE).end();
        return level != Level.NONE || stamped;
    }

    private boolean levelBehindName() {
        var behind = LevelBehindName.read(line, next);
        behind.ifPresent(found -> {
            level = found.level();
            next = found.end();
            named = true;
        });
        return behind.isPresent();
    }

    /** {@code sync: 2031/03/02 04:10:07 } or {@code [sync] 2031/03/02 04:10:07 }: a prefix that the program itself has chosen. */
    private void beforeTime() {
        var close = Chars.at(line, next) == '[' ? Chars.find(line, "] ", next, LONGEST_BRACKET) : -1;
        if (close > 0
                && Chars.isDigit(Chars.at(line, close + 2))
                && Level.of(line.substring(next + 1, close)) == Level.NONE
                && time(close + 2)) return;
        var dash = line.startsWith("[Nest] ") ? Chars.find(line, " - ", 0, 24) : -1;
        if (dash > 0 && time(Chars.blanks(line, dash + 3))) return;
        var end = 0;
        while (Chars.isWord(Chars.at(line, end)) || Chars.at(line, end) == '-') end++;
        if (end == 0 || !line.startsWith(": ", end)) return;
        var at = end + 2;
        // Some put the number of the process between name and time.
        if (line.startsWith("pid=", at)) at = Chars.digits(line, at + 4) + 1;
        if (Chars.isDigit(Chars.at(line, at)) && !time(at)) next = 0;
    }

    /** Skips one part of the prefix; returns false where the text begins. */
    private boolean token() {
        var at = Chars.blanks(line, next);
        if (at > next + 1 && Chars.at(line, at) == 'a' && line.startsWith("at ", at)) return false;
        // The properties of an error that Node printed.
        if (line.startsWith("[cause]: ", at) || line.startsWith("[errors]: [", at)) return false;
        if (next > 0
                && Chars.at(line, next) == '\t'
                && !line.startsWith("\tat ", next)
                && !line.startsWith("\t...", next)) at = next + 1;
        return time(at)
                || (stamped && glog(at))
                || level(at)
                || bracket(at)
                || separator(at)
                || number(at)
                || pairs(at)
                || source(at)
                || syslog(at);
    }

    /** {@code sync/main/5b1c0 2031/03/02 04:10:08}: the stream of a collector, between its time and that of the program. */
    private boolean source(int at) {
        var end = stamped && level == Level.NONE ? Chars.find(line, " ", at, LONGEST_BRACKET) : -1;
        return end > at && line.substring(at, end).indexOf('/') >= 0 && time(end + 1);
    }

    private boolean time(int at) {
        var first = Chars.at(line, at);
        if (stamped && level != Level.NONE) return false;
        if (!Chars.isDigit(first)
                && !(Chars.isUpper(first)
                        && Chars.isLower(Chars.at(line, at + 1))
                        && Chars.isLower(Chars.at(line, at + 2)))) return false;
        var matcher = TIME.matcher(line.substring(at, Math.min(line.length(), at + 48)));
        if (!matcher.lookingAt()) return false;
        var end = at + matcher.end();
        // A year at the end may be the beginning of the next time.
        if ("-/.".indexOf(Chars.at(line, end)) >= 0 && Chars.at(line, end - 5) == ' ') end -= 5;
        if (Chars.isWord(Chars.at(line, end))) return false;
        stamped = true;
        zulu = line.charAt(end - 1) == 'Z';
        next = end;
        return true;
    }

    private boolean level(int at) {
        if (level != Level.NONE) return false;
        var word = new LevelWord(line, at, stamped);
        if (!word.isWhole()) return false;
        if (word.behind() == '.') return channel(word.end() + 1);
        var read = word.level();
        if (read == Level.NONE) return ruby(at, word.end());
        if (word.isOfText()) return false;
        if (word.beginsSentence()) {
            // "Log file not found": a text that begins with the name of a quiet level may tell of an error.
            if (!read.isQuiet()) level = read;
            return false;
        }
        level = read;
        next = word.next();
        if (word.behind() == ':' && Chars.isWord(Chars.at(line, next))) afterColon();
        return true;
    }

    /** {@code ERROR:sync.jobs:text}, the default of Python's logging. */
    private void afterColon() {
        var end = next;
        while (Chars.isWord(Chars.at(line, end)) || Chars.at(line, end) == '.') end++;
        if (Chars.at(line, end) == ':') next = end + 1;
    }

    /** {@code production.ERROR:}, as Monolog writes it. */
    private boolean channel(int at) {
        var end = at;
        while (Chars.isUpper(Chars.at(line, end))) end++;
        if (Chars.at(line, end) != ':' || end == at) return false;
        level = Level.of(line.substring(at, end));
        next = end + 1;
        return level != Level.NONE;
    }

    /** {@code E, [2031-03-02T04:10:07.411 #1] ERROR -- : text}. */
    private boolean ruby(int at, int end) {
        if ((at != 0 && !stamped) || end != at + 1 || !line.startsWith(", [", end)) return false;
        next = end + 1;
        ruby = true;
        return true;
    }

    private boolean bracket(int at) {
        var open = Chars.at(line, at);
        if (open != '[' && ((open != '(' && open != '{') || !stamped) && !isTimeInRound(at)) return false;
        var end = Chars.find(line, open == '[' ? "]" : open == '(' ? ")" : "}", at, LONGEST_BRACKET);
        if (end < 0) return false;
        var inner = line.substring(at + 1, end).strip();
        // The number of an error of the system, as Python prints it.
        if (inner.startsWith("Errno ") || inner.startsWith("{\"")) return false;
        if (level != Level.NONE && Header.inBrackets(line.substring(at)).isPresent()) return false;
        // A place such as {push.py:93}, or a context; anything else is an object.
        var ofLogger = inner.indexOf('"') < 0 && (inner.indexOf(':') > 0 || Context.isInBraces(inner));
        if (open == '{' && !(ofLogger && Chars.blanks(line, end + 1) < line.length())) return false;
        var known = inner.isEmpty()
                || stamped
                || level != Level.NONE
                || Level.of(inner) != Level.NONE
                || isDate(inner, end);
        known |= at == Margin.of(line) && Margin.isBeforeLevel(line, at);
        var seen = inner.isEmpty() ? Level.NONE : Level.of(inner);
        if (!known || (seen == Level.NONE && level == Level.NONE)) known |= inside(inner);
        if (seen != Level.NONE && level == Level.NONE) level = seen;
        // The source of a line, in a log collected from several pods.
        if (!known && !inner.startsWith("pod/")) return false;
        next = Chars.at(line, end + 1) == ':' ? end + 2 : end + 1;
        return true;
    }

    private boolean pairs(int at) {
        var end = stamped ? Math.max(Context.end(line, at), Context.processEnd(line, at)) : at;
        if (end > at) next = end;
        return end > at;
    }

    /** {@code [2031-03-02][04:10:08]}. */
    private boolean isDate(String inner, int end) {
        return Chars.digits(inner, 0) == 4
                && inner.length() == 10
                && Chars.at(line, end + 1) == '['
                && new Head(line.substring(end + 2)).time(0);
    }

    /** {@code (2031-03-02 04:10:08)} before or behind a level. */
    private boolean isTimeInRound(int at) {
        return Chars.at(line, at) == '('
                && (at == 0 || level != Level.NONE)
                && new Head(line.substring(at + 1)).time(0);
    }

    /** Time and level in one pair of brackets: {@code [2031-03-02T04:10:08Z ERROR sync]}. */
    private boolean inside(String inner) {
        if (!Chars.isDigit(Chars.at(inner, 0)) && !Chars.isUpper(Chars.at(inner, 0))) return false;
        var head = new Head(inner);
        var tokens = 0;
        while (tokens < 3 && head.innerToken()) tokens++;
        if (level == Level.NONE) level = head.level;
        stamped |= head.stamped;
        return head.stamped || head.level != Level.NONE;
    }

    /** Celery puts a colon between time and level. */
    private boolean innerToken() {
        var at = Chars.blanks(line, stamped && Chars.at(line, next) == ':' ? next + 1 : next);
        return time(at) || level(at);
    }

    private boolean separator(int at) {
        if (!stamped && level == Level.NONE) return false;
        for (var separator : new String[] {"---", "--", "-", "|", ":", ">", "»", "##"}) {
            if (!line.startsWith(separator, at)) continue;
            var end = at + separator.length();
            if (" \0".indexOf(Chars.at(line, end)) < 0 && "|##".indexOf(separator) < 0) return false;
            next = end;
            named |= separator.equals(":");
            if (ruby && separator.equals("--")) program(Chars.blanks(line, end));
            return true;
        }
        return false;
    }

    /** {@code sync:} after the dashes of Ruby's logger. */
    private void program(int at) {
        var end = at;
        while (Chars.isWord(Chars.at(line, end)) || Chars.at(line, end) == '-') end++;
        if (Chars.at(line, end) == ':') next = end + 1;
        named = true;
    }

    /** The number of a process, or a place such as {@code main.go:12:}. */
    private boolean number(int at) {
        if (!stamped || (at == next && next > 0)) return false;
        var end = Chars.digits(line, at);
        if (end == at || end - at > 8) return false;
        var level = Chars.blanks(line, end);
        // A number without another part of a prefix after it is the first word of the text.
        if (this.level == Level.NONE && !Chars.isUpper(Chars.at(line, level)) && Chars.at(line, level) != '[')
            return false;
        if (this.level != Level.NONE && !line.startsWith("---", level) && Chars.at(line, level) != '[') return false;
        next = end;
        return true;
    }

    /** {@code host app[12]:} after the time of a syslog line. */
    private boolean syslog(int at) {
        if (!stamped || level != Level.NONE) return false;
        var end = Chars.find(line, "]: ", at, 80);
        var open = end < 0 ? -1 : line.lastIndexOf('[', end);
        if (open <= at || Chars.digits(line, open + 1) != end) return false;
        if (!Chars.isUpper(line.charAt(0)) && !LoggerName.isBehindHost(line.substring(at, open))) return false;
        next = end + 2;
        return true;
    }
}
