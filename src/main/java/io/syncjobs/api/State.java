package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a job is in its life. Unfinished: Pending → Enqueued → Started; finished: Done, Failed or Cancelled. */
public enum State {
    /** Waits for its turn: nobody works on it. The API server gives it to a new job as schema default. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** Has a place in its queue's capacity and, once {@code status.worker} is set, a worker reserved for it. */
    @JsonProperty("Enqueued")
    ENQUEUED("Enqueued"),
    /** Its worker runs. */
    @JsonProperty("Started")
    STARTED("Started"),
    /** The work is done, or a person said so (reason ManuallySetDone). */
    @JsonProperty("Done")
    DONE("Done"),
    /** Given up; a person decides: requeue, set-done or cancel. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** Withdrawn before it was done. */
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled");

    private final String text;

    State(String text) {
        this.text = text;
    }

    /** True in the states that only a person's command leaves. */
    public boolean finished() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }

    /** True while the job takes up capacity of its queue. */
    public boolean occupying() {
        return this == ENQUEUED || this == STARTED;
    }

    /** The name as it stands in {@code status.state}. */
    @Override
    public String toString() {
        return text;
    }
}
