package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** {@code level=error msg="the export failed" error="…"}: the fields are read like those of a JSON object. */
final class LogfmtFormat implements Format {
    private static final int LONGEST = 1_024;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (!text.contains("level=") && !text.contains("lvl=") && !text.contains("severity=")) continue;
            var entry = parse(text);
            var level = Json.level(entry);
            if (!level.atLeast(Level.ERROR)) continue;
            var error = JsonError.read(entry, i, Found.Weight.BLOCK);
            if (error.type().isEmpty() && error.message().isEmpty()) continue;
            var untyped = level == Level.FATAL ? Found.Weight.FATAL : Found.Weight.LINE;
            found.add(error.at(i, error.type().isEmpty() ? untyped : Found.Weight.BLOCK));
        }
        return found;
    }

    static ObjectNode parse(String line) {
        var entry = JsonNodeFactory.instance.objectNode();
        var i = 0;
        while (i < line.length()) {
            var begin = Chars.blanks(line, i);
            var end = begin;
            while (end < line.length() && line.charAt(end) > ' ' && line.charAt(end) != '=') end++;
            if (Chars.at(line, end) != '=') {
                i = end + 1;
                continue;
            }
            var value = new StringBuilder();
            i = value(line, end + 1, value);
            entry.put(line.substring(begin, end), value.toString());
        }
        return entry;
    }

    /** Where {@code ShopError('order 7 is locked')} ends, an object as Python writes it; the same position if there is none. */
    private static int representedEnd(String line, int from) {
        var open = from;
        while (Chars.isWord(Chars.at(line, open)) || Chars.at(line, open) == '.') open++;
        var quote = Chars.at(line, open + 1);
        if (open == from || Chars.at(line, open) != '(' || "'\"".indexOf(quote) < 0) return from;
        var end = Chars.find(line, quote + ")", open + 2, LONGEST);
        return end < 0 ? from : end + 2;
    }

    private static int value(String line, int from, StringBuilder value) {
        var i = from;
        var quote = Chars.at(line, i);
        // Python's structlog writes the values as Python does.
        if (quote != '"' && quote != '\'') {
            var end = representedEnd(line, i);
            while (i < line.length() && (line.charAt(i) != ' ' || i < end)) value.append(line.charAt(i++));
            return i;
        }
        for (i++; i < line.length() && line.charAt(i) != quote; i++) {
            var c = line.charAt(i);
            if (c != '\\' || i + 1 == line.length()) value.append(c);
            else
                value.append(
                        switch (line.charAt(++i)) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            default -> line.charAt(i);
                        });
        }
        return i + 1;
    }
}
