package io.syncjobs.core.index;

import io.syncjobs.api.State;
import java.util.List;
import java.util.TreeSet;

/**
 * Where each job is filed: under its queue, in the group that says what can happen to it next; and under the times at which time
 * alone changes something for it.
 */
final class JobFiles {
    /** The properties of a queue that decide how its jobs are filed. */
    record Rules(boolean found, boolean saysHow, int priority) {
        Rules(QueueIndex queue) {
            this(queue.spec().isPresent(), queue.saysHow(), queue.defaultPriority());
        }
    }

    private final boolean jobTemplates;
    private final QueueTable queues;
    private final OwnWrites writes;
    private final Slots slots;
    private final ReasonTimes reasons;
    private final TreeSet<JobEntry> early = new TreeSet<>(Orders.DUE);

    private long now;

    /** {@code jobTemplates} is false where templates of jobs are not run. */
    JobFiles(boolean jobTemplates, QueueTable queues, OwnWrites writes, Slots slots, ReasonTimes reasons) {
        this.jobTemplates = jobTemplates;
        this.queues = queues;
        this.writes = writes;
        this.slots = slots;
        this.reasons = reasons;
    }

    void file(JobEntry job) {
        var queue = queues.get(job.queue());
        job.queue = queue.key();
        job.priority = job.priorityOr(queue.defaultPriority());
        job.group = groupOf(job, queue);
        if (job.group.waits()) reasons.add(job, now);
        queue.add(job);
        slots.take(job, writes.holds(job.uid()));
        if (job.group.isTimed()) early.add(job);
        queues.change(queue);
    }

    void unfile(JobEntry job) {
        var queue = queues.get(job.queue());
        queue.remove(job);
        slots.leave(job);
        if (job.group.isTimed()) early.remove(job);
        reasons.remove(job);
        queues.change(queue);
        queues.release(queue.key());
    }

    /** Files the job again if it belongs to another group now. */
    void refile(JobEntry job) {
        if (groupOf(job, queues.get(job.queue())) == job.group) return;
        unfile(job);
        file(job);
    }

    /** Files the waiting jobs of a queue again, because its spec has changed. */
    void refilePending(QueueIndex queue) {
        for (var job : queue.pending()) {
            unfile(job);
            file(job);
        }
    }

    /** It is {@code time} now: jobs become due. */
    void advance(long time) {
        now = time;
        while (!early.isEmpty() && early.first().dueMillis() <= now) refile(early.first());
    }

    /** Finds the jobs that have waited long enough to be told why, and the told reasons that are to be checked. */
    void advanceReasons() {
        reasons.advance(now, job -> {
            var queue = queues.get(job.queue());
            queue.addRipe(job);
            queues.change(queue);
        });
    }

    List<JobEntry> refreshes(int atMost) {
        return reasons.refreshes(atMost, now);
    }

    /** When the next job becomes due. */
    long nextDue() {
        return early.isEmpty() ? JobEntry.NEVER : early.first().dueMillis();
    }

    private Group groupOf(JobEntry job, QueueIndex queue) {
        if (job.state().finished()) return Group.FINISHED;
        if (job.state() != State.PENDING || writes.holds(job.uid())) return Group.HELD;
        return writes.keepsAside(job.uid()) ? Group.ASIDE : groupOfWaiting(job, queue);
    }

    Group groupOfWaiting(JobEntry job, QueueIndex queue) {
        if (job.isAside()) return Group.ASIDE;
        if (queue.spec().isEmpty()) return Group.HOMELESS;
        if (job.hasTemplate() ? !jobTemplates : !queue.saysHow()) return Group.UNRUNNABLE;
        if (job.dueMillis() <= now) return Group.READY;
        return job.retries() ? Group.BACKOFF : Group.EARLY;
    }
}
