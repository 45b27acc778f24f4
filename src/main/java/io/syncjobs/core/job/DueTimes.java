package io.syncjobs.core.job;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import java.time.Instant;
import java.util.Optional;

/** The earliest time at which a waiting job may run. */
public final class DueTimes {
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private DueTimes() {}

    /** The time that a retry or a requeue set; otherwise the job's eta. */
    public static Optional<Instant> of(SyncJob job) {
        var next = JobFields.statusOf(job).nextAttemptTime();
        return next != null
                ? Optional.of(next)
                : Optional.ofNullable(job.getSpec().eta()).map(DueTimes::moment);
    }

    /** A time zone offset may move an eta out of the years that the API server accepts in a status, so it is clamped. */
    private static Instant moment(String eta) {
        var moment = Instant.parse(eta);
        if (moment.isBefore(Instant.EPOCH)) return Instant.EPOCH;
        return moment.isAfter(LAST) ? LAST : moment;
    }
}
