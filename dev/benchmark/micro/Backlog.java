package io.syncjobs.bench;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.PodNames;
import java.time.Duration;
import java.time.Instant;

/** Jobs as they come from the API server, and an index of many of them. */
final class Backlog {
    static final int QUEUES = 1_000;
    static final int JOBS = 100_000;
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NAMESPACE = "shop";
    private static final SyncQueueSpec QUEUE =
            new SyncQueueSpec(1, null, null, null, RawJson.of("{\"spec\":{\"containers\":[{\"name\":\"worker\"}]}}"));

    private long versions = 1;
    private int names;

    /** An index that knows the queues, and no job. */
    JobIndex queues() {
        var index = new JobIndex(Duration.ofMinutes(1), Limits.MESSAGE_REFRESH);
        index.advance(NOW);
        for (var i = 0; i < QUEUES; i++) index.see(key(i), QUEUE, versions++);
        return index;
    }

    static QueueKey key(int queue) {
        return new QueueKey(NAMESPACE, "queue-" + queue);
    }

    /** A job that waits, new. */
    SyncJob waiting(int queue) {
        var name = "order-%06d".formatted(names++);
        var spec = new SyncJobSpec("queue-" + queue, "export.order", null, null, null, null, null, null);
        return job(name, spec, SyncJobStatus.NEW);
    }

    /** The same job, later, and with another status. */
    SyncJob job(String name, SyncJobSpec spec, SyncJobStatus status) {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withUid("0b5e7c1e-6a53-4c8f-9d3e-" + name)
                .withResourceVersion(Long.toString(versions++))
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .build());
        job.setSpec(spec);
        job.setStatus(status);
        return job;
    }

    /** The job has a place and a pod. */
    SyncJob enqueued(SyncJob job) {
        var effective = Policies.effective(job.getSpec(), QUEUE);
        var reserve = new Step.Reserve(1, PodNames.of(job, 1), effective);
        return job(job.getMetadata().getName(), job.getSpec(), Statuses.after(job, reserve, NOW));
    }

    /** The job is done. */
    SyncJob done(SyncJob job) {
        var end = new Step.End(State.DONE, Reason.COMPLETED, "the worker reported success", null, null, null);
        return job(job.getMetadata().getName(), job.getSpec(), Statuses.after(job, end, NOW));
    }
}
