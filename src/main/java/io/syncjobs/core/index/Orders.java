package io.syncjobs.core.index;

import java.util.Comparator;

/**
 * The orders in which jobs are kept. Written out, since each event compares some hundred times, and a backlog of one second's
 * making is all ties: there the uids' hashes, which are at hand, decide before the uids.
 */
final class Orders {
    /** The one order: priority, then creation, then name. */
    static final Comparator<JobEntry> TURN = Orders::byTurn;

    /** The one that could have run first, first. */
    static final Comparator<JobEntry> OLDEST = (a, b) -> byTime(a.since(), b.since(), a, b);

    /** The one that finished first, first. */
    static final Comparator<JobEntry> FINISHED = (a, b) -> byTime(a.finishedMillis(), b.finishedMillis(), a, b);

    /** The one that is due first, first. */
    static final Comparator<JobEntry> DUE = (a, b) -> byTime(a.dueMillis(), b.dueMillis(), a, b);

    /** The one that is to be looked at first, first. */
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
