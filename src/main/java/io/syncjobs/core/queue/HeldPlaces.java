package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import java.util.Optional;

/**
 * The places of a queue that are held by jobs of which no worker can start: what keeps them keeps all that wait behind them.
 *
 * @param occupied places that are taken
 * @param stuck how many of them are held so
 * @param first one of those jobs, by name
 */
public record HeldPlaces(int occupied, int stuck, Optional<JobEntry> first) {

    public static HeldPlaces of(QueueIndex queue) {
        var stuck = queue.stuck();
        return new HeldPlaces(
                queue.heldByJobs(), stuck.size(), stuck.isEmpty() ? Optional.empty() : Optional.of(stuck.first()));
    }

    public boolean all() {
        return stuck > 0 && stuck == occupied;
    }

    /** Why the first of them cannot start. */
    public Optional<String> reason() {
        return first.map(HeldPlaces::told);
    }

    /** In words; empty where no place is held so. */
    public String words() {
        return first.map(job -> stuck + " of its " + occupied + " taken places "
                        + (stuck == 1 ? "is held by a job of which the pod" : "are held by jobs of which the pods")
                        + " cannot start: " + job.name() + ", " + told(job))
                .orElse("");
    }

    private static String told(JobEntry job) {
        return requireNonNullElse(job.told(), "");
    }
}
