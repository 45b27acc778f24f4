package io.syncjobs.core.worker;

import io.syncjobs.core.job.Step;
import java.time.Instant;

/**
 * How far an agent is with one attempt. What the job itself says, Enqueued or Started, is not repeated here.
 *
 * <pre>
 *   Waiting ──▶ Taken ──Started is written──▶ Calling ──▶ Answered ──the outcome is written──▶ gone
 *                                              ▲   │
 *                                              └───┴─▶ Unreached: nobody took the connection
 *   Foreign: found Started by an agent that has not started it
 * </pre>
 */
public sealed interface Progress {
    /** The agent has not taken it: there may be no free slot, or no handler. */
    record Waiting() implements Progress {}

    /** It has a slot, and the handler has not been called. */
    record Taken() implements Progress {}

    /** The handler has accepted no connection since {@code since}. */
    record Unreached(Instant since, String why) implements Progress {}

    /** The handler is working on it. */
    record Calling() implements Progress {}

    /** The handler has answered; {@code outcome} is written until the job shows it. */
    record Answered(Step.Change outcome) implements Progress {}

    /** An earlier agent in this pod has taken it. Nobody waits for the handler's answer any more. */
    record Foreign() implements Progress {}

    /** True while it takes a slot of the worker. */
    default boolean takesSlot() {
        return switch (this) {
            case Waiting w -> false;
            case Foreign f -> false;
            case Taken t -> true;
            case Unreached u -> true;
            case Calling c -> true;
            case Answered a -> true;
        };
    }
}
