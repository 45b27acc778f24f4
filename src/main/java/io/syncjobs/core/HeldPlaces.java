package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import java.util.Collection;
import java.util.Optional;

/**
 * The places of a queue that are held by jobs of which no worker can start: what keeps them keeps all that wait behind them.
 *
 * @param occupied places that are taken
 * @param stuck how many of them are held so
 * @param first one of those jobs, by name
 */
record HeldPlaces(int occupied, int stuck, Optional<SyncJob> first) {

    /** {@code jobs} are all of one queue. */
    static HeldPlaces of(Collection<SyncJob> jobs) {
        var occupied = 0;
        var stuck = 0;
        var first = Optional.<SyncJob>empty();
        for (var job : jobs) {
            if (!Observation.statusOf(job).state().occupying()) continue;
            occupied++;
            if (!isStuck(job)) continue;
            stuck++;
            first = first.filter(other -> name(other).compareTo(name(job)) < 0).or(() -> Optional.of(job));
        }
        return new HeldPlaces(occupied, stuck, first);
    }

    boolean all() {
        return stuck > 0 && stuck == occupied;
    }

    /** Why the first of them cannot start. */
    Optional<String> reason() {
        return first.map(job -> requireNonNullElse(Observation.statusOf(job).reason(), ""));
    }

    /** In words; empty where no place is held so. */
    String words() {
        return first.map(job -> stuck + " of its " + occupied + " taken places "
                        + (stuck == 1 ? "is held by a job of which the pod" : "are held by jobs of which the pods")
                        + " cannot start: " + name(job) + ", "
                        + Observation.statusOf(job).reason())
                .orElse("");
    }

    /** The same with what that job says. */
    String story() {
        return first.map(job ->
                        Text.message(words() + ": " + Observation.statusOf(job).message()))
                .orElse("");
    }

    private static boolean isStuck(SyncJob job) {
        var status = Observation.statusOf(job);
        return status.state() == State.ENQUEUED
                && status.reason() != null
                && !status.reason().equals(Reason.STOPPING.toString());
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getName();
    }
}
