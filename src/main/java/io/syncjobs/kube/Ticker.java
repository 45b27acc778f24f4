package io.syncjobs.kube;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A monotonic clock for durations; changes of the time of day do not affect it. */
@FunctionalInterface
public interface Ticker {
    /** The clock of the machine. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary moment; only differences have a meaning. */
    long nanos();

    /** Returns after this much time of the clock. */
    default void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
