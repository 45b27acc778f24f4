package io.syncjobs.kube;

/** A clock for durations: it only ever goes on, whatever is done to the time of day. */
@FunctionalInterface
public interface Ticker {
    /** The machine's. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();
}
