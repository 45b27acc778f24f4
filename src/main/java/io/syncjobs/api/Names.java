package io.syncjobs.api;

/** Names that the product puts on objects or reads from them. */
public final class Names {
    /** The API group of all custom resources. */
    public static final String GROUP = "syncjobs.io";

    public static final String VERSION = "v1alpha1";

    /** Annotation, a command: run the job again; {@code force} also ends a running attempt. */
    public static final String REQUEUE = GROUP + "/requeue";

    /** Annotation, a command: the job becomes Done without running; the value is kept as explanation. */
    public static final String SET_DONE = GROUP + "/set-done";

    /** Annotation, a command: the unfinished job becomes Cancelled. */
    public static final String CANCEL = GROUP + "/cancel";

    /** Annotation: the command being handled, {@code <uuid>:<command>:<value>}. */
    public static final String HANDLING = GROUP + "/handling";

    /** Annotation on the enqueuer's Lease: a minute run asks the live holder for a full sweep. */
    public static final String SWEEP_REQUESTED = GROUP + "/sweep-requested";

    /** Label on a job's pod: the uid of its SyncJob. */
    public static final String JOB_UID = GROUP + "/job-uid";

    /** Label on a job's pod: the queue whose capacity it takes up. */
    public static final String QUEUE = GROUP + "/queue";

    /** Label on a job's pod: the attempt that it executes. */
    public static final String ATTEMPT = GROUP + "/attempt";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Value of {@link #MANAGED_BY} on what the operator creates. */
    public static final String SYNCJOBS = "syncjobs";

    /** The queue of a job that names none; it exists without being created. */
    public static final String DEFAULT_QUEUE = "default";

    private Names() {}
}
