package io.syncjobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.TestJob;
import java.util.concurrent.atomic.AtomicInteger;

/** One life of a scenario's job, and the one of its writes at which the operator is to be killed. */
final class Life {
    private static final long NEVER = Long.MAX_VALUE;

    private final Scenario scenario;
    private final TestJob job;
    private final int point;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile long cameAt = NEVER;
    private volatile boolean counts;
    private boolean ended;

    Life(Scenario scenario, TestJob job, int point) {
        this.scenario = scenario;
        this.job = job;
        this.point = point;
        counts = scenario.before().isEmpty();
    }

    Scenario scenario() {
        return scenario;
    }

    String name() {
        return job.name();
    }

    String describe() {
        return job.describe();
    }

    /** Waits until it is as far as the scenario wants it; gives what makes its writes count. */
    Runnable untilWritesCount() {
        if (scenario.before().isEmpty()) return () -> {};
        var act = scenario.before().get().apply(job);
        return () -> {
            counts = true;
            act.run();
        };
    }

    /** True for the write at which the operator is to be killed. */
    boolean isPoint(ApiProxy.Request request) {
        var counted = counts && request.isWrite() && (request.path() + request.body()).contains(name());
        return counted && writes.incrementAndGet() == point;
    }

    /** The API server has carried that write out. */
    void comes() {
        cameAt = System.nanoTime();
    }

    boolean isAtItsPoint() {
        return cameAt != NEVER;
    }

    /** When it came to its point, in nanoseconds of this machine's clock. */
    long cameAt() {
        return cameAt;
    }

    /** True when there is nothing to wait for: it is at its point, or has ended without. */
    boolean isSettled() {
        if (!isAtItsPoint() && !ended) ended = isOver();
        return isAtItsPoint() || ended;
    }

    /** True when it was seen to end with fewer writes. */
    boolean hasEndedBefore() {
        return ended && !isAtItsPoint();
    }

    boolean isOver() {
        try {
            assertOver();
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    void assertOver() {
        if (scenario.end().isEmpty()) {
            assertThat(job.exists()).as(name() + " exists").isFalse();
            return;
        }
        scenario.end().get().accept(job.status());
        assertThat(job.pods()).as("pods left of " + name()).isEmpty();
        assertThat(job.hasCommand()).as(name() + " has a command left").isFalse();
    }
}
