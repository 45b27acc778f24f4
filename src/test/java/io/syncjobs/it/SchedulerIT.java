package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of operator and scheduler: who starts jobs, and what waiting ones say when one of both does not work. */
@ClusterTest
@Order(2)
@Timeout(900)
class SchedulerIT {
    /** Longer than from one minute run to the end of the next, which first watches a Lease when the operator is gone. */
    private static final Duration NEXT_RUN = Duration.ofMinutes(3);

    @Test
    void inStrictModeJobsWaitForTheCronJobAndSayWhatIsWrongWithIt() {
        var values = Map.<String, Object>of("enqueuer", Map.of("eager", false, "suspend", true));
        try (var own = OwnRelease.install("strict", values)) {
            aCronJobThatIsSuspendedOrMissing(own);
            runsThatFail(own);
            runsWhosePodsNoNodeTakes(own);
        }
    }

    private static void aCronJobThatIsSuspendedOrMissing(OwnRelease own) {
        var here = own.jobs();
        here.apply(queue("work").worker("exit=0"), job("waits").spec("queue", "work"));
        var job = here.job("waits");

        var suspended = job.awaitReason("SchedulerSuspended");
        assertThat(suspended.state()).isEqualTo(State.PENDING);
        assertThat(suspended.message())
                .contains("patch cronjob " + own.release().cronJob());
        awaitCondition(own, "SchedulerSuspended");
        assertThat(own.release().explain("waits", here)).contains("SchedulerSuspended");

        own.release().kubectl("delete", "cronjob", own.release().cronJob());
        assertThat(job.awaitReason("SchedulerMissing").message()).contains("helm upgrade");
        awaitCondition(own, "SchedulerMissing");

        own.upgrade(Map.of("enqueuer", Map.of("eager", false, "schedule", "0 0 1 1 *")));
        job.awaitReason("WaitingForTick");
        assertThat(own.release().explain("waits", here)).contains("WaitingForTick");

        var working = Instant.now();
        own.upgrade(Map.of("enqueuer", Map.of("eager", false)));
        var done = job.await(State.DONE, NEXT_RUN);
        assertThat(done.time("enqueuedTime")).isAfter(working);
        assertThat(done.attempt()).isEqualTo(1);
        awaitCondition(own, "");
    }

    private static void runsThatFail(OwnRelease own) {
        own.upgrade(overdueSoon(true));
        own.release()
                .patchCronJobPods(
                        Map.of("containers", List.of(Map.of("name", "syncjobs", "args", List.of("no-such-command")))));
        own.release().suspendCronJob(false);
        var job = own.jobs().create(job("waits-for-success").spec("queue", "work"));
        job.awaitReason("WaitingForTick");

        var told = job.awaitReason("SchedulerNotRunning", NEXT_RUN);
        assertThat(told.state()).isEqualTo(State.PENDING);
        assertThat(told.message()).contains("do not succeed");
        awaitCondition(own, "SchedulerNotRunning");

        own.upgrade(overdueSoon(false));
        job.await(State.DONE, NEXT_RUN);
    }

    private static void runsWhosePodsNoNodeTakes(OwnRelease own) {
        own.release().patchCronJobPods(Map.of("nodeSelector", Map.of("disk", "none")));
        Waiting.until(
                "the last good run is over", () -> own.release().activeRuns().isEmpty(), own.jobs()::describe);
        var told = own.jobs()
                .create(job("waits-for-a-node").spec("queue", "work"))
                .awaitReason("SchedulerNotRunning", NEXT_RUN);
        assertThat(told.state()).isEqualTo(State.PENDING);
        awaitCondition(own, "SchedulerNotRunning");
    }

    @Test
    void inEagerModeJobsStartAtOnceWhateverTheSchedulerDoesAndQueuesTellIt() {
        try (var own = OwnRelease.install("eager", Map.of("enqueuer", Map.of("suspend", true)))) {
            var here = own.jobs();
            here.apply(queue("work").worker("exit=0"));

            awaitCondition(own, "SchedulerSuspended");
            here.create(job("suspended").spec("queue", "work")).await(State.DONE);
            Waiting.until(
                    "an event tells it on the queue",
                    () -> here.kubectl("get", "events", "--field-selector", "involvedObject.kind=SyncQueue")
                            .contains("SchedulerSuspended"),
                    here::describe);
            assertThat(own.release().metrics()).contains("syncjobs_scheduler_healthy 0");

            own.release().kubectl("delete", "cronjob", own.release().cronJob());
            awaitCondition(own, "SchedulerMissing");
            here.create(job("missing").spec("queue", "work")).await(State.DONE);

            // The first of January is far: runs that should come do not start.
            own.upgrade(Map.of("enqueuer", Map.of("schedule", "0 0 1 1 *", "overdueSeconds", 5)));
            awaitCondition(own, "SchedulerNotRunning");
            here.create(job("notrunning").spec("queue", "work")).await(State.DONE);

            own.upgrade(Map.of("enqueuer", OwnRelease.EACH_MINUTE));
            awaitCondition(own, "");
            Waiting.until(
                    "the metric says so too",
                    () -> own.release().metrics().contains("syncjobs_scheduler_healthy 1"),
                    () -> own.release().metrics());
        }
    }

