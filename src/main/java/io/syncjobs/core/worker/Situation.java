package io.syncjobs.core.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a worker stands at one moment.
 *
 * @param mayWork its Lease was renewed lately, and it has seen its jobs since: nobody takes it for dead
 * @param handlerReady the handler takes connections
 * @param drain set while it is being shut down: until when calls may go on
 * @param gone when its handler is certainly gone, of one that is being shut down
 */
public record Situation(
        Instant now,
        String pod,
        Handler handler,
        boolean mayWork,
        boolean handlerReady,
        int freeSlots,
        Optional<Instant> drain,
        Instant gone,
        Duration deadAfter) {
    boolean draining() {
        return drain.isPresent();
    }

    boolean drained() {
        return drain.isPresent() && !now.isBefore(drain.get());
    }
}
