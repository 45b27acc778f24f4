package io.syncjobs.core.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a worker at one moment.
 *
 * @param now the time by the clock of the node, which somebody may set
 * @param steady a time that passes as evenly as the time of the node should: what lasts is measured by it
 * @param mayWork true if its Lease was renewed recently and its jobs were listed since, so nobody takes it for dead
 * @param handlerReady true if the handler accepts connections
 * @param drain set while the worker is being shut down: calls may go on until then
 * @param gone the time when the handler of a worker that is being shut down has ended for certain
 */
public record Situation(
        Instant now,
        Instant steady,
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
