package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code Fatal error: Uncaught Type: message in file:line}; what followed from it stands behind {@code Next}. */
final class PhpFormat implements Format {
    private static final Pattern UNCAUGHT =
            Pattern.compile("^.{0,80}Uncaught ([A-Z\\\\][\\w\\\\]*)(?:: (.*))? in \\S+:\\d+$");
    private static final Pattern NEXT = Pattern.compile("^Next ([A-Z\\\\][\\w\\\\]*)(?:: (.*))? in \\S+:\\d+$");

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var match = UNCAUGHT.matcher(lines.get(i));
            if (match.matches()) {
                return Optional.of(
                        ended(lines, new Found(i, match.group(1), match.group(2) == null ? "" : match.group(2))));
            }
        }
        return Optional.empty();
    }

    private static Found ended(List<String> lines, Found root) {
        for (var i = lines.size() - 1; i > root.last(); i--) {
            var match = NEXT.matcher(lines.get(i));
            if (match.matches()) {
                return new Found(i, match.group(1), match.group(2) == null ? "" : match.group(2))
                        .causedBy(root.type(), root.message());
            }
        }
        return root;
    }
}
