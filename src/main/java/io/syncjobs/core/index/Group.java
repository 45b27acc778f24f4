package io.syncjobs.core.index;

/** Where the index files a job: the first thing about it alone that decides what can happen to it. */
public enum Group {
    /** Done, Failed or Cancelled. */
    FINISHED,
    /** Has a place, or may have one: Enqueued, Started, or an own write that gives it one is under way or without an answer. */
    HELD,
    /** Something else comes first: a command, its deletion, its end for an unfit payload, or a write that was refused. */
    ASIDE,
    /** Its queue does not exist. */
    HOMELESS,
    /** Nothing says how to run it, or what says so is not run here. */
    UNRUNNABLE,
    /** Its eta has not come. */
    EARLY,
    /** It was tried or requeued, and its time has not come. */
    BACKOFF,
    /** May run as soon as its queue lets it. */
    READY;

    /** True where somebody has to put something right before it can run. */
    boolean isMisconfigured() {
        return this == HOMELESS || this == UNRUNNABLE;
    }

    /** True while time alone keeps it from being ready. */
    boolean isTimed() {
        return this == EARLY || this == BACKOFF;
    }

    /** True for the groups whose jobs are told why they wait. */
    public boolean waits() {
        return compareTo(HOMELESS) >= 0;
    }
}
