package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code In File.php line 9:} and a box below, in brackets the class where it is verbose: Symfony's and Laravel's console. */
final class SymfonyFormat implements Format {
    private static final int BOX = 14;
    private static final int WIDTH = 79;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var place = titleEnd(log, i);
            if (place > 0)
                found.add(Found.block(
                        place, new Header(log.text(i).strip(), log.message(log.text(i + 2), i + 2, place))));
            ofCodeIgniter(log, i).ifPresent(found::add);
            ofUsage(log, i).ifPresent(found::add);
            var bare = isBareBox(log, i);
            if (!bare && !isPlace(log.text(i))) continue;
            var header = box(log, bare ? i - 1 : i);
            if (header.type().isEmpty() && header.message().isEmpty()) continue;
            // The causes of the error follow in boxes of their own.
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

    /** Laravel's console: the class on a line of its own, the message, then {@code at file:line}; -1 if there is none. */
    private static int titleEnd(Log log, int line) {
        var text = log.text(line);
        var named = text.startsWith("   ")
                && Header.of(text.strip())
                        .filter(one -> one.message().isEmpty())
                        .isPresent();
        if (!named || !log.isBlank(line + 1) || log.isBlank(line + 2)) return -1;
        for (var i = line + 3; i < Math.min(log.size(), line + Log.MESSAGE_LINES); i++) {
            if (log.isBlank(i - 1) && log.text(i).startsWith("  at ")) return i;
        }
        return -1;
    }

    /** {@code   [Type]} begins a box: older consoles print no place above it. */
    private static boolean isBareBox(Log log, int line) {
        return log.text(line).startsWith("  [")
                && log.isBlank(line - 1)
                && !isPlace(log.text(line - 2))
                && log.text(line + 1).startsWith("  ")
                && !log.isBlank(line + 1)
                && isType(log.text(line));
    }

    /** A box as wide as its text, without a place above it: what is wrong with the arguments of a command, and its usage below. */
    private static Optional<Found> ofUsage(Log log, int line) {
        var width = log.text(line).length();
        if (width < 6 || !log.isBlank(line) || !log.text(line - 1).isEmpty()) return Optional.empty();
        var end = line;
        while (end < line + BOX
                && log.text(end).length() == width
                && log.text(end).startsWith("  ")) end++;
        var message = box(log, line).message();
        var usage = log.text(end).isEmpty() && log.text(end + 1).indexOf(" [") > 0;
        return end > line + 2 && log.isBlank(end - 1) && (usage || Phrases.soundsLikeError(message))
                ? Optional.of(Found.line(end - 1, Found.Weight.LINE, message))
                : Optional.empty();
    }

    /** {@code [Type]}, the message and {@code at file:line}, with empty lines between them. */
    private static Optional<Found> ofCodeIgniter(Log log, int line) {
        var text = log.text(line);
        return text.startsWith("[")
                        && isType(text)
                        && log.isBlank(line + 1)
                        && !log.isBlank(line + 2)
                        && log.text(line + 4).startsWith("at ")
                ? Optional.of(Found.block(
                        line + 4,
                        new Header(
                                text.strip().substring(1, text.strip().length() - 1),
                                log.text(line + 2).strip())))
                : Optional.empty();
    }

    private static boolean isType(String line) {
        var text = line.strip();
        return text.endsWith("]")
                && Header.of(text.substring(1, text.length() - 1).strip())
                        .filter(one -> one.message().isEmpty() && one.isException())
                        .isPresent();
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
            // The lines of a box that are empty between two parts of its text have another below them.
            if (text.isEmpty() && !message.isEmpty() && log.isBlank(i + 1)) break;
            if (text.isEmpty()) continue;
            if (!line.startsWith("  ") || isPlace(line)) break;
            if (message.isEmpty() && type.isEmpty() && text.startsWith("[") && text.endsWith("]"))
                type = withoutCode(text.substring(1, text.length() - 1).strip());
            else
                message.append(message.isEmpty() || isCutBefore(log, i) ? "" : " ")
                        .append(text);
        }
        return new Header(type, message.toString());
    }

    /** A line that is longer than a terminal is wide is cut within a word: the part before fills its line. */
    private static boolean isCutBefore(Log log, int line) {
        var above = log.text(line - 1);
        var end = above.length() - 2;
        return end >= WIDTH - 2
                && above.endsWith("  ")
                && above.charAt(end - 1) != ' '
                && !log.text(line).startsWith("   ");
    }

    /** {@code Type (422)}. */
    private static String withoutCode(String type) {
        var blank = type.indexOf(' ');
        return blank < 0 ? type : type.substring(0, blank);
    }
}
