package io.syncjobs.api;

import java.util.Set;

/** Names that the product puts on objects or reads from them. */
public final class Names {
    /** The API group of all custom resources. */
    public static final String GROUP = "syncjobs.io";

    public static final String VERSION = "v1alpha1";

    /** Annotation, a command: the job is due now; its words are {@code now}, {@code again} and {@code force}. */
    public static final String REQUEUE = GROUP + "/requeue";

    /** Annotation, a command: the job becomes Done without running; the value is kept as explanation. */
    public static final String SET_DONE = GROUP + "/set-done";

    /** Annotation, a command: the unfinished job becomes Cancelled. */
    public static final String CANCEL = GROUP + "/cancel";

    /** Annotation: the command being handled, {@code <uuid>:<command>:<value>}. */
    public static final String HANDLING = GROUP + "/handling";

    /** Annotation: who gave the commands that wait on the job; the API server itself writes it. */
    public static final String BY = GROUP + "/by";

    /** Annotation: who gave the command being handled. */
    public static final String HANDLING_BY = GROUP + "/handling-by";

    /** Never on an object: what is wrong with one that could not be read, put there by the reader. */
    public static final String UNREADABLE = GROUP + "/unreadable";

    /** Annotation: the trace that the job belongs to, as W3C Trace Context has it; handed on to the handler. */
    public static final String TRACEPARENT = "traceparent";

    /** The annotations of jobs that the product reads. */
    public static final Set<String> ANNOTATIONS =
            Set.of(REQUEUE, SET_DONE, CANCEL, HANDLING, BY, HANDLING_BY, TRACEPARENT);

    /** Annotation on the enqueuer's Lease: a minute run asks the live holder for a full sweep. */
    public static final String SWEEP_REQUESTED = GROUP + "/sweep-requested";

    /** Label on a job's pod: the name of its SyncJob, shortened where it is too long for a label. */
    public static final String JOB_NAME = GROUP + "/job-name";

    /** Label on a job's pod: the uid of its SyncJob. */
    public static final String JOB_UID = GROUP + "/job-uid";

    /** Label on a job's pod: the queue whose capacity it takes up. */
    public static final String QUEUE = GROUP + "/queue";

    /** Label on a job's pod: the attempt that it executes. */
    public static final String ATTEMPT = GROUP + "/attempt";

    /** Annotation on a job's pod: the container that is the worker, the first one of the template. */
    public static final String WORKER = GROUP + "/worker";

    /** Annotation on a job's pod: a fingerprint of the template that it was made from. */
    public static final String TEMPLATE = GROUP + "/template";

    /** Annotation on a job's pod: the node to which the template itself binds it. */
    public static final String NODE = GROUP + "/node-of-template";

    /** Label on the Deployment, the pods and the Leases of a pool of workers: the name of its SyncWorkerPool. */
    public static final String POOL = GROUP + "/pool";

    /** Annotation on a worker's Lease: how many jobs it runs at once. */
    public static final String SLOTS = GROUP + "/slots";

    /** Annotation on a worker's Lease: {@code Ready}, {@code HandlerNotReady} or {@code Draining}. */
    public static final String WORKER_STATE = GROUP + "/worker-state";

    /** Annotation on a worker's Lease: why its handler is not ready. */
    public static final String WORKER_MESSAGE = GROUP + "/worker-message";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Value of {@link #MANAGED_BY} on what the operator creates. */
    public static final String SYNCJOBS = "syncjobs";

    /** The queue of a job that names none; it exists without being created. */
    public static final String DEFAULT_QUEUE = "default";

    private Names() {}
}
