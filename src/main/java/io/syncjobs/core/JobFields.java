package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;

/** What the object of a job says, and what counts where it says nothing. */
public final class JobFields {
    private JobFields() {}

    /** The status of a job; the initial one if the API server has written none. */
    public static SyncJobStatus statusOf(SyncJob job) {
        return requireNonNullElse(job.getStatus(), SyncJobStatus.NEW);
    }

    /** The name of a job's queue. */
    /** Namespace and name of a job, as the log has them. */
    public static String nameOf(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }

    public static String queueOf(SyncJob job) {
        return requireNonNullElse(job.getSpec().queue(), Names.DEFAULT_QUEUE);
    }

    /** The number of a job's current or last attempt; 0 before the first. */
    public static int attemptOf(SyncJob job) {
        return requireNonNullElse(statusOf(job).attempt(), 0);
    }

    /** The pod that has a job; empty if none does. */
    public static String workerOf(SyncJob job) {
        return requireNonNullElse(statusOf(job).worker(), "");
    }

    /** True while a warm worker has the job. Only {@code status.effective.workerPool} tells the two ways of execution apart. */
    public static boolean isWarm(SyncJob job) {
        var status = statusOf(job);
        return status.state().occupying()
                && status.effective() != null
                && status.effective().workerPool() != null;
    }

    /** Versions of one object are comparable numbers since Kubernetes 1.35. With etcd they always were. */
    public static long versionOf(SyncJob job) {
        return Long.parseLong(job.getMetadata().getResourceVersion());
    }

    /**
     * The key by which a worker recognises repetitions. It stays the same through retries and losses, and changes when a person
     * requeues the job.
     */
    public static String idempotencyKeyOf(SyncJob job) {
        return job.getMetadata().getUid() + "-"
                + requireNonNullElse(statusOf(job).requeues(), 0);
    }
}
