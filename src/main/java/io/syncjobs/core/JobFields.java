package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import java.util.Optional;

/** What the object of a job says, and what counts where it says nothing. */
public final class JobFields {
    private JobFields() {}

    /** The status of a job; the initial one if the API server has written none. */
    public static SyncJobStatus statusOf(SyncJob job) {
        return requireNonNullElse(job.getStatus(), SyncJobStatus.NEW);
    }

    /** Namespace and name of a job, as the log has them. */
    public static String nameOf(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }

    /** The name of a job's queue. */
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

    /** How often a job was retried since it was created, or since a person's last requeue. */
    public static int retriesOf(SyncJob job) {
        return requireNonNullElse(statusOf(job).retries(), 0);
    }

    /** True while a warm worker has the job. */
    public static boolean isWarm(SyncJob job) {
        var status = statusOf(job);
        return status.state().occupying() && poolOf(status).isPresent();
    }

    /** The pool of the job's current or last worker; empty if that had a pod of its own. Nothing else tells the two ways apart. */
    public static Optional<String> poolOf(SyncJobStatus status) {
        return Optional.ofNullable(status.effective()).map(SyncJobStatus.Effective::workerPool);
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
