package io.syncjobs.core.index;

/** How the API server refused a write to a job. */
public enum Refusal {
    /** The job has changed or is gone. The watch will show it. */
    CHANGED,
    /** Nothing can be written to the job at this version. */
    FOR_GOOD,
    /** The API server may accept the same write later. */
    FOR_NOW
}
