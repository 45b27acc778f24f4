package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** My job is not executed, why? What a queue lets through, in which order, and what the waiting ones say. */
@ClusterTest
@Order(5)
class QueueIT {
    @Test
    void aJobWithAnEtaStartsThenAndSaysSoUntilThen(TestNamespace here) {
        var eta = Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);
        var job = here.create(job("later").spec("eta", eta.toString()).worker("exit=0"));

        var waiting = job.awaitReason("EtaInFuture");
        assertThat(waiting.state()).isEqualTo(State.PENDING);
        assertThat(waiting.message()).contains(eta.toString());
        var done = job.await(State.DONE);
        assertThat(done.time("enqueuedTime")).isBetween(eta, eta.plusSeconds(30));
    }

    @Test
    void anEtaMayBeMovedWhileTheJobWaits(TestNamespace here) {
        var job = here.create(job("moved").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));
        job.awaitReason("EtaInFuture");

        job.patch("{\"spec\":{\"eta\":null}}");

        job.await(State.DONE);
    }

    @Test
    void aPausedQueueStartsNothingUntilItGoesOn(TestNamespace here) {
        here.apply(
                queue("held").spec("paused", true).worker("exit=0"),
                job("waits").spec("queue", "held"));

        assertThat(here.job("waits").awaitReason("QueuePaused").message()).contains("kubectl patch syncqueue held");
        here.kubectl("patch", "syncqueue", "held", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

        here.job("waits").await(State.DONE);
    }

    @Test
    void aJobOfAQueueThatDoesNotExistWaitsForIt(TestNamespace here) {
        var job = here.create(job("early").spec("queue", "nosuch"));
        assertThat(job.awaitReason("QueueNotFound").message()).contains("nosuch");

        here.apply(queue("nosuch").worker("exit=0"));

        job.await(State.DONE);
    }

    @Test
    void aFullQueueSaysHowManyAreBeforeAndCapacityMayBeRaised(TestNamespace here) {
        here.apply(
                queue("narrow").spec("capacity", 1).worker("hang"), job("first").spec("queue", "narrow"));
        here.job("first").awaitStarted(1);
        here.apply(job("second").spec("queue", "narrow"));
        assertThat(here.job("second").awaitReason("QueueAtCapacity").message()).contains("1 of at most 1");

        here.kubectl("patch", "syncqueue", "narrow", "--type=merge", "--patch", "{\"spec\":{\"capacity\":2}}");

        here.job("second").awaitStarted(1);
    }

    @Test
    void capacityIsNeverExceeded(TestNamespace here) {
        here.apply(queue("three").spec("capacity", 3).worker("sleep=1s"));
        here.apply(IntStream.rangeClosed(1, 10)
                .mapToObj(i -> job("job-" + i).spec("queue", "three"))
                .toList());
        var most = new AtomicInteger();

        Waiting.until(
                "all are Done",
                () -> {
                    var occupying = here.count(job -> State.ENQUEUED
                                    .toString()
                                    .equals(job.at("/status/state").asText())
                            || State.STARTED
                                    .toString()
                                    .equals(job.at("/status/state").asText()));
                    var alive = here.pods().stream().filter(TestJob::runs).count();
                    assertThat(occupying).as("jobs with a place").isLessThanOrEqualTo(3);
                    assertThat(alive).as("running pods").isLessThanOrEqualTo(3);
                    most.accumulateAndGet(occupying, Math::max);
                    return here.count(job -> State.DONE
                                    .toString()
                                    .equals(job.at("/status/state").asText()))
                            == 10;
                },
                here::describe);
        assertThat(most).as("places are used").hasValue(3);
    }

    @Test
    void priorityThenCreationThenNameDecide(TestNamespace here) {
        here.apply(queue("one").spec("capacity", 1).spec("paused", true).worker("exit=0"));
        here.apply(
                job("c-normal").spec("queue", "one"),
                job("a-late").spec("queue", "one").spec("priority", 50));
        here.awaitNextSecond();
        here.apply(job("b-normal").spec("queue", "one"), job("a-normal").spec("queue", "one"));
        here.apply(job("d-urgent").spec("queue", "one").spec("priority", 0));
        // Of the same second as a rule: then their names decide.
        var twins = here.jobs("a-normal", "b-normal").stream()
                .sorted(comparing((TestJob job) ->
                                job.read().at("/metadata/creationTimestamp").asText())
                        .thenComparing(TestJob::name))
                .map(TestJob::name)
                .toList();

        here.kubectl("patch", "syncqueue", "one", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

        var jobs = here.jobs("a-late", "a-normal", "b-normal", "c-normal", "d-urgent");
        jobs.forEach(job -> job.await(State.DONE));
        assertThat(jobs.stream()
                        .sorted(comparing(job -> job.status().time("enqueuedTime")))
                        .map(TestJob::name))
                .containsExactly("d-urgent", "c-normal", twins.getFirst(), twins.getLast(), "a-late");
    }

    @Test
    void aPriorityMayBeRaisedWhileTheJobWaits(TestNamespace here) {
        here.apply(queue("one").spec("capacity", 1).spec("paused", true).worker("exit=0"));
        here.apply(job("a").spec("queue", "one"), job("b").spec("queue", "one"));
        here.job("b").patch("{\"spec\":{\"priority\":1}}");

        here.kubectl("patch", "syncqueue", "one", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

        var a = here.job("a").await(State.DONE);
        var b = here.job("b").await(State.DONE);
        assertThat(b.time("enqueuedTime")).isBefore(a.time("enqueuedTime"));
        assertThat(b.number("effective.priority")).isEqualTo(1);
    }

    @Test
    void theQueuesStatusCountsAndSaysWhyNothingMoves(TestNamespace here) {
        here.apply(
                queue("counted").spec("capacity", 1).worker("exit=0"),
                job("done").spec("queue", "counted"),
                job("failed").spec("queue", "counted").worker("exit=1"));
        here.job("done").await(State.DONE);
        here.job("failed").await(State.FAILED);
        here.apply(job("running").spec("queue", "counted").worker("hang"));
        here.job("running").awaitStarted(1);
        here.apply(job("waiting").spec("queue", "counted"));

        Waiting.until(
                "the queue counts 1 of each and says why",
                () -> {
                    var status = here.queue("counted").path("status");
                    return status.path("pending").asInt() == 1
                            && status.path("running").asInt() == 1
                            && status.path("done").asInt() == 1
                            && status.path("failed").asInt() == 1
                            && status.path("reason").asText().equals("QueueAtCapacity")
                            && !status.path("oldestDueTime").isMissingNode()
                            && JobStatus.condition(status, "SchedulerHealthy")
                                    .path("status")
                                    .asText()
                                    .equals("True");
                },
                () -> here.kubectl("get", "syncqueue", "counted", "-o", "yaml"));
    }

    @Test
    void finishedJobsAreDeletedByTheQueuesRetentionAndUnfinishedOnesNever(TestNamespace here) {
        here.apply(queue("kept")
                .spec("retention.doneCount", 2)
                .spec("retention.failedCount", 0)
                .worker("exit=0"));
        here.apply(IntStream.rangeClosed(1, 5)
                .mapToObj(i -> job("done-" + i).spec("queue", "kept"))
                .toList());
        here.apply(
                job("failed").spec("queue", "kept").worker("exit=1"),
                job("running").spec("queue", "kept").worker("hang"),
                job("waiting").spec("queue", "kept").spec("eta", "2099-01-01T00:00:00Z"));

        Waiting.until(
                "two Done jobs and the unfinished ones are left",
                () -> here.count(job -> true) == 4
                        && here.count(job -> State.DONE
                                        .toString()
                                        .equals(job.at("/status/state").asText()))
                                == 2,
                here::describe);
        here.job("running").awaitStarted(1);
        assertThat(here.job("waiting").status().state()).isEqualTo(State.PENDING);
    }

    @Test
    void aDoneJobIsDeletedAfterItsTime(TestNamespace here) {
        here.apply(
                queue("brief").spec("retention.doneSeconds", 60).worker("exit=0"),
                job("old").spec("queue", "brief"));
        var finished = here.job("old").await(State.DONE).time("finishedTime");

        Waiting.until(
                "the job is deleted",
                Duration.ofSeconds(90),
                () -> !here.job("old").exists(),
                here::describe);
        assertThat(Instant.now()).isAfterOrEqualTo(finished.plusSeconds(60));
    }
}
