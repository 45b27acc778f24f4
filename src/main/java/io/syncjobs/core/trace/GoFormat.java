package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** {@code panic:} or {@code fatal error:}, then the goroutines, as many as there were. */
final class GoFormat implements Format {
    private static final Pattern OF_GOROUTINE = Pattern.compile("goroutine \\d+ |created by |\t\\S+\\.(go|s):\\d+");

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var line = lines.get(i);
            if (!line.startsWith("panic: ") && !line.startsWith("fatal error: ")) continue;
            if (!hasGoroutine(lines, i)) continue;
            var colon = line.indexOf(": ");
            var message = line.substring(colon + 2).replaceFirst(" \\[recovered.*\\]$", "");
            return Optional.of(new Found(end(lines, i), line.substring(0, colon), message));
        }
        return Optional.empty();
    }

    /** The last line of its goroutines: what comes after it was written by somebody else. */
    private static int end(List<String> lines, int panic) {
        return IntStream.range(panic, lines.size())
                .filter(i -> OF_GOROUTINE.matcher(lines.get(i)).lookingAt())
                .max()
                .orElse(panic);
    }

    private static boolean hasGoroutine(List<String> lines, int from) {
        return lines.subList(from, Math.min(lines.size(), from + 12)).stream()
                .anyMatch(line -> line.startsWith("goroutine "));
    }
}
