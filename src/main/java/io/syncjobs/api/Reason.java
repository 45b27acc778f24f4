package io.syncjobs.api;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a job is in its state, as in {@code status.reason}. This enum lists what SyncJobs writes. The field itself is an open
 * string, so that a new reason does not break the API.
 */
public enum Reason {
    /** Due, and there is capacity. The next minute run enqueues it, because the operator does not enqueue. */
    WAITING_FOR_TICK("WaitingForTick"),
    /** {@code spec.eta} has not come. */
    ETA_IN_FUTURE("EtaInFuture"),
    /** Failed, but may succeed later; waits for {@code status.nextAttemptTime}. */
    RETRY_BACKOFF("RetryBackoff"),
    /** {@code spec.queue} names no SyncQueue of this namespace. */
    QUEUE_NOT_FOUND("QueueNotFound"),
    /** The queue has {@code spec.paused: true}. */
    QUEUE_PAUSED("QueuePaused"),
    /** The queue runs as many jobs as its {@code spec.capacity} allows. */
    QUEUE_AT_CAPACITY("QueueAtCapacity"),
    /** No worker of its pool takes jobs. */
    NO_WORKERS("NoWorkers"),
    /** All slots of its pool's workers are taken. */
    WORKERS_BUSY("WorkersBusy"),
    /** No worker of its pool has a handler that answers, so none takes jobs. */
    HANDLER_NOT_READY("HandlerNotReady"),
    /** Its last worker went away without a result, and the job is due again. Or it is silent, as most workers of its pool are. */
    WORKER_DIED("WorkerDied"),
    /** Its pod came to nothing before the worker began. The job is not to blame, and another pod is created soon. */
    POD_REFUSED("PodRefused"),
    /** Its template was changed before its pod had started. The pod is replaced. */
    TEMPLATE_CHANGED("TemplateChanged"),
    /** No node accepts its pod. */
    POD_UNSCHEDULABLE("PodUnschedulable"),
    /** The image of its pod cannot be pulled. */
    IMAGE_PULL_FAILED("ImagePullFailed"),
    /** Neither the job nor its queue has a template, or no pod can be made from the template. */
    INVALID_TEMPLATE("InvalidTemplate"),
    /** The API server did not create its pod or did not answer: a webhook is down, or the API server has trouble. */
    POD_NOT_CREATED("PodNotCreated"),
    /** Its node takes long to start its pod. */
    POD_STARTING("PodStarting"),
    /** A pod that is not this job's has the name of the pod that the job needs. */
    POD_NAME_TAKEN("PodNameTaken"),
    /** A ResourceQuota of the namespace refuses its pod. */
    QUOTA_EXCEEDED("QuotaExceeded"),
    /** The pod security profile of the namespace refuses its pod. */
    POD_SECURITY_FORBIDDEN("PodSecurityForbidden"),
    /** The operator itself failed at this job, and tries again. */
    INTERNAL_ERROR("InternalError"),
    /** The enqueue CronJob is suspended. */
    SCHEDULER_SUSPENDED("SchedulerSuspended"),
    /** The enqueue CronJob does not exist. */
    SCHEDULER_MISSING("SchedulerMissing"),
    /** The enqueue CronJob is active, but its runs do not start or do not succeed. */
    SCHEDULER_NOT_RUNNING("SchedulerNotRunning"),
    /** No operator is running. Only an operator can start isolated jobs. */
    OPERATOR_NOT_RUNNING("OperatorNotRunning"),
    /** Its run is being ended; {@code status.stop} says what follows. */
    STOPPING("Stopping"),

    /** The worker reported success. */
    COMPLETED("Completed"),
    /** The worker reported a failure that a retry would not mend. */
    JOB_FAILED("JobFailed"),
    /** Retryable failures happened more often than {@code retry.limit} allows. */
    RETRIES_EXHAUSTED("RetriesExhausted"),
    /** Three attempts were lost together with their worker: the job may be what kills it. */
    WORKER_LOST("WorkerLost"),
    /** Its pod did not start in the time that the installation allows. */
    POD_NEVER_STARTED("PodNeverStarted"),
    /** One attempt ran longer than {@code timeoutSeconds}. */
    DEADLINE_EXCEEDED("DeadlineExceeded"),
    /** The kernel killed the worker because it used more memory than its limit. */
    OUT_OF_MEMORY("OutOfMemory"),
    /** A person declared it done with the set-done annotation. */
    MANUALLY_SET_DONE("ManuallySetDone"),
    /** A person withdrew it with the cancel annotation, or deleted it while it had a run. */
    CANCELLED_BY_USER("CancelledByUser"),
    /** {@code spec.payload} is over 32 KiB, or nested deeper than 500 levels. */
    PAYLOAD_TOO_LARGE("PayloadTooLarge");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The reason as in {@code status.reason}. */
    @Override
    public String toString() {
        return text;
    }

    /** True if {@code text} is one of these reasons. */
    public static boolean isKnown(@Nullable String text) {
        return Stream.of(values()).anyMatch(reason -> reason.text.equals(text));
    }
}
