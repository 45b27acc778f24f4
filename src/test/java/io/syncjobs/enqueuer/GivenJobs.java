package io.syncjobs.enqueuer;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.kube.StubApi;
import java.time.Instant;

/** What tests of enqueueing begin with: jobs of one queue that has one place. */
final class GivenJobs {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private GivenJobs() {}

    static SyncJob waiting(String name, int priority) {
        return StubApi.job(name, 1, spec(priority), SyncJobStatus.NEW);
    }

    /** A job that has a place, at a version that only a later look can have brought. */
    static SyncJob running(String name) {
        var job = waiting(name, 10);
        var effective = Policies.effective(job.getSpec(), SyncQueueSpec.BUILT_IN);
        return StubApi.job(name, 9, spec(10), Statuses.after(job, new Step.Reserve(1, name + "-1-x", effective), NOW));
    }

    /** A job that a minute run has given a place: no operator has made a pod for it. */
    static SyncJob placed(String name) {
        var job = waiting(name, 10);
        var effective = Policies.effective(job.getSpec(), SyncQueueSpec.BUILT_IN);
        return StubApi.job(name, 2, spec(10), Statuses.after(job, new Step.Enqueue(effective), NOW));
    }

    private static SyncJobSpec spec(int priority) {
        return new SyncJobSpec("narrow", "export.order", null, priority, null, null, null, null);
    }
}
