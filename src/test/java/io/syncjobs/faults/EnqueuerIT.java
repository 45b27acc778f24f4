package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several who could enqueue: capacity holds at every revision, whoever wakes up late. */
@ClusterTest
@Order(3)
@Timeout(900)
class EnqueuerIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);

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
            assertThat(frozen.await(180, TimeUnit.SECONDS)).isTrue();
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
            watch.assertKept(3);
            assertThat(standby.isAlive()).isTrue();
        }
    }

    @Test
    void minuteRunsSideBySideNeverExceedCapacity() {
        try (var release = FaultyRelease.install("minutes", Map.of("EAGER", "false"));
                var watch = CapacityWatch.of(release.jobs(), 4)) {
            var here = release.jobs();
            here.apply(queue("narrow").spec("capacity", 4).worker("span=1s"));
            here.apply(IntStream.rangeClosed(1, 12)
                    .mapToObj(i -> job("job-" + i).spec("queue", "narrow"))
                    .toList());
            release.operator("operator-a", release.proxy());
            release.operator("operator-b", release.proxy());
            // The minute runs alone: an operator on a busy machine would lose so short a Lease.
            release.set("LEASE_SECONDS", "3");

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

            watch.assertKept(12);
            assertThat(here.count(job -> job.at("/status/attempt").asInt() == 1))
                    .isEqualTo(12);
            assertThat(WorkerLog.of(here).runs()).isEqualTo(12);
            assertThat(WorkerLog.of(here).mostAtOnce()).isBetween(1, 4);
        }
    }

    /** Three hundred pods and twelve lives of an operator are too much for each build on two cores. */
    @Test
    @Tag("soak")
    @Timeout(1500)
    void leadersThatAreKilledEveryFewSecondsLoseNothingAndKeepCapacity() {
        try (var release = FaultyRelease.install("restless", Map.of("LEASE_SECONDS", "3", "DONE_POD_SECONDS", "600"));
                var watch = CapacityWatch.of(release.jobs(), 10)) {
            var here = release.jobs();
            here.apply(queue("work").spec("capacity", 10).worker("span=500ms"));
            here.apply(IntStream.rangeClosed(1, 300)
                    .mapToObj(i -> job("job-" + i).spec("queue", "work"))
                    .toList());
            var processes = new HashMap<String, ShippedProcess>();
            for (var pod : List.of("operator-a", "operator-b"))
                processes.put(pod, release.operator(pod, release.proxy()));
            var holders = new ArrayList<String>();
            var unfinished = 300;
            for (var kills = 0; kills < 12; kills++) {
                Waiting.during("a moment between two kills", Duration.ofSeconds(5), () -> true, () -> "");
                var holder = release.awaitHolder(processes::containsKey);
                holders.add(holder);
                unfinished = 300 - done(here);
                requireNonNull(processes.get(holder)).kill();
                // As each minute: whether or not somebody enqueues just then, it must exceed no capacity.
                release.minuteRun("run-" + kills, release.proxy());
                // Every other one is away for so long that its Lease goes to the other one.
                if (kills % 2 == 1) holders.add(release.awaitHolder(pod -> !pod.equals(holder)));
                processes.put(holder, release.operator(holder, release.proxy()));
            }
            Waiting.until(
                    "all are Done",
                    Duration.ofMinutes(15),
                    () -> done(here) == 300,
                    () -> here.describe() + release.logs());

            assertThat(unfinished).as("unfinished at the last kill").isPositive();
            assertThat(changes(holders)).as("changes of " + holders).isGreaterThanOrEqualTo(6);
            assertThat(here.count(job -> job.at("/status/workerLosses").asInt(0) > 0))
                    .as("losses counted")
                    .isZero();
            assertThat(here.pods()).as("one pod for each job").hasSize(300);
            watch.assertKept(300);
            var workers = WorkerLog.of(here);
            assertThat(workers.runs()).isEqualTo(300);
            assertThat(workers.mostAtOnce()).as("by the workers' own clock").isBetween(2, 10);
            System.out.println("killed 12 holders of the enqueuer's Lease under 300 jobs: " + changes(holders)
                    + " changes of holder, " + unfinished + " jobs unfinished at the last kill, " + watch.changes()
                    + " changes judged, at most " + watch.most() + " places taken of ten, at most "
                    + workers.mostAtOnce() + " runs at once by the workers' own log");
        }
    }

    @Test
    void anOperatorThatWasAwayBlamesNobodyForWhatItDidNotSee() {
        try (var release = FaultyRelease.install("away", Map.of())) {
            var here = release.jobs();
            var proxy = release.proxy();
            var operator = release.enqueuer("operator-a", proxy);
            here.apply(
                    job("runs").worker("sleep=90s"),
                    job("fails").worker("sleep=20s", "exit=3"),
                    slowToStop(job("stops").worker("hang"), 600),
                    slowToStop(job("evicted").worker("hang=1:"), 120),
                    job("waits").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));
            here.jobs("fails", "runs", "stops", "evicted").forEach(job -> job.awaitStarted(1));
            here.job("stops").annotate("syncjobs.io/cancel", "withdrawn");
            here.job("stops").awaitReason("Stopping");
            here.create(job("homeless").worker("exit=0").spec("template.spec.nodeSelector", Map.of("away", "back")))
                    .await("it has a pod", s -> s.state() == State.ENQUEUED);
            Waiting.until("its pod is there", () -> !here.job("homeless").pods().isEmpty(), here::describe);

            operator.close();
            evict(here.job("evicted"), here);
            Waiting.during("no operator runs for three times as long", Duration.ofSeconds(45), () -> true, () -> "");
            // Only the one that comes back is so impatient: before, a pod may take its time on a busy machine.
            release.set("DEAD_AFTER_SECONDS", "15");
            release.set("POD_START_SECONDS", "40");
            release.enqueuer("operator-a", proxy);

            // Each of the times is over by the clock, but not for somebody who has only now begun to look.
            Waiting.during(
                    "nothing is given up at the first look",
                    Duration.ofSeconds(2),
                    () -> here.job("stops").status().state() == State.STARTED
                            && here.job("homeless").status().state() == State.ENQUEUED
                            && here.job("evicted").status().attempt() == 1,
                    here::describe);
            // By force: a kubelet that has begun to wait for a grace period waits for all of it.
            here.kubectl("delete", "pod", here.job("stops").status().worker(), "--force", "--grace-period=0");
            here.kubectl("label", "node", "--all", "away=back", "--overwrite");
            assertThat(here.job("stops").await(State.CANCELLED).outcomes()).containsExactly("Stopped");
            assertThat(here.job("stops").pods()).as("its pod has ended before").noneMatch(TestJob::runs);
            assertThat(here.job("evicted").await(State.DONE, LIMIT).outcomes()).containsExactly("Lost", "Done");
            assertThat(here.job("homeless").await(State.DONE).attempt()).isEqualTo(1);
            assertThat(here.job("runs").await(State.DONE).attempt()).isEqualTo(1);
            assertThat(here.job("fails").await(State.FAILED).reason()).isEqualTo("JobFailed");
            assertThat(here.job("waits").status().state()).isEqualTo(State.PENDING);
            assertThat(here.count(job -> job.at("/status/workerLosses").asInt(0) > 0))
                    .as("losses counted")
                    .isZero();
        }
    }

    private static Manifest slowToStop(Manifest job, int seconds) {
        return job.spec("template.spec.terminationGracePeriodSeconds", seconds);
    }

    private static void evict(TestJob job, TestNamespace here) {
        here.cluster()
                .client()
                .pods()
                .inNamespace(here.name())
                .withName(job.status().worker())
                .evict();
    }

    private static int changes(List<String> holders) {
        return (int) IntStream.range(1, holders.size())
                .filter(i -> !holders.get(i).equals(holders.get(i - 1)))
                .count();
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
