package io.syncjobs.cluster;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something expensive, made when it is first wanted. A failure is kept too: every later caller fails with its cause at once. */
final class Once<T> {
    private final Supplier<T> maker;
    private @Nullable T made;
    private @Nullable Throwable failure;

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    synchronized T get() {
        if (made != null) return made;
        if (failure != null) throw new AssertionError("failed before, see the cause", failure);
        try {
            var result = maker.get();
            made = result;
            return result;
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    /** What was made so far. */
    synchronized Optional<T> ifMade() {
        return Optional.ofNullable(made);
    }
}
