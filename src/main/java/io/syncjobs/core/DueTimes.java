package io.syncjobs.core;

import io.syncjobs.api.SyncJob;
import java.time.Instant;
import java.util.Optional;

/** From when on a waiting job may run. */
public final class DueTimes {
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private DueTimes() {}

    /** What a retry or a requeue set, else its eta. */
    public static Optional<Instant> of(SyncJob job) {
        var next = Observation.statusOf(job).nextAttemptTime();
        return next != null
                ? Optional.of(next)
                : Optional.ofNullable(job.getSpec().eta()).map(DueTimes::moment);
    }

    /** An offset may lead out of the years that the API server takes in a status: what is so far away may be a bit nearer. */
    private static Instant moment(String eta) {
        var moment = Instant.parse(eta);
        if (moment.isBefore(Instant.EPOCH)) return Instant.EPOCH;
        return moment.isAfter(LAST) ? LAST : moment;
    }
}
