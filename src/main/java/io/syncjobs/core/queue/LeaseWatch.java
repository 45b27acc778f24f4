package io.syncjobs.core.queue;

import java.util.Optional;

/**
 * Judges whether the holder of a Lease is alive. The watcher relies only on changes that it saw itself, and on its own monotonic
 * clock. Immutable; each look returns the next watch.
 */
public record LeaseWatch(Verdict verdict, Optional<LeaseView> last, long sinceNanos) {
    /** What a watcher can say about the holder. */
    public enum Verdict {
        /** Nobody holds the Lease. */
        FREE,
        /** Somebody holds it, and the watcher has not watched long enough to judge. */
        UNKNOWN,
        /** The holder renewed it while the watcher watched. */
        ALIVE,
        /** The holder did not renew it for its whole duration. */
        DEAD
    }

    /** Nothing has been seen yet. */
    public static final LeaseWatch START = new LeaseWatch(Verdict.UNKNOWN, Optional.empty(), 0);

    /** Looks at the Lease at {@code nanos} of a monotonic clock; {@code seen} is empty if the Lease does not exist. */
    public LeaseWatch look(Optional<LeaseView> seen, long nanos) {
        if (seen.isEmpty() || !seen.get().isHeld()) return new LeaseWatch(Verdict.FREE, seen, nanos);
        var lease = seen.get();
        var before = last.filter(LeaseView::isHeld);
        if (before.isEmpty()) return new LeaseWatch(Verdict.UNKNOWN, seen, nanos);
        var renewed = !before.get().renewed().equals(lease.renewed())
                || !before.get().holder().equals(lease.holder());
        if (renewed) return new LeaseWatch(Verdict.ALIVE, seen, nanos);
        var silent = nanos - sinceNanos >= lease.duration().toNanos();
        return new LeaseWatch(silent ? Verdict.DEAD : verdict, seen, sinceNanos);
    }
}
