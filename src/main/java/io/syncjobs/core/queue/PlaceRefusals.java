package io.syncjobs.core.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * The dry runs of places that the API server has refused, since the last one that it did not.
 *
 * @param first when the first one of them was refused
 * @param last when the last one was
 */
public record PlaceRefusals(Instant first, Instant last) {
    /** A new holder of the Lease is refused for seconds. What lasts longer does not pass by itself. */
    private static final Duration LASTING = Duration.ofMinutes(1);

    /** None so far. */
    public static final PlaceRefusals NONE = new PlaceRefusals(Instant.MAX, Instant.MIN);

    /** One more was refused. Nothing is asked while no job is due, so after a while without any they begin anew. */
    public PlaceRefusals and(Instant now) {
        return isRecent(now) ? new PlaceRefusals(first, now) : new PlaceRefusals(now, now);
    }

    /** True if every dry run was refused for a minute, and the last one not long ago: then jobs are told. */
    public boolean stand(Instant now) {
        return isRecent(now) && first.plus(LASTING).isBefore(last);
    }

    private boolean isRecent(Instant now) {
        return !equals(NONE) && now.isBefore(last.plus(LASTING));
    }
}
