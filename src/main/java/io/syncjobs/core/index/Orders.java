package io.syncjobs.core.index;

import java.util.Comparator;

/**
 * The orders in which the index keeps jobs. They are written out by hand, because each event makes some hundred comparisons. In a
 * backlog that was created within one second all times are equal, so the hash of the uid, which is at hand, is compared before
 * the uid itself.
 */
final class Orders {
    /** The order in which jobs get their turn: priority, then creation, then name. */
    static final Comparator<JobEntry> TURN = Orders::byTurn;

    /** The job that could have run first comes first. */
    static final Comparator<JobEntry> OLDEST = (a, b) -> byTime(a.since(), b.since(), a, b);

    /** The job that finished first comes first. */
    static final Comparator<JobEntry> FINISHED = (a, b) -> byTime(a.finishedMillis(), b.finishedMillis(), a, b);

    /** The job that is due first comes first. */
    static final Comparator<JobEntry> DUE = (a, b) -> byTime(a.dueMillis(), b.dueMillis(), a, b);

    /** The job that is to be looked at first comes first. */
    static final Comparator<JobEntry> LOOK = (a, b) -> byTime(a.lookAt, b.lookAt, a, b);

    private Orders() {}

    private static int byTurn(JobEntry a, JobEntry b) {
        if (a.priority != b.priority) return a.priority < b.priority ? -1 : 1;
        if (a.created() != b.created()) return a.created() < b.created() ? -1 : 1;
        var byName = a.name().compareTo(b.name());
        return byName != 0 ? byName : a.uid().compareTo(b.uid());
    }

    private static int byTime(long first, long second, JobEntry a, JobEntry b) {
        if (first != second) return first < second ? -1 : 1;
        if (a.hash != b.hash) return a.hash < b.hash ? -1 : 1;
        return a.uid().compareTo(b.uid());
    }
}
