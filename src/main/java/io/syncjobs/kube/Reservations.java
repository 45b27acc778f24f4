package io.syncjobs.kube;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which reservations this process has written in this life, and what became of their pods. Only they may be turned into
 * pods: after a crash nobody knows whether a create is still on its way.
 */
public final class Reservations {
    private record Entry(int attempt, Reservation reservation, boolean podGone) {
        Entry over(Entry before) {
            return new Entry(attempt, reservation, before.attempt == attempt && before.podGone);
        }
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Notes what is known of the reservation of {@code attempt}. */
    public void note(SyncJob job, int attempt, Reservation reservation) {
        var entry = new Entry(attempt, reservation, false);
        entries.merge(job.getMetadata().getUid(), entry, (before, next) -> next.over(before));
    }

    /** A pod of this attempt was there, and is gone. */
    public void podGone(String jobUid, int attempt) {
        entries.computeIfPresent(
                jobUid,
                (uid, entry) -> entry.attempt() == attempt ? new Entry(attempt, entry.reservation(), true) : entry);
    }

    /** True where a pod of the job may be, or may still come. */
    public boolean mayHavePod(String jobUid) {
        var entry = entries.get(jobUid);
        return entry != null && !entry.podGone() && !(entry.reservation() instanceof Reservation.Refused);
    }

    /** What is known of the job's current reservation. */
    public Reservation of(SyncJob job) {
        var entry = entries.get(job.getMetadata().getUid());
        if (entry == null) return new Reservation.Foreign();
        var attempt = Observation.attemptOf(job);
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

    /** The job was deleted. */
    public void forget(String uid) {
        entries.remove(uid);
    }
}
