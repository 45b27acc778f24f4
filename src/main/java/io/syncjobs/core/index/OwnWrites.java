package io.syncjobs.core.index;

import static java.util.Objects.requireNonNull;

import io.syncjobs.core.Backoff;
import io.syncjobs.core.index.OwnWrite.Stand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The own writes that no later version of their job has settled yet. Only here does the process know more than the watch shows.
 */
final class OwnWrites {
    /** The back-off after a write that was refused or got no answer. */
    private static final Backoff RETRY = Backoff.before(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Map<String, OwnWrite> writes = new HashMap<>();

    /** The uids of the jobs for which something is due at a time. */
    private final TreeMap<Long, Set<String>> timers = new TreeMap<>();

    void send(JobEntry job) {
        var before = of(job.uid(), job.version());
        var backoff = before != null ? before.backoff() : RETRY;
        put(job.uid(), new OwnWrite(job.version(), Stand.ASSUMED, backoff, JobEntry.NEVER));
    }

    /** The write to the job at this version; null if there is none. */
    private @Nullable OwnWrite of(String uid, long version) {
        var write = writes.get(uid);
        return write != null && write.version() == version ? write : null;
    }

    void withheld(JobEntry job) {
        var write = of(job.uid(), job.version());
        if (write == null) return;
        // An earlier try without an answer may still be carried out.
        if (write.stand() == Stand.ASSUMED) forget(job.uid());
        else put(job.uid(), write.with(Stand.UNKNOWN, 0));
    }

    void refused(JobEntry job, Refusal how, long now) {
        var write = of(job.uid(), job.version());
        if (write == null) return;
        // The refusal of a later try does not say what became of the first one, unless nothing can be written at all.
        if (write.stand() == Stand.UNKNOWN && how != Refusal.FOR_GOOD) fail(job, write, Stand.UNKNOWN, true, now);
        else fail(job, write, how == Refusal.CHANGED ? Stand.OVERTAKEN : Stand.REFUSED, how == Refusal.FOR_NOW, now);
    }

    /** The API server still has the job at this version. Returns true if a write was taken for overtaken by another one. */
    boolean unchanged(String uid, long version) {
        var write = of(uid, version);
        if (write == null || write.stand() != Stand.OVERTAKEN) return false;
        forget(uid);
        return true;
    }

    /** Nothing can be written to this version of the job. */
    void full(JobEntry job) {
        put(job.uid(), new OwnWrite(job.version(), Stand.REFUSED, RETRY, JobEntry.NEVER));
    }

    void unknown(JobEntry job, long now) {
        var write = of(job.uid(), job.version());
        if (write != null) fail(job, write, Stand.UNKNOWN, true, now);
    }

    private void fail(JobEntry job, OwnWrite write, Stand stand, boolean again, long now) {
        var backoff = write.backoff().failed(now * NANOS_PER_MILLI);
        var next = again ? now + backoff.length().toMillis() : JobEntry.NEVER;
        put(job.uid(), new OwnWrite(write.version(), stand, backoff, next));
    }

    /** The job was seen at a version, which settles writes to earlier versions. */
    void passed(JobEntry job) {
        var write = writes.get(job.uid());
        if (write != null && write.version() < job.version()) forget(job.uid());
    }

    void forget(String uid) {
        var write = writes.remove(uid);
        if (write == null || write.next() == JobEntry.NEVER) return;
        timers.computeIfPresent(write.next(), (time, uids) -> {
            uids.remove(uid);
            return uids.isEmpty() ? null : uids;
        });
    }

    /** True if a write has given the job a place or may have done so. */
    boolean holds(String uid) {
        var write = writes.get(uid);
        return write != null && (write.stand() == Stand.ASSUMED || write.stand() == Stand.UNKNOWN);
    }

    /** True while a refused write to the job must not be tried again. */
    boolean keepsAside(String uid) {
        var write = writes.get(uid);
        return write != null && (write.stand() == Stand.REFUSED || write.stand() == Stand.OVERTAKEN);
    }

    /** The jobs to which a refused write may be tried again now. */
    List<String> retryable(long now) {
        var due = due(now, Stand.REFUSED);
        return stand(due, Stand.TRIED);
    }

    /** The jobs to which an unanswered write is to be sent again now. */
    List<String> resend(long now) {
        var due = due(now, Stand.UNKNOWN);
        return stand(due, Stand.UNKNOWN);
    }

    private List<String> stand(List<String> uids, Stand stand) {
        uids.forEach(uid -> put(uid, requireNonNull(writes.get(uid)).with(stand, JobEntry.NEVER)));
        return uids;
    }

    long nextChange() {
        return timers.isEmpty() ? JobEntry.NEVER : timers.firstKey();
    }

    private List<String> due(long now, Stand stand) {
        var found = new ArrayList<String>();
        for (var uids : timers.headMap(now, true).values()) {
            for (var uid : uids) {
                if (requireNonNull(writes.get(uid)).stand() == stand) found.add(uid);
            }
        }
        return found;
    }

    private void put(String uid, OwnWrite write) {
        forget(uid);
        writes.put(uid, write);
        if (write.next() == JobEntry.NEVER) return;
        timers.computeIfAbsent(write.next(), time -> new LinkedHashSet<>()).add(uid);
    }
}
