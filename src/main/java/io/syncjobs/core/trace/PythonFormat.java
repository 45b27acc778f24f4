package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Traceback}, frames, then {@code Type: message} at the left edge; chained exceptions stand above the one that ended. */
final class PythonFormat implements Format {
    private static final int FRAME_LINES = 2_000;

    @Override
    public Optional<Found> find(List<String> lines) {
        var errors = new ArrayList<Found>();
        var frame = -1;
        var chained = false;
        for (var i = 0; i < lines.size(); i++) {
            var line = withoutGroup(lines.get(i));
            if (line.startsWith("  File \"")) {
                frame = i;
            } else if (line.contains("exception was the direct cause of")
                    || line.startsWith("During handling of the above")) {
                chained = !errors.isEmpty();
            } else if (frame >= 0 && i - frame < FRAME_LINES && !line.isBlank() && !line.startsWith(" ")) {
                var match = TYPE_AND_MESSAGE.matcher(line);
                frame = -1;
                if (!match.matches()) continue;
                var error = new Found(i, match.group(1), match.group(2) == null ? "" : match.group(2));
                var cause = chained ? errors.getLast() : null;
                errors.add(error);
                if (cause != null) errors.add(error.causedBy(cause.type(), firstOf(cause.message())));
                chained = false;
            }
        }
        return errors.isEmpty() ? Optional.empty() : Optional.of(errors.getLast());
    }

    /** The lines of an exception group stand behind a bar. */
    private static String withoutGroup(String line) {
        var bar = line.indexOf("| ");
        return bar >= 0 && line.substring(0, bar).isBlank() ? line.substring(bar + 2) : line;
    }

    private static String firstOf(String message) {
        var cause = message.indexOf(" (caused by ");
        return cause < 0 ? message : message.substring(0, cause);
    }
}
