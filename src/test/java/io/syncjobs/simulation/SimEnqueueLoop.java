package io.syncjobs.simulation;

import io.syncjobs.enqueuer.EnqueueLoop;
import io.syncjobs.enqueuer.Sweep;
import java.time.Duration;

/** Drives the shipped {@link EnqueueLoop} and {@link Sweep} of one process: a round after each event, and when time is over. */
final class SimEnqueueLoop {
    private static final Duration SOON = Duration.ofMillis(1);

    /** A bound on rounds that nothing has asked for: without it most of what is simulated would be idle looks. */
    private static final Duration LATEST = Duration.ofSeconds(10);

    private final SimProcess process;
    private final EnqueueLoop loop;
    private final Sweep sweep;
    private boolean running;
    private int look;

    SimEnqueueLoop(SimProcess process, EnqueueLoop loop, Sweep sweep) {
        this.process = process;
        this.loop = loop;
        this.sweep = sweep;
    }

    void start() {
        running = true;
        wake();
    }

    void stop() {
        running = false;
    }

    void sweep(String request) {
        sweep.ask(request);
        wake();
    }

    void wake() {
        if (running) in(SOON);
    }

    private void in(Duration wait) {
        var mine = ++look;
        process.in(wait, () -> {
            if (mine == look && running) round();
        });
    }

    private void round() {
        var next = loop.step();
        var nextSweep = sweep.step();
        var wait = next.compareTo(nextSweep) < 0 ? next : nextSweep;
        // The real one looks each second; rarer looks only make what a missed event costs last longer.
        in(wait.equals(Duration.ofSeconds(1)) || wait.compareTo(LATEST) > 0 ? LATEST : wait);
    }
}
