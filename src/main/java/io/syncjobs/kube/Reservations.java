package io.syncjobs.kube;

import static java.util.stream.Collectors.toMap;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which reservations this process has written in this life, and what became of their pods. Only they may be turned into
 * pods: after a crash nobody knows whether a create is still on its way.
 */
public final class Reservations {
    /** So long after a job was deleted its pod, of which no watch has told, may still come. */
    private static final Duration POD_COMES = Duration.ofMinutes(1);

    private record Entry(
            QueueKey queue, int attempt, Reservation reservation, boolean podGone, Optional<Instant> jobGone) {
        Entry over(Entry before) {
            var samePod = before.attempt == attempt;
            return new Entry(queue, attempt, reservation, samePod && before.podGone, Optional.empty());
        }

        boolean mayHavePod() {
            return !podGone && !(reservation instanceof Reservation.Refused);
        }
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Notes what is known of the reservation of {@code attempt}. */
    public void note(SyncJob job, int attempt, Reservation reservation) {
        var entry = new Entry(QueueKey.of(job), attempt, reservation, false, Optional.empty());
        entries.merge(job.getMetadata().getUid(), entry, (before, next) -> next.over(before));
    }

    /** A pod of this attempt was there, and is gone. */
    public void podGone(String jobUid, int attempt) {
        entries.computeIfPresent(
                jobUid,
                (uid, entry) -> entry.attempt() == attempt
                        ? new Entry(entry.queue(), attempt, entry.reservation(), true, entry.jobGone())
                        : entry);
    }

    /** Where a pod may be, by the uid of its job, that no watch has told of yet. */
    public Map<String, QueueKey> places() {
        return entries.entrySet().stream()
                .filter(one -> one.getValue().mayHavePod())
                .collect(toMap(Map.Entry::getKey, one -> one.getValue().queue()));
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

    /** These jobs were deleted: they are forgotten when nothing can come of them any more. */
    public void forget(Set<String> uids, Instant now) {
        for (var one : uids) {
            entries.computeIfPresent(one, (uid, entry) -> {
                var since = entry.jobGone().orElse(now);
                return !entry.mayHavePod() || !now.isBefore(since.plus(POD_COMES))
                        ? null
                        : new Entry(entry.queue(), entry.attempt(), entry.reservation(), false, Optional.of(since));
            });
        }
    }
}
