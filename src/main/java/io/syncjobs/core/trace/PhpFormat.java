package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Fatal error: Uncaught Type: message in file:line}; an error that followed from it comes after {@code Next}. */
final class PhpFormat implements Format {
    private static final String UNCAUGHT = "Uncaught ";
    private static final String NEXT = "Next ";
    private static final String QUOTED = "exception '";

    /** {@code Uncaught SoapFault exception: [code] text} is how PHP writes the fault of a SOAP service. */
    private static final String FAULT = " exception: ";

    private static final String WITH = "' with message '";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = plain(log.text(i));
            var fatal = isQuoted(text) ? 0 : fatal(text);
            if (fatal < 0) {
                var bare = bare(log, i);
                bare.ifPresent(found::add);
                if (bare.isPresent()) i = bare.get().last();
                continue;
            }
            var uncaught = Chars.find(text, UNCAUGHT, fatal, 12);
            if (isQuoted(text)) uncaught = -UNCAUGHT.length();
            var block = uncaught == -1
                    ? Optional.of(Found.line(
                            i,
                            Found.Weight.BLOCK,
                            withoutPlace(text.substring(fatal).strip())))
                    : uncaught(log, i, uncaught + UNCAUGHT.length());
            block.ifPresent(found::add);
            if (block.isPresent()) i = block.get().last();
        }
        return found;
    }

    /** {@code exception 'Type' with message 'text'}, as PHP 5 and some frameworks write it. */
    private static boolean isQuoted(String text) {
        return text.regionMatches(true, 0, QUOTED, 0, QUOTED.length()) && text.contains(WITH);
    }

    private static Optional<Header> quoted(String text) {
        var with = text.indexOf(WITH);
        var end = text.lastIndexOf("'");
        var begin = with + WITH.length();
        return Optional.of(new Header(
                text.substring(QUOTED.length(), with), text.substring(begin, end < begin ? text.length() : end)));
    }

    /** The text without the HTML tags that PHP writes for a browser. */
    private static String plain(String text) {
        return text.indexOf("<b>") < 0 && text.indexOf("<br") < 0
                ? text
                : text.replace("<b>", "").replace("</b>", "").replace("<br />", "");
    }

    /** An exception that the program printed itself. Only the trace below shows that it is one. */
    private static Optional<Found> bare(Log log, int line) {
        var text = log.text(line);
        if (!log.text(line + 1).startsWith("Stack trace:") || withoutPlace(text).equals(text)) return Optional.empty();
        var uncaught = text.indexOf(UNCAUGHT);
        var next = text.startsWith(NEXT) ? NEXT.length() : uncaught < 0 ? 0 : uncaught + UNCAUGHT.length();
        var header = Header.of(text.substring(next)).isPresent()
                ? Optional.of(next)
                : Header.within(text).map(one -> text.indexOf(one.type()));
        return header.flatMap(from -> uncaught(log, line, from));
    }

    /** The position after {@code PHP Fatal error: }. PHP writes its name in the log, and not on the screen. */
    private static int fatal(String text) {
        for (var word : new String[] {"Fatal error: ", "Parse error: ", "Recoverable fatal error: "}) {
            var at = Chars.find(text, word, 0, 60);
            // OCaml begins so.
            if (at >= 0 && text.startsWith("exception ", at + word.length())) continue;
            if (at >= 0 && (at == 0 || text.startsWith("PHP ", at - 4) || text.startsWith("<b>", at - 3)))
                return at + word.length();
        }
        var uncaught = Chars.find(text, UNCAUGHT, 0, 60);
        var own = uncaught == 0 ? text.contains(" in /") : text.startsWith("PHP ");
        return own ? uncaught : -1;
    }

    private static Optional<Found> uncaught(Log log, int line, int from) {
        var header = header(log, line, from);
        if (header.isEmpty()) return Optional.empty();
        var outer = header.get();
        var root = Optional.<Header>empty();
        var last = line;
        for (var i = line + 1; i < log.size() && i < last + Log.MESSAGE_LINES; i++) {
            var text = log.text(i);
            if (text.startsWith(NEXT)) {
                var next = header(log, i, NEXT.length());
                if (root.isEmpty() && next.isPresent()) root = header;
                outer = next.orElse(outer);
                last = i;
            } else if (text.startsWith("Stack trace:") || text.startsWith("#")) {
                last = i;
            } else if (text.startsWith("  thrown in ")) {
                last = i;
                break;
            } else if (i > line && fatal(text) >= 0) {
                break;
            }
        }
        var plain = Found.block(last, outer);
        return Optional.of(root.map(plain::causedBy).orElse(plain));
    }

    /** A message ends at {@code in file:line}, on this line or on a later one. */
    private static Optional<Header> header(Log log, int line, int from) {
        var first = plain(log.text(line)).substring(from);
        var end = line + 1;
        while (end < Math.min(log.size(), line + Log.MESSAGE_LINES)
                && !log.text(end).startsWith("Stack trace:")) end++;
        var placed = withoutPlace(first);
        if (isQuoted(placed)) return quoted(placed);
        var anonymous = placed.indexOf("@anonymous");
        var colon = anonymous < 0 ? -1 : placed.indexOf(": ", anonymous);
        if (colon > 0) return Optional.of(new Header(placed.substring(0, anonymous + 10), placed.substring(colon + 2)));
        var fault = placed.indexOf(FAULT);
        if (fault > 0 && placed.lastIndexOf(' ', fault - 1) < 0)
            return Optional.of(new Header(placed.substring(0, fault), placed.substring(fault + FAULT.length())));
        var header = Header.of(placed);
        if (header.isEmpty()) return Optional.of(new Header("", placed));
        var told = placed.length() < first.length()
                ? header.get().message()
                : log.message(header.get().message(), line, end);
        return Optional.of(new Header(header.get().type(), withoutPlace(told)));
    }

    static String withoutPlace(String text) {
        var in = text.lastIndexOf(" in ");
        if (in < 0) return text;
        var place = text.substring(in + 4);
        var line = place.lastIndexOf(" on line ");
        if (line > 0 && Chars.digits(place, line + 9) == place.length()) return text.substring(0, in);
        var colon = place.lastIndexOf(':');
        var isPlace = place.indexOf(' ') < 0 && colon > 0 && Chars.digits(place, colon + 1) == place.length();
        return isPlace ? text.substring(0, in) : text;
    }
}
