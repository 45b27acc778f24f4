package io.syncjobs.core.worker;

import io.syncjobs.core.Step;
import java.time.Instant;
import java.util.Optional;

/** What an agent does next with one attempt. */
public sealed interface Move {
    /** Nothing, until something changes or that time. */
    record Wait(Optional<Instant> until) implements Move {
        static final Wait FOR_NEWS = new Wait(Optional.empty());

        static Wait until(Instant time) {
            return new Wait(Optional.of(time));
        }
    }

    /** Write the job's status. */
    record Write(Step.Change change) implements Move {}

    /** Hand it to the handler. */
    record Call() implements Move {}

    /** Tell the handler to give it up. */
    record Cancel() implements Move {}

    /** It is not this worker's any more: end the call if there is one, and forget it. */
    record Leave(String why) implements Move {}
}
