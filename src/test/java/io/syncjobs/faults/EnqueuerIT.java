package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Several who could enqueue: capacity holds at every revision, whoever wakes up late. */
@ClusterTest
@Order(2)
class EnqueuerIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void aHolderThatWasFrozenWhileItWroteIsRefusedByTheApiServer() throws InterruptedException {
        // No reason is written in this time: the frozen writes fail by the fence, not since their jobs have changed.
        try (var release = FaultyRelease.install("frozen", Map.of("REASON_AFTER_SECONDS", "600"));
                var watch = CapacityWatch.of(release.jobs(), 3)) {
            var here = release.jobs();
            var proxy = release.proxy();
            var frozen = new CountDownLatch(1);
            var thaw = new CountDownLatch(1);
            var answers = new ConcurrentLinkedQueue<String>();
            here.apply(queue("narrow").spec("capacity", 3).spec("paused", true).worker("hang"));
            here.apply(IntStream.rangeClosed(1, 3)
                    .mapToObj(i -> job("late-" + i).spec("queue", "narrow"))
                    .toList());
            release.enqueuer("operator-a", proxy);
            var standby = release.operator("operator-b", release.proxy());
            proxy.onAnswer((request, code) -> {
                if (enqueues(request)) answers.add(code + " " + request.path());
            });
            // From its first enqueueing write on, nothing of it reaches the API server: it is frozen.
            proxy.plan(
                    request -> frozen.getCount() == 0 || enqueues(request) ? new Fault.Hold(frozen, thaw) : Fault.NONE);
            here.kubectl("patch", "syncqueue", "narrow", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");
            assertThat(frozen.await(60, TimeUnit.SECONDS)).isTrue();
            here.apply(IntStream.rangeClosed(1, 3)
                    .mapToObj(i -> job("first-" + i).spec("queue", "narrow").spec("priority", 0))
                    .toList());
            here.jobs("first-1", "first-2", "first-3")
                    .forEach(job -> job.await("the new holder has filled the queue", s -> s.state() == State.STARTED));

            thaw.countDown();

            Waiting.until("the frozen writes are answered", () -> answers.size() >= 3, release::logs);
            assertThat(answers).allMatch(answer -> answer.startsWith("403") || answer.startsWith("422"), "refused");
            here.jobs("late-1", "late-2", "late-3")
                    .forEach(job -> assertThat(job.status().state()).isEqualTo(State.PENDING));
            assertThat(watch.violations()).isEmpty();
            assertThat(standby.isAlive()).isTrue();
        }
    }

    @Test
    void minuteRunsSideBySideNeverExceedCapacity() {
        try (var release = FaultyRelease.install("minutes", Map.of("EAGER", "false", "LEASE_SECONDS", "3"));
                var watch = CapacityWatch.of(release.jobs(), 4)) {
            var here = release.jobs();
            here.apply(queue("narrow").spec("capacity", 4).worker("span=1s"));
            here.apply(IntStream.rangeClosed(1, 12)
                    .mapToObj(i -> job("job-" + i).spec("queue", "narrow"))
                    .toList());
            release.operator("operator-a", release.proxy());
            release.operator("operator-b", release.proxy());

            for (var round = 1; done(here) < 12; round++) {
                assertThat(round)
                        .as("rounds of two minute runs\n" + release.logs())
                        .isLessThan(20);
                var runs = Stream.of("run-a-" + round, "run-b-" + round)
                        .map(pod -> release.minuteRun(pod, release.proxy()))
                        .toList();
                runs.forEach(ShippedProcess::awaitEnd);
                Waiting.until("what was enqueued is Done", () -> occupied(here) == 0, here::describe);
            }

            assertThat(watch.violations()).isEmpty();
            assertThat(here.count(job -> job.at("/status/attempt").asInt() == 1))
                    .isEqualTo(12);
            assertThat(WorkerLog.of(here).runs()).isEqualTo(12);
            assertThat(WorkerLog.of(here).mostAtOnce()).isBetween(1, 4);
        }
    }

    @Test
    void leadersThatAreKilledEveryFiveSecondsLoseNothingAndKeepCapacity() {
        try (var release = FaultyRelease.install("restless", Map.of("LEASE_SECONDS", "3", "DONE_POD_SECONDS", "600"));
                var watch = CapacityWatch.of(release.jobs(), 10)) {
            var here = release.jobs();
            here.apply(queue("work").spec("capacity", 10).worker("span=200ms"));
            here.apply(IntStream.rangeClosed(1, 300)
                    .mapToObj(i -> job("job-" + i).spec("queue", "work"))
                    .toList());
            var one = release.operator("operator-a", release.proxy());
            var two = release.operator("operator-b", release.proxy());

            for (var kills = 0; kills < 12; kills++) {
                Waiting.during("a moment between two kills", Duration.ofSeconds(5), () -> true, () -> "");
                if (kills % 2 == 0) {
                    one.kill();
                    one = release.operator("operator-a", release.proxy());
                } else {
                    two.kill();
                    two = release.operator("operator-b", release.proxy());
                }
            }
            Waiting.until("all are Done", LIMIT, () -> done(here) == 300, () -> here.describe() + release.logs());

            assertThat(here.count(job -> !job.at("/status/workerLosses").isMissingNode()
                            && job.at("/status/workerLosses").asInt() > 0))
                    .as("losses counted")
                    .isZero();
            assertThat(here.pods()).as("one pod for each job").hasSize(300);
            assertThat(watch.violations()).isEmpty();
            var workers = WorkerLog.of(here);
            assertThat(workers.runs()).isEqualTo(300);
            assertThat(workers.mostAtOnce()).as("by the workers' own clock").isBetween(1, 10);
            System.out.println("killed 12 leaders and standbys under 300 jobs: " + watch.changes()
                    + " changes judged, at most " + watch.most() + " of 10 places taken; by the workers' own log "
                    + workers.mostAtOnce() + " ran at once");
        }
    }

    @Test
    void anOperatorThatWasAwayForLongerThanTheDeadWorkerTimeCountsNoLoss() {
        try (var release = FaultyRelease.install("away", Map.of("DEAD_AFTER_SECONDS", "4"))) {
            var here = release.jobs();
            var proxy = release.proxy();
            var operator = release.operator("operator-a", proxy);
            here.create(job("runs").worker("sleep=25s")).awaitStarted(1);
            here.create(job("fails").worker("sleep=5s", "exit=3")).awaitStarted(1);
            here.create(job("waits").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));

            operator.close();
            Waiting.during("no operator runs", Duration.ofSeconds(12), () -> true, () -> "");
            release.operator("operator-a", proxy);

            assertThat(here.job("runs").await(State.DONE).attempt()).isEqualTo(1);
            assertThat(here.job("fails").await(State.FAILED).reason()).isEqualTo("JobFailed");
            for (var job : here.jobs("runs", "fails", "waits")) {
                assertThat(job.status().number("workerLosses")).isZero();
            }
            assertThat(here.job("waits").status().state()).isEqualTo(State.PENDING);
        }
    }

    private static boolean enqueues(ApiProxy.Request request) {
        return request.isWrite() && request.body().contains("\"Enqueued\"");
    }

    private static int done(TestNamespace here) {
        return here.count(job -> job.at("/status/state").asText().equals("Done"));
    }

    private static int occupied(TestNamespace here) {
        return here.count(job -> job.at("/status/state").asText().matches("Enqueued|Started"));
    }
}
