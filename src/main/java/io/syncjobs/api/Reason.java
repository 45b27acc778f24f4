package io.syncjobs.api;

/**
 * Why a job is in its state, as it stands in {@code status.reason}. The list of what can be written; the field itself is
 * an open string, so that a new reason is not a breaking change of the API.
 */
public enum Reason {
    /** Due and with free capacity; in strict mode the next minute run enqueues it. */
    WAITING_FOR_TICK("WaitingForTick"),
    /** {@code spec.eta} lies ahead. */
    ETA_IN_FUTURE("EtaInFuture"),
    /** Failed in a way that may pass; waits for {@code status.nextAttemptTime}. */
    RETRY_BACKOFF("RetryBackoff"),
    /** {@code spec.queue} names no SyncQueue of this namespace. */
    QUEUE_NOT_FOUND("QueueNotFound"),
    /** The queue has {@code spec.paused: true}. */
    QUEUE_PAUSED("QueuePaused"),
    /** As many jobs of the queue run as its {@code spec.capacity} allows. */
    QUEUE_AT_CAPACITY("QueueAtCapacity"),
    /** Its pool has no worker that lives. */
    NO_WORKERS("NoWorkers"),
    /** All slots of its pool's workers are taken. */
    WORKERS_BUSY("WorkersBusy"),
    /** Its pool has workers, and the handler of none of them answers. */
    HANDLER_NOT_READY("HandlerNotReady"),
    /** Its last worker went away without a result; it is due again. */
    WORKER_DIED("WorkerDied"),
    /** Its pod came to nothing before a worker had begun, by no fault of the job; another is made in a moment. */
    POD_REFUSED("PodRefused"),
    /** Its pod had not started and was made from another template than today's; it is replaced. */
    TEMPLATE_CHANGED("TemplateChanged"),
    /** No node takes its pod. */
    POD_UNSCHEDULABLE("PodUnschedulable"),
    /** The image of its pod cannot be pulled. */
    IMAGE_PULL_FAILED("ImagePullFailed"),
    /** Neither job nor queue has a template, or the template makes no pod that could start. */
    INVALID_TEMPLATE("InvalidTemplate"),
    /** The API server did not take its pod, or has not said so: a webhook that is down, or trouble of its own. */
    POD_NOT_CREATED("PodNotCreated"),
    /** Its node takes long to start its pod. */
    POD_STARTING("PodStarting"),
    /** Another pod, which is not this job's, has the name of the one that it needs. */
    POD_NAME_TAKEN("PodNameTaken"),
    /** A ResourceQuota of the namespace refuses its pod. */
    QUOTA_EXCEEDED("QuotaExceeded"),
    /** The pod security profile of the namespace refuses its pod. */
    POD_SECURITY_FORBIDDEN("PodSecurityForbidden"),
    /** The operator itself failed at it, and tries again. */
    INTERNAL_ERROR("InternalError"),
    /** The enqueue CronJob is suspended. */
    SCHEDULER_SUSPENDED("SchedulerSuspended"),
    /** The enqueue CronJob does not exist. */
    SCHEDULER_MISSING("SchedulerMissing"),
    /** The enqueue CronJob is active, but its runs do not start or do not succeed. */
    SCHEDULER_NOT_RUNNING("SchedulerNotRunning"),
    /** No operator runs, which alone may start isolated jobs. */
    OPERATOR_NOT_RUNNING("OperatorNotRunning"),
    /** Its run is being ended; see {@code status.stop} for what it becomes then. */
    STOPPING("Stopping"),

    /** The worker reported success. */
    COMPLETED("Completed"),
    /** The worker reported a failure that a repetition would not mend. */
    JOB_FAILED("JobFailed"),
    /** Failed retryably more often than {@code retry.limit} allows. */
    RETRIES_EXHAUSTED("RetriesExhausted"),
    /** Three attempts went away together with their worker: the job may be what kills it. */
    WORKER_LOST("WorkerLost"),
    /** Its pod did not start within the time that the operator allows. */
    POD_NEVER_STARTED("PodNeverStarted"),
    /** One attempt ran longer than {@code timeoutSeconds}. */
    DEADLINE_EXCEEDED("DeadlineExceeded"),
    /** The kernel killed the worker because it used more memory than its limit. */
    OUT_OF_MEMORY("OutOfMemory"),
    /** A person declared it done with the set-done annotation. */
    MANUALLY_SET_DONE("ManuallySetDone"),
    /** A person withdrew it with the cancel annotation. */
    CANCELLED_BY_USER("CancelledByUser"),
    /** {@code spec.payload} is over 32 KiB. */
    PAYLOAD_TOO_LARGE("PayloadTooLarge");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The name as it stands in {@code status.reason}. */
    @Override
    public String toString() {
        return text;
    }
}
