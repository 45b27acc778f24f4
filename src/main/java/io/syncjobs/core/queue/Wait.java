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
 * @param facts the details at this moment; empty if the job's status has its own message for this reason, which is kept
 * @param remedies what a person can do about it
 * @param until set if the passing of time alone will change that
 */
public record Wait(Reason reason, String facts, List<Remedy> remedies, Optional<Instant> until) {
    Wait(Reason reason, String facts, Remedy... remedies) {
        this(reason, facts, List.of(remedies), Optional.empty());
    }

    Wait until(Instant time) {
        return new Wait(reason, facts, remedies, Optional.of(time));
    }

    /** True if the message in the job's status is kept, because it cannot be computed anew. */
    public boolean stands() {
        return facts.isEmpty();
    }

    /** The whole message. */
    public String text() {
        return Stream.concat(Stream.of(facts), remedies.stream().map(Remedy::text))
                .collect(Collectors.joining("; "));
    }
}
