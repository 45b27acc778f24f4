package io.syncjobs.core.index;

import io.syncjobs.core.run.Assignment.Slot;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/** Which job takes which slot of a warm worker, through its status or through an own write without an answer. */
final class Slots {
    private final WorkerIndex workers;
    private final Map<String, Slot> given = new HashMap<>();
    private final SequencedSet<JobEntry> warm = new LinkedHashSet<>();

    Slots(WorkerIndex workers) {
        this.workers = workers;
    }

    /** The jobs that warm workers have according to their status. */
    Collection<JobEntry> jobs() {
        return Collections.unmodifiableCollection(warm);
    }

    /** A write to the job names this worker. */
    void give(JobEntry job, Slot slot) {
        given.put(job.uid(), slot);
        if (job.group != Group.HELD || slot.equals(job.slot)) return;
        leave(job);
        take(job, true);
    }

    /** No write gives the job a slot any more. */
    void forget(String uid) {
        given.remove(uid);
    }

    /** {@code written} is true if an own write has given the job a place or may have done so. */
    void take(JobEntry job, boolean written) {
        var run = job.warmRun();
        if (run.isPresent()) warm.add(job);
        if (!written) given.remove(job.uid());
        job.slot = run.map(WarmRun::slot).orElse(given.get(job.uid()));
        if (job.slot != null) workers.take(job.namespace(), job.slot);
    }

    void leave(JobEntry job) {
        warm.remove(job);
        if (job.slot != null) workers.leave(job.namespace(), job.slot);
        job.slot = null;
    }
}
