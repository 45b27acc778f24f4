package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** A JSON object over several lines, from a brace at the end of a line to one at the left edge: the answer of a server. */
final class JsonAnswer implements Format {
    private static final int LINES = 200;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        var begin = -1;
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            if (text.startsWith("}") && begin >= 0) {
                if (i - begin <= LINES) read(log, begin, i, found);
                begin = -1;
            }
            if (text.endsWith("{") && !text.startsWith(" ")) begin = i;
        }
        return found;
    }

    private static void read(Log log, int begin, int end, List<Found> found) {
        var text = new StringBuilder("{\n");
        for (var i = begin + 1; i < end; i++) text.append(log.text(i)).append('\n');
        text.append('}');
        if (log.level(begin) == Level.WARN) return;
        Json.object(text.toString()).ifPresent(answer -> {
            var weight =
                    JsonFormat.tellsOfError(answer) || log.isRefusal(end + 1) ? Found.Weight.LINE : Found.Weight.WORDS;
            var error = JsonError.read(answer, end, weight);
            var tells = weight == Found.Weight.LINE || JsonFormat.soundsLikeError(answer);
            if (!tells || error.message().isEmpty()) return;
            var type = Header.isException(error.type()) ? error.type() : "";
            found.add(new Found(end + (log.isRefusal(end + 1) ? 1 : 0), weight, type, error.message(), ""));
        });
    }
}
