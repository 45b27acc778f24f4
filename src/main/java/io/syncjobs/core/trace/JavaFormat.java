package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;

/** {@code Type: message}, then frames behind a tab, then {@code Caused by:}; Kotlin and Scala print the same. */
final class JavaFormat implements Format {
    private static final int MESSAGE_LINES = 10;
    private static final String THREAD = "Exception in thread \"";

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i > 0; i--) {
            if (isFrame(lines.get(i)) && !isInside(lines.get(i - 1))) {
                var found = header(lines, i);
                if (found.isPresent()) return Optional.of(withCause(found.get(), lines, i));
            }
        }
        return Optional.empty();
    }

    private static boolean isFrame(String line) {
        return line.startsWith("\tat ");
    }

    /** True for a line that another trace goes on from: a frame, a cause or what was suppressed. */
    private static boolean isInside(String line) {
        return isFrame(line) || line.startsWith("\t") || line.startsWith("Caused by: ");
    }

    /** A message may have several lines: the header is the nearest line above that looks like one. */
    private static Optional<Found> header(List<String> lines, int frame) {
        for (var i = frame - 1; i >= Math.max(0, frame - MESSAGE_LINES); i--) {
            var line = lines.get(i);
            if (line.startsWith("Caused by: ")) return Optional.empty();
            if (line.startsWith(THREAD)) line = line.substring(Math.max(0, line.indexOf("\" ", THREAD.length()) + 2));
            var match = TYPE_AND_MESSAGE.matcher(line);
            if (match.matches() && isExceptionLike(match.group(1), i == frame - 1)) {
                return Optional.of(new Found(frame, match.group(1), match.group(2) == null ? "" : match.group(2)));
            }
        }
        return Optional.empty();
    }

    private static boolean isExceptionLike(String type, boolean directlyAbove) {
        return directlyAbove || type.endsWith("Exception") || type.endsWith("Error");
    }

    private static Found withCause(Found found, List<String> lines, int frame) {
        var cause = "";
        var last = frame;
        for (var i = frame; i < lines.size() && isInside(lines.get(i)); i++) {
            if (lines.get(i).startsWith("Caused by: ")) cause = lines.get(i).substring("Caused by: ".length());
            last = i;
        }
        var match = TYPE_AND_MESSAGE.matcher(cause);
        var whole = new Found(last, found.type(), found.message());
        if (cause.isEmpty() || !match.matches()) return whole;
        return whole.causedBy(match.group(1), match.group(2) == null ? "" : match.group(2));
    }
}
