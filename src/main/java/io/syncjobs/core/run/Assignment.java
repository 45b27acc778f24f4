package io.syncjobs.core.run;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;

/** Who executes an attempt: a pod of its own, or a warm worker. */
public sealed interface Assignment {
    /** A pod of its own, which the operator creates after the reservation is written. */
    record NewPod() implements Assignment {}

    /** A slot of a warm worker; {@code worker} is the name of the worker's pod. */
    record Slot(String worker, String pool) implements Assignment {}

    /** The number of the attempt after {@code last}. */
    static int attemptAfter(@Nullable Integer last) {
        return requireNonNullElse(last, 0) + 1;
    }
}
