package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.faults.Scenario.Cost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The shipped agent is killed at each of its writes: when the API server has carried the write out and nobody has got the answer,
 * and when it has not got there; in dev/soak also right after the answer. It is started again in the same pod, as the kubelet does.
 */
@ClusterTest
@Order(2)
@Timeout(900)
@ResourceLock(StandInWorker.PORT)
class AgentCrashIT {
    private static final String POOL = "shop";

    @Test
    void killedAtAnyWriteItLosesNothingAndCountsNothing() {
        try (var release = FaultyRelease.install("agent", Map.of());
                var handler = new CountingHandler()) {
            var here = release.jobs();
            release.lastingEnqueuer("operator-0", release.proxy());
            here.apply(pool(POOL).spec("replicas", 0).spec("slots", 20));
            here.apply(queue(POOL).spec("workerPool", POOL).spec("capacity", 20));
            var worker = new StandInWorker(release, POOL, POOL + "-1", handler.port());
            try (var points = new CrashPoints(release, worker.proxy(), worker::start)) {
                points.visit(succeeds(), fails(), retries(), isCancelled(), isRequeuedByForce(), exceedsItsDeadline());
            }
            assertThat(handler.mostCallsOfAnAttempt())
                    .as("calls of one attempt")
                    .isEqualTo(1);
            System.out.println("crash points of the agent: repeated external effects " + handler.repeatedEffects()
                    + ", of one job at most " + handler.mostEffectsOfAJob());
        }
    }

    private static Scenario succeeds() {
        // Started, Done.
        return Scenario.of("success", name -> warm(name, Map.of()), new Cost(0, 2), status -> {
            assertThat(status.reason()).isEqualTo("Completed");
            assertThat(status.result().asText()).isEqualTo("done");
            assertThat(outcomes(status)).containsExactly("Done");
        });
    }

    private static Scenario fails() {
        return Scenario.of("failure", name -> warm(name, Map.of("status", 422)), new Cost(0, 2), status -> {
            assertThat(status.reason()).isEqualTo("JobFailed");
            assertThat(outcomes(status)).containsExactly("Failed");
        });
    }

    private static Scenario retries() {
        // Started, Pending; and both once more, with Failed.
        return Scenario.of(
                "retry",
                name -> warm(name, Map.of("status", 503, "retryAfter", 1)).spec("retry.limit", 1),
                new Cost(0, 4),
                status -> {
                    assertThat(status.reason()).isEqualTo("RetriesExhausted");
                    assertThat(status.number("retries")).isEqualTo(1);
                    assertThat(outcomes(status)).containsExactly("Retried", "Failed");
                });
    }

    private static Scenario isCancelled() {
        return Scenario.of(
                "cancel",
                name -> warm(name, Map.of("wait", true)),
                AgentCrashIT::runs,
                job -> job.annotate(Names.CANCEL, "withdrawn"),
                new Cost(0, 1),
                status -> {
                    assertThat(status.reason()).isEqualTo("CancelledByUser");
                    assertThat(outcomes(status)).containsExactly("Stopped");
                });
    }

    private static Scenario isRequeuedByForce() {
        // The end of the first run, then Started and the end of the second.
        return Scenario.of(
                "force",
                name -> warm(name, Map.of("wait", true)),
                AgentCrashIT::runs,
                job -> job.annotate(Names.REQUEUE, "force"),
                new Cost(0, 3),
                status -> {
                    assertThat(status.reason()).isEqualTo("Completed");
                    assertThat(status.number("requeues")).isEqualTo(1);
                    assertThat(outcomes(status)).containsExactly("Stopped", "Done");
                });
    }

    private static Scenario exceedsItsDeadline() {
        // Started, Failed.
        return Scenario.of(
                "deadline",
                name -> warm(name, Map.of("wait", true)).spec("timeoutSeconds", 2),
                new Cost(0, 2),
                status -> {
                    assertThat(status.reason()).isEqualTo("DeadlineExceeded");
                    assertThat(outcomes(status)).containsExactly("Stopped");
                });
    }

    private static Manifest warm(String name, Map<String, Object> payload) {
        return job(name).spec("queue", POOL).spec("payload", payload);
    }

    private static boolean runs(JobStatus status) {
        return status.state() == State.STARTED;
    }

    /** Of the attempts whose agent was not killed meanwhile; none of those counts. */
    private static List<String> outcomes(JobStatus status) {
        assertThat(status.number("workerLosses")).isZero();
        return status.outcomes().stream()
                .filter(outcome -> !outcome.equals("Lost"))
                .toList();
    }
}
