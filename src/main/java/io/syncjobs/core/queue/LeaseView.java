package io.syncjobs.core.queue;

import java.time.Duration;

/**
 * The content of a Lease.
 *
 * @param holder empty if nobody holds it
 * @param renewed the renew time as written; it is only compared for equality, never with a clock
 * @param sweepRequest the last request of a minute run for a full sweep
 */
public record LeaseView(String holder, Duration duration, String renewed, String version, String sweepRequest) {
    /** True if it names a holder, alive or not. */
    public boolean isHeld() {
        return !holder.isEmpty();
    }
}
