package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** The lines of a trace that a logger got one by one: each has a prefix, but only the first of them begins a message. */
final class Continuations {
    private Continuations() {}

    /** The lines; from the first frame on, what is indented belongs to the line above. */
    static List<Line> read(List<Line> lines) {
        var read = new ArrayList<Line>(lines.size());
        var inTrace = false;
        for (var line : lines) {
            var text = line.text();
            inTrace = line.headed() && Chars.indent(text) > 0 && (inTrace || isFrame(text));
            read.add(inTrace ? new Line(text, line.level(), false) : line);
        }
        return read;
    }

    private static boolean isFrame(String text) {
        return Frame.of(text) != Frame.NONE
                || text.startsWith("  File \"")
                || text.startsWith("\tfrom ")
                || (text.startsWith("\t") && text.contains(".go:"));
    }
}
