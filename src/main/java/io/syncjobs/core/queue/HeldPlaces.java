package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import java.util.Optional;

/**
 * The places of a queue that are held by jobs whose pods cannot start. While they do, the other jobs of the queue wait for
 * places.
 *
 * @param occupied the number of places that jobs take
 * @param stuck how many of these are held by such jobs
 * @param first the first of such jobs by name
 */
public record HeldPlaces(int occupied, int stuck, Optional<JobEntry> first) {

    /** The places of a queue as the index has them. */
    public static HeldPlaces of(QueueIndex queue) {
        var stuck = queue.stuck();
        return new HeldPlaces(
                queue.heldByJobs(), stuck.size(), stuck.isEmpty() ? Optional.empty() : Optional.of(stuck.first()));
    }

    /** True if such jobs hold all places that are taken, and there are some. */
    public boolean all() {
        return stuck > 0 && stuck == occupied;
    }

    /** Why the first of them cannot start. */
    public Optional<String> reason() {
        return first.map(HeldPlaces::told);
    }

    /** A sentence about these places; empty if there are none. */
    public String words() {
        return first.map(job -> stuck + " of its " + occupied + " taken places "
                        + (stuck == 1 ? "is held by a job whose pod" : "are held by jobs whose pods")
                        + " cannot start: " + job.name() + ", " + told(job))
                .orElse("");
    }

    private static String told(JobEntry job) {
        return requireNonNullElse(job.told(), "");
    }
}
