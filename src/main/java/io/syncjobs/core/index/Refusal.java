package io.syncjobs.core.index;

/** How the API server refused a write to a job. */
public enum Refusal {
    /** The job has changed, or is gone: the watch will tell. */
    CHANGED,
    /** Nothing can be written to the job as it is. */
    FOR_GOOD,
    /** It may take the same write later. */
    FOR_NOW
}
