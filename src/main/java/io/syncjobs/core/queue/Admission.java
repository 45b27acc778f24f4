package io.syncjobs.core.queue;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Assignment;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Policies;
import io.syncjobs.core.Step;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;

/**
 * A job that gets a place, by the rules of its queue as they are at that moment.
 *
 * @param to who executes it
 */
public record Admission(JobEntry job, SyncQueueSpec queue, Assignment to) {
    /** In a pod of its own. */
    public static Admission toPod(JobEntry job, SyncQueueSpec queue) {
        var name = PodNames.of(job.name(), job.uid(), job.nextAttempt());
        return new Admission(job, queue, new Assignment.NewPod(name));
    }

    /** On a warm worker. */
    static Admission toWorker(JobEntry job, QueueIndex queue, String worker) {
        var pool = queue.pool().orElseThrow().key().name();
        return new Admission(job, queue.spec().orElseThrow(), new Assignment.Slot(worker, pool));
    }

    /** A place and a worker in one write. {@code seen} is the whole job. */
    public Step.Reserve reserving(SyncJob seen) {
        return new Step.Reserve(job.nextAttempt(), to, Policies.effective(seen.getSpec(), queue));
    }

    /** A place; for a job that gets a pod of its own the operator reserves that. */
    public Step.Change placing(SyncJob seen) {
        return switch (to) {
            case Assignment.NewPod pod -> new Step.Enqueue(Policies.effective(seen.getSpec(), queue));
            case Assignment.Slot slot -> reserving(seen);
        };
    }
}
