package io.syncjobs.core.index;

/** The groups in which the index files jobs. The group says what can happen to a job next. */
public enum Group {
    /** Done, Failed or Cancelled. */
    FINISHED,
    /** Has a place or may have one: the job is Enqueued or Started, or an own write that enqueues it has no answer yet. */
    HELD,
    /**
     * Something else comes first: a command, its deletion, or the end of a job whose payload cannot be used. Or the API server
     * refused the last write.
     */
    ASIDE,
    /** Its queue does not exist. */
    HOMELESS,
    /** Nothing says how to run it, or this installation does not run templates of jobs. */
    UNRUNNABLE,
    /** Its eta has not come. */
    EARLY,
    /** It was tried or requeued before, and its next time has not come. */
    BACKOFF,
    /** May run as soon as its queue has a place for it. */
    READY;

    /** True if somebody must change the configuration before the job can run. */
    boolean isMisconfigured() {
        return this == HOMELESS || this == UNRUNNABLE;
    }

    /** True if the passing of time alone makes the job ready. */
    boolean isTimed() {
        return this == EARLY || this == BACKOFF;
    }

    /** True for groups of jobs whose status should say why they wait. */
    public boolean waits() {
        return compareTo(HOMELESS) >= 0;
    }
}
