package io.syncjobs.core.worker;

import io.syncjobs.core.job.Step;
import java.time.Instant;
import java.util.Optional;

/** What an agent does next with one attempt. */
public sealed interface Move {
    /** Do nothing until something changes or {@code until} is reached. */
    record Wait(Optional<Instant> until) implements Move {
        static final Wait FOR_NEWS = new Wait(Optional.empty());

        static Wait until(Instant time) {
            return new Wait(Optional.of(time));
        }
    }

    /** Write the job's status. */
    record Write(Step.Change change) implements Move {}

    /** Send the job to the handler. */
    record Call() implements Move {}

    /** Ask the handler to give up the call; {@code end} as in {@link Task.Cancelled}. */
    record Cancel(boolean end) implements Move {}

    /** The attempt is no longer this worker's: forget it, and the call, if there is one. */
    record Leave(String why) implements Move {}
}
