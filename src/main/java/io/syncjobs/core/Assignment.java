package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;

/** Who gets a job: the two ways to execute it. */
public sealed interface Assignment {
    /** The name of the pod that executes the attempt, as it stands in {@code status.worker}. */
    String worker();

    /** A pod of its own, which is still to be made. */
    record NewPod(String worker) implements Assignment {}

    /** A slot of a warm worker that lives. */
    record Slot(String worker, String pool) implements Assignment {}

    /** The number of the attempt that follows the last one. */
    static int attemptAfter(@Nullable Integer last) {
        return requireNonNullElse(last, 0) + 1;
    }
}
