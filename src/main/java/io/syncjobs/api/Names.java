package io.syncjobs.api;

import java.util.Set;

/** Names of labels, annotations and other things that the product writes to objects or reads from them. */
public final class Names {
    /** The API group of all custom resources. */
    public static final String GROUP = "syncjobs.io";

    /** The version of the custom resources. */
    public static final String VERSION = "v1alpha1";

    /** Group and version, as in {@code apiVersion} and in paths of the API server. */
    public static final String API_VERSION = GROUP + "/" + VERSION;

    /** Annotation, a command: the job becomes due now. Its words are {@code now}, {@code again} and {@code force}. */
    public static final String REQUEUE = GROUP + "/requeue";

    /** Annotation, a command: the job becomes Done without running. The value is kept as explanation. */
    public static final String SET_DONE = GROUP + "/set-done";

    /** Annotation, a command: an unfinished job becomes Cancelled. */
    public static final String CANCEL = GROUP + "/cancel";

    /** Annotation: the command in progress, {@code <uuid>:<command>:<value>}. */
    public static final String HANDLING = GROUP + "/handling";

    /** Annotation: who gave the commands that wait on the job. The API server itself writes it. */
    public static final String BY = GROUP + "/by";

    /** Annotation: who gave the command in progress. */
    public static final String HANDLING_BY = GROUP + "/handling-by";

    /** Never stored on an object. The reader adds it to an object that it cannot read, to say what is wrong. */
    public static final String UNREADABLE = GROUP + "/unreadable";

    /** Annotation: the trace that the job belongs to, as in W3C Trace Context. It is passed on to the handler. */
    public static final String TRACEPARENT = "traceparent";

    /** The annotations of jobs that the product reads. */
    public static final Set<String> ANNOTATIONS =
            Set.of(REQUEUE, SET_DONE, CANCEL, HANDLING, BY, HANDLING_BY, TRACEPARENT);

    /** Annotation on the enqueuer's Lease: a minute run asks the holder for a full sweep. */
    public static final String SWEEP_REQUESTED = GROUP + "/sweep-requested";

    /** Label on a job's pod: the name of its SyncJob, shortened if it is too long for a label. */
    public static final String JOB_NAME = GROUP + "/job-name";

    /** Label on a job's pod: the uid of its SyncJob. */
    public static final String JOB_UID = GROUP + "/job-uid";

    /** Label on a job's pod: the queue in which it takes up capacity. */
    public static final String QUEUE = GROUP + "/queue";

    /** Label on a job's pod: the attempt that it executes. */
    public static final String ATTEMPT = GROUP + "/attempt";

    /** Annotation on a job's pod: the name of the worker's container, which is the first one of the template. */
    public static final String WORKER = GROUP + "/worker";

    /** Annotation on a job's pod: the names of the template's containers, init containers too, separated by commas. */
    public static final String CONTAINERS = GROUP + "/containers";

    /** Annotation on a job's pod: the template itself has scheduling gates. */
    public static final String GATED = GROUP + "/gated-by-template";

    /** Annotation on a job's pod: a fingerprint of the template that it was made from. */
    public static final String TEMPLATE = GROUP + "/template-hash";

    /** Annotation on a job's pod: the node that the template itself names. */
    public static final String NODE = GROUP + "/node-of-template";

    /** Label on the Deployment, pods and Leases of a pool: the name of its SyncWorkerPool. */
    public static final String POOL = GROUP + "/pool";

    /** Annotation on a worker's pod: the uid of the pool's own account. */
    public static final String ACCOUNT = GROUP + "/account";

    /** Annotation on a worker's Lease: how many jobs the worker runs at once. */
    public static final String SLOTS = GROUP + "/slots";

    /** Annotation on a worker's Lease: {@code Ready}, {@code HandlerNotReady} or {@code Draining}. */
    public static final String WORKER_STATE = GROUP + "/worker-state";

    /** Annotation on a worker's Lease: why its handler is not ready. */
    public static final String WORKER_MESSAGE = GROUP + "/worker-message";

    /**
     * Annotation on a worker's Lease, written by the operator: after which renewal the worker fell silent, and for how many
     * seconds.
     */
    public static final String SEEN = GROUP + "/seen";

    /** Label on what the operator creates. On pods it marks those of jobs. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String SYNCJOBS = "syncjobs";

    /** The queue of a job that names none. It exists without being created. */
    public static final String DEFAULT_QUEUE = "default";

    private Names() {}
}
