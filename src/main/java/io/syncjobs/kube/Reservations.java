package io.syncjobs.kube;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which reservations this process has written in this life, and what became of their pods. Only they may be turned into
 * pods: after a crash nobody knows whether a create is still on its way.
 */
public final class Reservations {
    private record Entry(int attempt, Reservation reservation) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Notes what is known of the reservation of {@code attempt}. */
    public void note(SyncJob job, int attempt, Reservation reservation) {
        entries.put(job.getMetadata().getUid(), new Entry(attempt, reservation));
    }

    /** What is known of the job's current reservation. */
    public Reservation of(SyncJob job) {
        var entry = entries.get(job.getMetadata().getUid());
        if (entry == null) return new Reservation.Foreign();
        var attempt = Objects.requireNonNullElse(Observation.statusOf(job).attempt(), 0);
        var sending = entry.reservation() instanceof Reservation.Sending;
        return sending || entry.attempt() == attempt ? entry.reservation() : new Reservation.Foreign();
    }

    /** Forgets the reservation of {@code attempt}; a later one, which may have been noted meanwhile, stays. */
    public void forget(SyncJob job, int attempt) {
        entries.computeIfPresent(job.getMetadata().getUid(), (uid, entry) -> entry.attempt() == attempt ? null : entry);
    }

    /** The uids of the jobs that something is known of. */
    public Set<String> uids() {
        return Set.copyOf(entries.keySet());
    }

    /** Forgets jobs that were deleted. */
    public void forget(Set<String> uids) {
        entries.keySet().removeAll(uids);
    }
}
