package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** {@code In File.php line 9:} and a box below, in brackets the class where it is verbose: Symfony's and Laravel's console. */
final class SymfonyFormat implements Format {
    private static final int BOX = 14;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            if (isTitle(log, i))
                found.add(Found.block(
                        i + 4, new Header(log.text(i).strip(), log.text(i + 2).strip())));
            if (!isPlace(log.text(i))) continue;
            var header = box(log, i);
            if (header.type().isEmpty() && header.message().isEmpty()) continue;
            // The errors behind the first one follow in boxes of their own.
            if (!found.isEmpty() && i - found.getLast().last() < BOX + 3) {
                var outer = found.removeLast();
                var known = outer.message().contains("(caused by ");
                found.add((known ? outer : outer.causedBy(header)).at(i + 3, outer.weight()));
            } else {
                found.add(Found.block(Math.min(i + 3, log.size() - 1), header));
            }
        }
        return found;
    }

    /** Laravel's console: the class on a line of its own, the message, then {@code at file:line}. */
    private static boolean isTitle(Log log, int line) {
        var text = log.text(line);
        var named = text.startsWith("   ")
                && Header.of(text.strip())
                        .filter(one -> one.message().isEmpty())
                        .isPresent();
        return named
                && log.isBlank(line + 1)
                && !log.isBlank(line + 2)
                && log.isBlank(line + 3)
                && log.text(line + 4).strip().startsWith("at ");
    }

    private static boolean isPlace(String line) {
        var text = line.strip();
        return text.startsWith("In ")
                && text.endsWith(":")
                && text.indexOf(" line ") > 0
                && Chars.isDigit(text.charAt(text.length() - 2));
    }

    private static Header box(Log log, int place) {
        var type = "";
        var message = new StringBuilder();
        for (var i = place + 1; i < Math.min(log.size(), place + BOX); i++) {
            var line = log.text(i);
            var text = line.strip();
            if (text.isEmpty() && !message.isEmpty()) break;
            if (text.isEmpty()) continue;
            if (!line.startsWith("  ") || isPlace(line)) break;
            if (message.isEmpty() && type.isEmpty() && text.startsWith("[") && text.endsWith("]"))
                type = withoutCode(text.substring(1, text.length() - 1));
            else message.append(message.isEmpty() ? "" : " ").append(text);
        }
        return new Header(type, message.toString());
    }

    /** {@code Type (422)}. */
    private static String withoutCode(String type) {
        var blank = type.indexOf(' ');
        return blank < 0 ? type : type.substring(0, blank);
    }
}
