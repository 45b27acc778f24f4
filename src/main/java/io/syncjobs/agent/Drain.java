package io.syncjobs.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * A worker that takes no more jobs, because the kubelet has run the preStop hook of its handler or because the agent is told to end.
 * The kubelet also runs the hook if it restarts the handler's container alone, for example after a failed probe. Then the pod goes
 * on, and the worker takes jobs again: 1. The drain is done. 2. The handler accepts no connection any more. 3. It accepts
 * connections again, which the container of a pod that ends never does.
 *
 * @param since when it began, by a clock that nobody sets
 * @param agentEnds true if the agent itself is told to end
 * @param done true if the hook has its answer: the handler's container is told to end now
 * @param handlerEnded true if the handler has ended since then
 */
record Drain(Instant since, boolean agentEnds, boolean done, boolean handlerEnded) {
    /** A pod that still lives so long after its grace period was not told to end. The kubelet may be late. */
    private static final Duration LATE = Duration.ofSeconds(15);

    Drain(Instant since) {
        this(since, false, false, false);
    }

    Drain ofAgent() {
        return new Drain(since, true, done, handlerEnded);
    }

    Drain over() {
        return new Drain(since, agentEnds, true, handlerEnded);
    }

    Drain handlerGone() {
        return new Drain(since, agentEnds, done, handlerEnded || done);
    }

    /** What is left of a time that began with the shutdown; negative if the time is over. */
    Duration left(Duration time, Instant now) {
        return Duration.between(now, since.plus(time));
    }

    /** True if only the handler's container was restarted. {@code handlerReady} is true if the handler accepts connections. */
    boolean wasOfContainer(Instant now, boolean handlerReady, Duration grace) {
        if (agentEnds) return false;
        return (handlerEnded && handlerReady) || now.isAfter(since.plus(grace).plus(LATE));
    }
}
