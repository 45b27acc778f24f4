package io.syncjobs.core.queue;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Policies;
import io.syncjobs.core.Step;
import io.syncjobs.core.index.JobEntry;

/** A job that gets a place, by the rules of its queue as they are at that moment. */
public record Admission(JobEntry job, SyncQueueSpec queue) {
    /** A place and a worker in one write: for the operator, which creates the pods. {@code seen} is the whole job. */
    public Step.Reserve reserving(SyncJob seen) {
        var attempt = job.attempt() + 1;
        return new Step.Reserve(attempt, PodNames.of(seen, attempt), Policies.effective(seen.getSpec(), queue));
    }

    /** A place; the operator reserves the worker. */
    public Step.Enqueue placing(SyncJob seen) {
        return new Step.Enqueue(Policies.effective(seen.getSpec(), queue));
    }
}
