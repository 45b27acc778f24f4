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
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The shipped operator is killed at each of its writes, once when the API server has carried the write out and nobody has got the
 * answer, and in dev/soak once more right after the answer. Each time the job ends as it must, with as many pods as it has runs.
 */
@ClusterTest
@Order(1)
@Timeout(1200)
@ResourceLock(StandInWorker.PORT)
class CrashPointIT {
    private static final Map<String, String> SETTINGS =
            Map.of("DONE_POD_SECONDS", "1", "FAILED_POD_SECONDS", "1", "DEAD_AFTER_SECONDS", "30");

    private static final String FAR = "2099-01-01T00:00:00Z";

    @Test
    void killedAtAnyWriteItLosesAndDoublesNothing() {
        try (var release = FaultyRelease.install("crash", SETTINGS);
                var handler = new CountingHandler();
                var points = new CrashPoints(release)) {
            warmWorker(release, handler);
            release.jobs().apply(queue("short").spec("retention.doneCount", 0).worker("exit=0"));
            points.visit(
                    succeeds(),
                    fails(),
                    retries(),
                    exceedsItsDeadline(),
                    isDeletedAfterItsTime(),
                    isRequeued(),
                    isRequeuedByForce(),
                    isCancelled(),
                    isSetDone(),
                    isRequeuedWhileItWaits(),
                    isCancelledWhileItWaits(),
                    isSetDoneAfterItsFailure(),
                    succeedsOnAWarmWorker(),
                    isCancelledOnAWarmWorker(),
                    exceedsItsDeadlineOnAWarmWorker());
            assertThat(handler.mostCallsOfAnAttempt()).isEqualTo(1);
            assertThat(handler.repeatedEffects()).isZero();
        }
    }

    /** Its agent lives through all of it. */
    private static void warmWorker(FaultyRelease release, CountingHandler handler) {
        release.jobs()
                .apply(
                        pool("warm").spec("replicas", 0).spec("slots", 20),
                        queue("warm").spec("workerPool", "warm").spec("capacity", 20));
        try (var operator = release.operator("operator-0", release.proxy())) {
            new StandInWorker(release, "warm", "warm-0", handler.port()).start();
            assertThat(operator.isAlive()).isTrue();
        }
    }

    private static Scenario succeedsOnAWarmWorker() {
        // Enqueued with its worker; all else is the agent's.
        return Scenario.of("warm-done", name -> warm(name, Map.of()), new Cost(0, 1), status -> {
            assertThat(status.reason()).isEqualTo("Completed");
            assertThat(status.outcomes()).containsExactly("Done");
        });
    }

    private static Scenario isCancelledOnAWarmWorker() {
        // The command's three, of which the second is the stop.
        return Scenario.of(
                "warm-withdrawn",
                name -> warm(name, Map.of("wait", true)),
                CrashPointIT::runs,
                job -> job.annotate(Names.CANCEL, "withdrawn"),
                new Cost(0, 3),
                status -> {
                    assertThat(status.reason()).isEqualTo("CancelledByUser");
                    assertThat(status.outcomes()).containsExactly("Stopped");
                });
    }

    private static Scenario exceedsItsDeadlineOnAWarmWorker() {
        // Enqueued and the stop.
        return Scenario.of(
                "warm-late",
                name -> warm(name, Map.of("wait", true)).spec("timeoutSeconds", 1),
                new Cost(0, 2),
                status -> {
                    assertThat(status.reason()).isEqualTo("DeadlineExceeded");
                    assertThat(status.outcomes()).containsExactly("Stopped");
                });
    }

    private static Manifest warm(String name, Map<String, Object> payload) {
        return job(name).spec("queue", "warm").spec("payload", payload);
    }

    private static Scenario succeeds() {
        // Enqueued with its worker, the pod, Done, the pod's deletion; Started too where the pod does not end at once.
        return Scenario.of("result", name -> job(name).worker("message={\"result\":42}"), new Cost(1, 4), status -> {
            assertThat(status.reason()).isEqualTo("Completed");
            assertThat(status.result().asInt()).isEqualTo(42);
            assertThat(status.outcomes()).containsExactly("Done");
        });
    }

    private static Scenario fails() {
        // The same with an event.
        return Scenario.of(
                "failure", name -> job(name).worker("print=no such customer", "exit=3"), new Cost(1, 5), status -> {
                    assertThat(status.reason()).isEqualTo("JobFailed");
                    assertThat(status.text("error.message")).isEqualTo("no such customer");
                    assertThat(status.outcomes()).containsExactly("Failed");
                });
    }

    private static Scenario retries() {
        return Scenario.of(
                "retry",
                name -> job(name).worker("exit=75").spec("retry.limit", 1).spec("retry.delaySeconds", 1),
                new Cost(2, 10),
                status -> {
                    assertThat(status.reason()).isEqualTo("RetriesExhausted");
                    assertThat(status.number("retries")).isEqualTo(1);
                    assertThat(status.outcomes()).containsExactly("Retried", "Failed");
                });
    }

