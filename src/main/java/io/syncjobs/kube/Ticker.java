package io.syncjobs.kube;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A clock for durations: it only ever goes on, whatever is done to the time of day. */
@FunctionalInterface
public interface Ticker {
    /** The machine's. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /** Returns when so much of its time is over. */
    default void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
