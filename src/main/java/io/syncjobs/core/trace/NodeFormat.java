package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code Type: message}, then frames behind four blanks; causes stand in braces behind {@code [cause]:}. */
final class NodeFormat implements Format {
    private static final int MESSAGE_LINES = 10;
    private static final Pattern HEADER =
            Pattern.compile("^(?:Uncaught )?([A-Z][\\w$]*)(?: \\[[\\w-]+\\])?(?:: (.*))?$");
    private static final Pattern CAUSE =
            Pattern.compile("^\\s+\\[cause\\]: ([A-Z][\\w$]*)(?: \\[[\\w-]+\\])?(?:: (.*))?$");

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i > 0; i--) {
            if (!isFrame(lines.get(i)) || isFrame(lines.get(i - 1))) continue;
            for (var above = i - 1; above >= Math.max(0, i - MESSAGE_LINES); above--) {
                var match = HEADER.matcher(lines.get(above));
                if (match.matches()) {
                    var message = match.group(2) == null ? "" : match.group(2);
                    return Optional.of(withCause(new Found(i, match.group(1), message), lines));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFrame(String line) {
        return line.startsWith("    at ");
    }

    private static Found withCause(Found found, List<String> lines) {
        for (var i = lines.size() - 1; i > found.last(); i--) {
            var match = CAUSE.matcher(lines.get(i));
            if (match.matches()) return found.causedBy(match.group(1), match.group(2) == null ? "" : match.group(2));
        }
        return found;
    }
}