    private static Scenario exceedsItsDeadline() {
        // Enqueued, the pod, Started, the stop, the pod's deletion, Failed, the event.
        return Scenario.of(
                "deadline", name -> job(name).worker("hang").spec("timeoutSeconds", 1), new Cost(1, 7), status -> {
                    assertThat(status.reason()).isEqualTo("DeadlineExceeded");
                    assertThat(status.outcomes()).containsExactly("Stopped");
                });
    }

    private static Scenario isDeletedAfterItsTime() {
        // Enqueued, the pod, Done, the job's deletion.
        return new Scenario(
                "retention",
                name -> job(name).spec("queue", "short"),
                Optional.empty(),
                Optional.empty(),
                new Cost(1, 4));
    }

    private static Scenario isRequeued() {
        // The command taken, obeyed and forgotten, then a life with a failure.
        return Scenario.of(
                "requeue",
                name -> job(name).worker("exit=3"),
                CrashPointIT::hasFailed,
                job -> job.annotate(Names.REQUEUE, "now"),
                new Cost(2, 8),
                status -> {
                    assertThat(status.reason()).isEqualTo("JobFailed");
                    assertThat(status.number("requeues")).isEqualTo(1);
                    assertThat(status.outcomes()).containsExactly("Failed", "Failed");
                });
    }

    private static Scenario isRequeuedByForce() {
        // The command's three, the end of the first run in two; Enqueued, the pod, Done and the pod's deletion.
        return Scenario.of(
                "force",
                name -> job(name).worker("hang=1:"),
                CrashPointIT::runs,
                job -> job.annotate(Names.REQUEUE, "force"),
                new Cost(2, 9),
                status -> {
                    assertThat(status.reason()).isEqualTo("Completed");
                    assertThat(status.number("requeues")).isEqualTo(1);
                    assertThat(status.outcomes()).containsExactly("Stopped", "Done");
                });
    }

    private static Scenario isCancelled() {
        // The command's three, the pod's deletion, and the end.
        return Scenario.of(
                "cancel",
                name -> job(name).worker("hang"),
                CrashPointIT::runs,
                job -> job.annotate(Names.CANCEL, "withdrawn"),
                new Cost(1, 5),
                status -> {
                    assertThat(status.reason()).isEqualTo("CancelledByUser");
                    assertThat(status.outcomes()).containsExactly("Stopped");
                });
    }

    private static Scenario isSetDone() {
        return Scenario.of(
                "setdone",
                name -> job(name).worker("hang"),
                CrashPointIT::runs,
                job -> job.annotate(Names.SET_DONE, "by hand"),
                new Cost(1, 5),
                status -> {
                    assertThat(status.reason()).isEqualTo("ManuallySetDone");
                    assertThat(status.outcomes()).containsExactly("Stopped");
                });
    }

    private static Scenario isRequeuedWhileItWaits() {
        // The command's three, then a life with a success.
        return Scenario.of(
                "requeuewaiting",
                name -> job(name).spec("eta", FAR).worker("exit=0"),
                CrashPointIT::waits,
                job -> job.annotate(Names.REQUEUE, "now"),
                new Cost(1, 7),
                status -> {
                    assertThat(status.reason()).isEqualTo("Completed");
                    assertThat(status.number("requeues"))
                            .as("none of a job that has not run")
                            .isZero();
                    assertThat(status.outcomes()).containsExactly("Done");
                });
    }

    private static Scenario isCancelledWhileItWaits() {
        return Scenario.of(
                "cancelwaiting",
                name -> job(name).spec("eta", FAR).worker("exit=0"),
                CrashPointIT::waits,
                job -> job.annotate(Names.CANCEL, "withdrawn"),
                new Cost(0, 3),
                status -> {
                    assertThat(status.reason()).isEqualTo("CancelledByUser");
                    assertThat(status.outcomes()).isEmpty();
                });
    }

    private static Scenario isSetDoneAfterItsFailure() {
        return Scenario.of(
                "setdonefailed",
                name -> job(name).worker("exit=3"),
                CrashPointIT::hasFailed,
                job -> job.annotate(Names.SET_DONE, "by hand"),
                new Cost(1, 3),
                status -> {
                    assertThat(status.reason()).isEqualTo("ManuallySetDone");
                    assertThat(status.outcomes()).containsExactly("Failed");
                });
    }

    private static boolean waits(JobStatus status) {
        return status.reason().equals("EtaInFuture");
    }

    private static boolean runs(JobStatus status) {
        return status.state() == State.STARTED;
    }

    private static boolean hasFailed(JobStatus status) {
        return status.outcomes().equals(List.of("Failed"));
    }
}
