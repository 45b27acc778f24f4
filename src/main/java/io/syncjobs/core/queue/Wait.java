package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a job waits.
 *
 * @param facts what is so at this moment; empty where its status has words of its own for this reason, which stand
 * @param remedies what can be done about it
 * @param until set where time alone will change that
 */
public record Wait(Reason reason, String facts, List<Remedy> remedies, Optional<Instant> until) {
    Wait(Reason reason, String facts, Remedy... remedies) {
        this(reason, facts, List.of(remedies), Optional.empty());
    }

    Wait until(Instant time) {
        return new Wait(reason, facts, remedies, Optional.of(time));
    }

    /** True where its status already says so in words that cannot be made anew. */
    public boolean stands() {
        return facts.isEmpty();
    }

    /** In words. */
    public String text() {
        return Stream.concat(Stream.of(facts), remedies.stream().map(Remedy::text))
                .collect(Collectors.joining("; "));
    }
}
