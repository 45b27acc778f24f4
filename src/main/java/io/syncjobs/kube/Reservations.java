package io.syncjobs.kube;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.run.Reservation;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The reservations that this process has written since its start, and what became of their pods. Only these reservations may be
 * turned into pods: after a restart nobody knows whether a create request is still on its way.
 */
public final class Reservations {
    /** {@code number} tells it from all other notes. */
    private record Entry(int attempt, Reservation reservation, boolean podGone, long number) {
        Entry over(Entry before) {
            return new Entry(attempt, reservation, before.attempt == attempt && before.podGone, number);
        }
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong notes = new AtomicLong();

    /** Notes what is known about the reservation of {@code attempt}. */
    public void note(SyncJob job, int attempt, Reservation reservation) {
        numbered(job, attempt, reservation);
    }

    private long numbered(SyncJob job, int attempt, Reservation reservation) {
        var entry = new Entry(attempt, reservation, false, notes.incrementAndGet());
        entries.merge(job.getMetadata().getUid(), entry, (before, next) -> next.over(before));
        return entry.number();
    }

    /**
     * Runs a write that reserves {@code attempt}, and notes what becomes of it. After any failure the reservation is forgotten.
     * Otherwise the operator would wait for a write that may never be answered. What another write has reserved meanwhile stays:
     * 1. A place is written. 2. The job changes, so it is planned again. 3. The same attempt is reserved at the new version. 4. The
     * first write is refused.
     *
     * @param pause how long the attempt before was held back
     * @return the job after the write
     */
    public SyncJob reserve(SyncJob job, int attempt, Duration pause, Supplier<SyncJob> write) {
        var number = numbered(job, attempt, new Reservation.Sending());
        try {
            var written = write.get();
            note(written, attempt, new Reservation.Mine(pause));
            return written;
        } catch (RuntimeException e) {
            entries.computeIfPresent(
                    job.getMetadata().getUid(), (uid, entry) -> entry.number() == number ? null : entry);
            throw e;
        }
    }

    /** A pod of this attempt existed and is gone. */
    public void podGone(String jobUid, int attempt) {
        entries.computeIfPresent(
                jobUid,
                (uid, entry) -> entry.attempt() == attempt
                        ? new Entry(attempt, entry.reservation(), true, entry.number())
                        : entry);
    }

    /** True if a pod of the job may exist or may still appear. */
    public boolean mayHavePod(String jobUid) {
        var entry = entries.get(jobUid);
        return entry != null && !entry.podGone() && !(entry.reservation() instanceof Reservation.Refused);
    }

    /** What is known about the job's current reservation. */
    public Reservation of(SyncJob job) {
        var entry = entries.get(job.getMetadata().getUid());
        if (entry == null) return new Reservation.Foreign();
        var attempt = JobFields.attemptOf(job);
        var sending = entry.reservation() instanceof Reservation.Sending;
        return sending || entry.attempt() == attempt ? entry.reservation() : new Reservation.Foreign();
    }

    /** Forgets the reservation of {@code attempt}. A later one may have been noted meanwhile, and stays. */
    public void forget(SyncJob job, int attempt) {
        entries.computeIfPresent(job.getMetadata().getUid(), (uid, entry) -> entry.attempt() == attempt ? null : entry);
    }

    /** The uids of the jobs about which something is known. */
    public Set<String> uids() {
        return Set.copyOf(entries.keySet());
    }

    /** Forgets a job that was deleted. */
    public void forget(String uid) {
        entries.remove(uid);
    }
}
