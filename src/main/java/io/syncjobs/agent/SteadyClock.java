package io.syncjobs.agent;

import io.syncjobs.kube.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/** The time at which it was made, and what has passed since by a monotonic clock: somebody may set the clock of the node meanwhile. */
final class SteadyClock implements InstantSource {
    private final Ticker ticker;
    private final Instant begun;
    private final long begunNanos;

    SteadyClock(InstantSource clock, Ticker ticker) {
        this.ticker = ticker;
        begun = clock.instant();
        begunNanos = ticker.nanos();
    }

    @Override
    public Instant instant() {
        return begun.plusNanos(ticker.nanos() - begunNanos);
    }
}
