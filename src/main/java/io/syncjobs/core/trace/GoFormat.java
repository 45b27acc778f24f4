package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;

/** {@code panic:} or {@code fatal error:}, then the goroutines, as many as there were. */
final class GoFormat implements Format {
    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var line = lines.get(i);
            if (!line.startsWith("panic: ") && !line.startsWith("fatal error: ")) continue;
            if (!hasGoroutine(lines, i)) continue;
            var colon = line.indexOf(": ");
            var message = line.substring(colon + 2).replaceFirst(" \\[recovered.*\\]$", "");
            // A panic ends the program: whatever follows belongs to it.
            return Optional.of(new Found(lines.size() - 1, line.substring(0, colon), message));
        }
        return Optional.empty();
    }

    private static boolean hasGoroutine(List<String> lines, int from) {
        return lines.subList(from, Math.min(lines.size(), from + 12)).stream()
                .anyMatch(line -> line.startsWith("goroutine "));
    }
}
