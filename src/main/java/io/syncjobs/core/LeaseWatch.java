package io.syncjobs.core;

import java.util.Optional;

/**
 * Judges from outside whether the holder of a Lease lives: by changes that the watcher saw, on the watcher's own monotonic
 * clock. Immutable; each look gives the next watch.
 */
public record LeaseWatch(Verdict verdict, Optional<LeaseView> last, long sinceNanos) {
    public enum Verdict {
        /** Nobody holds it. */
        FREE,
        /** Held, and not watched for long enough to tell. */
        UNKNOWN,
        /** Renewed while it was watched. */
        ALIVE,
        /** Not renewed for its whole duration. */
        DEAD
    }

    /** Nothing has been seen yet. */
    public static final LeaseWatch START = new LeaseWatch(Verdict.UNKNOWN, Optional.empty(), 0);

    /** Another look at the Lease at {@code nanos} of a monotonic clock; empty where it does not exist. */
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
