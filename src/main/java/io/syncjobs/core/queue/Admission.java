package io.syncjobs.core.queue;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.Assignment;

/**
 * A job that gets a place now. {@code queue} is the spec of its queue at that moment.
 *
 * @param to who executes the job
 */
public record Admission(JobEntry job, SyncQueueSpec queue, Assignment to) {
    /** Gives the job a place and a pod of its own. */
    public static Admission toPod(JobEntry job, SyncQueueSpec queue) {
        return new Admission(job, queue, new Assignment.NewPod());
    }

    /** Gives the job a place and a slot of a warm worker. */
    static Admission toWorker(JobEntry job, QueueIndex queue, String worker) {
        var pool = queue.pool().orElseThrow().key().name();
        return new Admission(job, queue.spec().orElseThrow(), new Assignment.Slot(worker, pool));
    }

    /** Gives the place and the worker in one write; {@code seen} is the whole job. */
    public Step.Reserve reserving(SyncJob seen) {
        return Step.Reserve.next(seen, to, Policies.effective(seen.getSpec(), queue));
    }

    /**
     * Gives the place alone, for the minute run: the operator reserves the pod later. A warm worker is always named in the same
     * write.
     */
    public Step.Change placing(SyncJob seen) {
        return switch (to) {
            case Assignment.NewPod pod -> new Step.Enqueue(Policies.effective(seen.getSpec(), queue));
            case Assignment.Slot slot -> reserving(seen);
        };
    }
}
