package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code file:line:in 'method': message (Type)}, then {@code from} lines; a cause follows in the same form. */
final class RubyFormat implements Format {
    private static final Pattern HEADER =
            Pattern.compile("^[^\\s:][^:]*:\\d+:in [`'][^']*': (.*) \\(([A-Z][\\w:]*)\\)$");

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var last = HEADER.matcher(lines.get(i));
            if (!last.matches()) continue;
            var first = first(lines, i, last);
            var found = new Found(i, first.group(2), first.group(1));
            return Optional.of(first == last ? found : found.causedBy(last.group(2), last.group(1)));
        }
        return Optional.empty();
    }

    /** The header of the error that ended the program stands above those of its causes. */
    private static Matcher first(List<String> lines, int from, Matcher last) {
        var first = last;
        for (var i = from - 1; i >= 0; i--) {
            var match = HEADER.matcher(lines.get(i));
            if (match.matches()) first = match;
            else if (!lines.get(i).startsWith("\tfrom ")) break;
        }
        return first;
    }
}
