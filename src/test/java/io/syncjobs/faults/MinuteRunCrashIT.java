package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.TestNamespace;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The minute run is killed at each of its writes in turn, its Lease's included; the next one finds everything in order. */
@ClusterTest
@Order(4)
@Timeout(1800)
class MinuteRunCrashIT {
    private static final int JOBS = 2;

    @Test
    void killedAtAnyWriteItLosesAndDoublesNothing() {
        var strict = Map.of("EAGER", "false", "DONE_POD_SECONDS", "600");
        try (var release = FaultyRelease.install("tick", strict);
                var watch = CapacityWatch.of(release.jobs(), JOBS)) {
            release.jobs().apply(queue("work").spec("capacity", JOBS).worker("exit=0"));
            release.operator("operator-a", release.proxy());
            // The minute runs alone: an operator on a busy machine would lose so short a Lease.
            release.set("LEASE_SECONDS", "5");
            var visited = 0;
            for (var mode : CrashPoints.MODES) {
                for (var n = 1; killedAt(n, mode, release); n++) visited++;
            }
            var modes = CrashPoints.MODES.size();
            watch.assertKept(JOBS * (visited + modes));
            assertThat(visited).as("points visited").isGreaterThanOrEqualTo(modes * (JOBS + 2));
            System.out.println("crash points of the minute run visited: " + visited);
        }
    }

    /** One run with a crash at write {@code n}, then one without; false when it has fewer writes. */
    private static boolean killedAt(int n, CrashPoints.Mode mode, FaultyRelease release) {
        var here = release.jobs();
        var name = (mode.isAnswered() ? "answered-" : "lost-") + n;
        here.apply(IntStream.rangeClosed(1, JOBS)
                .mapToObj(i -> job(name + "-" + i).spec("queue", "work"))
                .toList());
        var proxy = release.proxy();
        var writes = new AtomicInteger();
        var killed = new AtomicInteger();
        var run = release.minuteRun(name, proxy);
        proxy.plan(request -> {
            if (!request.isWrite() || writes.incrementAndGet() != n) return Fault.NONE;
            Runnable kill = () -> {
                killed.set(1);
                run.kill();
            };
            return mode.isAnswered() ? new Fault.KeepAnswer(() -> true, kill) : new Fault.LoseAnswer(kill);
        });
        run.awaitEnd();
        // On a busy machine a run may lose so short a Lease before it has given a place. The next minute has one too.
        for (var next = 1; next == 1 || (next <= 5 && anyIsPending(name, here)); next++) {
            assertThat(release.minuteRun(name + "-next-" + next, release.proxy())
                            .awaitEnd())
                    .as("the next run\n" + release.logs())
                    .isZero();
        }
        for (var i = 1; i <= JOBS; i++) {
            var job = here.job(name + "-" + i);
            assertThat(job.await(State.DONE).attempt()).as(name).isEqualTo(1);
            assertThat(job.pods()).hasSize(1);
        }
        return killed.get() == 1;
    }

    private static boolean anyIsPending(String name, TestNamespace here) {
        return IntStream.rangeClosed(1, JOBS)
                .mapToObj(i -> here.job(name + "-" + i).status().state())
                .anyMatch(State.PENDING::equals);
    }
}
