package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of a job. Unfinished: Pending → Enqueued → Started. Finished: Done, Failed or Cancelled. */
public enum State {
    /** Waits for its turn; nobody works on it. New jobs are Pending by the default of the schema. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** Holds a place in its queue's capacity. Once {@code status.worker} is set, a worker is reserved for it. */
    @JsonProperty("Enqueued")
    ENQUEUED("Enqueued"),
    /** Its worker is running. */
    @JsonProperty("Started")
    STARTED("Started"),
    /** The work is done, or a person said so (reason ManuallySetDone). */
    @JsonProperty("Done")
    DONE("Done"),
    /** Given up. A person decides: requeue, set-done or cancel. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** Withdrawn before it was done. */
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled");

    private final String text;

    State(String text) {
        this.text = text;
    }

    /** True for states that only a person's command can leave. */
    public boolean finished() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }

    /** True while the job takes up capacity of its queue. */
    public boolean occupying() {
        return this == ENQUEUED || this == STARTED;
    }

    /** The state as in {@code status.state}. */
    @Override
    public String toString() {
        return text;
    }
}