    @Test
    void withoutAnOperatorTheMinuteRunSaysSoAndNothingIsLost() {
        try (var own = OwnRelease.install("down", Map.of("leaseSeconds", 7, "enqueuer", OwnRelease.EACH_MINUTE))) {
            var here = own.jobs();
            here.apply(
                    queue("work").worker("exit=0"),
                    job("succeeds").worker("sleep=30s", "message={\"result\":42}"),
                    job("fails").worker("sleep=30s", "print=no such customer", "exit=1"),
                    job("outlives").worker("hang"),
                    job("commanded").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));
            here.jobs("succeeds", "fails", "outlives").forEach(job -> job.awaitStarted(1));
            own.release().scaleOperator(0);
            here.job("commanded").annotate("syncjobs.io/requeue", "now");
            here.apply(job("waits").spec("queue", "work"));

            var told = here.job("waits").awaitReason("OperatorNotRunning", NEXT_RUN);
            assertThat(told.state()).isEqualTo(State.PENDING);
            assertThat(told.message()).contains("operator");

            var queue = here.queue("work").path("status");
            assertThat(JobStatus.condition(queue, "OperatorRunning")
                            .path("status")
                            .asText())
                    .isEqualTo("False");
            assertThat(queue.path("message").asText()).containsPattern("as of \\d{4}-\\d\\d-\\d\\dT");

            // Now nobody is left who could write.
            own.release().suspendCronJob(true);
            here.apply(job("silent").spec("queue", "work"));
            assertThat(own.release().explain("silent", here)).contains("OperatorNotRunning");
            assertThat(here.job("silent").status().reason()).isEmpty();
            assertThat(own.release().explain("outlives", here)).contains("Started", "No operator is running");
            Waiting.until("two pods have ended", () -> ended(here) == 2, here::describe);
            assertThat(here.job("succeeds").status().state()).isEqualTo(State.STARTED);

            own.release().scaleOperator(1);
            here.job("waits").await(State.DONE);
            Waiting.until(
                    "the queue says that an operator runs",
                    () -> JobStatus.condition(here.queue("work").path("status"), "OperatorRunning")
                            .path("status")
                            .asText()
                            .equals("True"),
                    here::describe);
            here.job("silent").await(State.DONE);
            here.job("commanded").awaitDone(1);
            var succeeded = here.job("succeeds").await(State.DONE);
            assertThat(succeeded.result().asInt()).isEqualTo(42);
            assertThat(succeeded.attempt()).isEqualTo(1);
            var failed = here.job("fails").await(State.FAILED);
            assertThat(failed.text("error.message")).isEqualTo("no such customer");
            assertThat(failed.attempt()).isEqualTo(1);
            assertThat(here.job("outlives").status().attempt()).isEqualTo(1);
        }
    }

    private static long ended(TestNamespace here) {
        return here.pods().stream()
                .filter(pod -> pod.getStatus().getPhase().matches("Succeeded|Failed"))
                .count();
    }

    private static Map<String, Object> overdueSoon(boolean suspend) {
        return Map.of("enqueuer", Map.of("eager", false, "overdueSeconds", 65, "suspend", suspend));
    }

    /** Waits until the queue's condition has that reason; none means that the scheduler works. */
    private static void awaitCondition(OwnRelease own, String problem) {
        Waiting.until(
                "the queue's condition is " + (problem.isEmpty() ? "True" : problem),
                () -> {
                    var condition = JobStatus.condition(own.jobs().queue("work").path("status"), "SchedulerHealthy");
                    return problem.isEmpty()
                            ? condition.path("status").asText().equals("True")
                            : condition.path("reason").asText().equals(problem)
                                    && condition.path("status").asText().equals("False");
                },
                own.jobs()::describe);
    }
}
