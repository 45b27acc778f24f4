package io.syncjobs.core;

import java.time.Instant;

/** How the warm worker stands that has a job. */
public sealed interface WorkerView {
    /** Nobody can tell: the watches have not shown everything yet. */
    WorkerView UNKNOWN = new Unknown();

    /** It is heard. {@code handlerSilent} where its handler does not answer, with what the agent says of that. */
    record Alive(boolean handlerSilent, String message) implements WorkerView {}

    /**
     * It has not been heard for a while, by the observer's own clock.
     *
     * @param timeOver when it was silent for its whole time
     * @param deadAt when it counts as dead: later where most workers of its pool have fallen silent at once, since then it may
     *     be the API server or the observer that is deaf
     */
    record Silent(Instant since, Instant timeOver, Instant deadAt) implements WorkerView {
        boolean isOneOfMany() {
            return deadAt.isAfter(timeOver);
        }
    }

    /** Its pod has ended or is gone. {@code seen} where that was watched; else the API server is asked before it counts. */
    record Gone(WorkerEnd end, boolean seen) implements WorkerView {}

    /** See {@link #UNKNOWN}. */
    record Unknown() implements WorkerView {}
}
