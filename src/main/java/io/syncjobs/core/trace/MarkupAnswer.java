package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code <faultstring>…</faultstring>}, {@code <title>502 Bad Gateway</title>}: the answer of a server in XML or HTML. */
final class MarkupAnswer implements Format {
    private static final Set<String> NAMES = Set.of(
            "faultstring",
            "message",
            "detail",
            "title",
            "h1",
            "text",
            "reason",
            "description",
            "error",
            "errormessage",
            "errortext",
            "shortmessage",
            "longmessage",
            "statusmessage");

    /** What stands in these is an error whatever it says. */
    private static final Set<String> SURE = Set.of("faultstring", "errormessage", "errortext");

    /** The elements of an error, which have others in them. */
    private static final Set<String> FAULTS = Set.of("fault", "error", "exception", "serviceexception");

    private static final int LINES = 30;

    private static final String FAULT = "<name>faultString</name>";
    private static final String CDATA = "<![CDATA[";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        var fault = -LINES;
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (!isMarkup(text.strip())) continue;
            var inside = i - fault < LINES;
            if (read(text, last(log, i), inside, found) && !inside) fault = i;
            if (text.contains(FAULT)) fault(log, i).ifPresent(found::add);
        }
        return found;
    }

    /** The line of the answer; if curl tells below the answer that a server refused, that line. */
    private static int last(Log log, int line) {
        var end = line;
        while (end < line + LINES && isMarkup(log.text(end).strip())) end++;
        return log.isRefusal(end) ? end : line;
    }

    /** The value of the member that a fault of XML-RPC tells, on this line or on one below. */
    private static Optional<Found> fault(Log log, int line) {
        for (var i = line; i < line + 4; i++) {
            var text = log.text(i);
            var value = text.indexOf("<value>", i == line ? text.indexOf(FAULT) : 0);
            if (value < 0) continue;
            var begin = value + "<value>".length();
            if (text.startsWith("<string>", begin)) begin += "<string>".length();
            return Optional.of(Found.line(i, Found.Weight.LINE, content(text, begin)));
        }
        return Optional.empty();
    }

    static boolean isMarkup(String said) {
        var first = Chars.at(said, 1);
        return said.startsWith("<")
                && said.endsWith(">")
                && (Chars.isLower(first) || Chars.isUpper(first) || "/!?".indexOf(first) >= 0);
    }

    /**
     * {@code <soap:Fault>}, {@code <Error>}: what is told in it is an error whatever it says. Reads the elements of a line, and returns
     * true if one of them is such an element.
     */
    private static boolean read(String text, int line, boolean inFault, List<Found> found) {
        var faulty = inFault;
        var close = -1;
        var told = "";
        for (int open = text.indexOf('<'), next; open >= 0; open = next) {
            next = text.indexOf('<', open + 1);
            if (close < open) close = text.indexOf('>', open);
            if (close < 0) break;
            // What another sign follows is no element.
            if (next >= 0 && next < close) continue;
            var name = name(text, open + 1);
            if (FAULTS.contains(name) && text.charAt(close - 1) != '/' && !text.startsWith("</", close + 1))
                faulty = true;
            // It lists them; a text in it is only how many there were.
            if (name.equals("errors") && content(text, close + 1).isEmpty() && !text.startsWith("</", close + 1))
                faulty = true;
            var said = NAMES.contains(name) ? content(text, close + 1) : "";
            var sounds = Phrases.soundsLikeError(said);
            // eBay says it twice, and Spring says the status first.
            var better = (sounds && name.equals("longmessage")) || (name.equals("message") && told.equals("error"));
            if (better && !said.isBlank() && !found.isEmpty() && found.getLast().last() == line) {
                found.removeLast();
                sounds = true;
            }
            if (sounds || ((faulty || SURE.contains(name)) && !said.isBlank())) {
                found.add(Found.line(line, Found.Weight.LINE, said));
                told = name;
            }
        }
        return faulty;
    }

    /** The name of an element without the prefix of its namespace. */
    private static String name(String text, int from) {
        var end = from;
        while (Chars.isWord(Chars.at(text, end)) || ":-".indexOf(Chars.at(text, end)) >= 0) end++;
        var name = text.substring(from, end);
        return name.substring(name.indexOf(':') + 1).toLowerCase(Locale.ROOT);
    }

    private static String content(String text, int from) {
        var marked = text.startsWith(CDATA, from);
        var begin = marked ? from + CDATA.length() : from;
        var end = text.indexOf(marked ? "]]>" : "<", begin);
        var said = text.substring(begin, end < 0 ? text.length() : end).strip();
        return marked ? said : Entities.decoded(said);
    }
}
