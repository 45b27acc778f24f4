package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Previous;
import io.syncjobs.cluster.Shell;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One version forth and back while jobs flow. */
@ClusterTest
@Order(4)
@Timeout(900)
class UpgradeIT {
    /** Jobs before each step; what is done of them while one waits for its turn to install does not matter. */
    private static final int BATCH = 25;

    /** Jobs for a warm worker at each step: two at a time, longer than it takes to replace the operator. */
    private static final int WARM_BATCH = 40;

    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void anUpgradeAndARollbackDisturbNoJob() {
        var values = Map.<String, Object>of("jobs", Map.of("donePodSeconds", 3600), "enqueuer", OwnRelease.EACH_MINUTE);
        try (var own = OwnRelease.installPrevious("upgrade", values)) {
            var here = own.jobs();
            here.apply(queue("work").spec("capacity", 3).worker("sleep=2s"));
            assertThat(image(own)).endsWith(":" + Previous.TAG);
            here.apply(
                    queue("by-hand").worker("fail=1:1", "exit=0"),
                    job("commanded").spec("queue", "by-hand"));
            commanded(here, 1);
            // A version that knew no pools yet may be the one before.
            var warm = Previous.isAnother() ? 0 : WARM_BATCH;
            if (warm > 0)
                here.apply(pool("warm").spec("slots", 2), queue("warm").spec("workerPool", "warm"));

            own.upgrade(values, () -> {
                flow(here, "forth");
                flowWarm(here, "forth", warm);
            });
            assertThat(image(own)).doesNotEndWith(":" + Previous.TAG);
            here.create(job("new").spec("queue", "work").spec("priority", 0)).await(State.DONE, LIMIT);
            commanded(here, 3);

            own.rollback(() -> {
                if (warm > 0) assertThat(agentImage(here)).isEqualTo(image(own));
                flow(here, "back");
                flowWarm(here, "back", warm);
                if (Previous.isAnother()) prepare(own);
            });
            assertThat(image(own)).endsWith(":" + Previous.TAG);
            here.create(job("old").spec("queue", "work").spec("priority", 0)).await(State.DONE, LIMIT);
            commanded(here, 4);

            var jobs = 2 * BATCH + 2 + 2 * warm;
            if (warm > 0)
                Waiting.until(
                        "the pool is what it was before",
                        LIMIT,
                        () -> agentImage(here).equals(image(own)),
                        here::describe);
            Waiting.until("all are Done", LIMIT, () -> done(here) == jobs + 1, here::describe);
            var pods = here.pods().stream()
                    .map(pod -> pod.getMetadata().getName())
                    .filter(pod -> !pod.startsWith("commanded-"))
                    .toList();
            assertThat(pods)
                    .as(() -> "one pod for each job\n" + here.describe())
                    .hasSize(jobs - 2 * warm);
            assertThat(here.count(job -> job.at("/status/history").size() == 1)).isEqualTo(jobs);
            assertThat(here.count(job -> job.at("/status/workerLosses").asInt(0) > 0))
                    .isZero();
        }
    }

    /** A command is carried out whatever the last one has left; the attempt after it succeeds. */
    private static void commanded(TestNamespace here, int attempt) {
        var job = here.job("commanded");
        if (attempt == 1) job.await(State.FAILED, LIMIT);
        job.annotate("syncjobs.io/requeue", attempt == 1 ? "now" : "again");
        job.awaitDone(Math.max(2, attempt), LIMIT);
    }

    /** The words of docs/operations.md. */
    private static void prepare(OwnRelease own) {
        var block = Pattern.compile("knows lastCommand as text.*?```sh\n(.*?)# 4\\.", Pattern.DOTALL)
                .matcher(Shell.text("docs/operations.md"));
        assertThat(block.find()).isTrue();
        own.release()
                .cluster()
                .run(
                        "bash",
                        "",
                        "-euc",
                        "NAMESPACE=" + own.release().namespace() + " RELEASE="
                                + own.release().name() + " OLD=" + Previous.source() + "\n" + block.group(1))
                .orThrow();
    }

    /** Jobs for a worker, which is replaced when the product is: its agent is part of that. */
    private static void flowWarm(TestNamespace here, String batch, int jobs) {
        if (jobs == 0) return;
        here.apply(IntStream.rangeClosed(1, jobs)
                .mapToObj(i ->
                        job("warm-" + batch + "-" + i).spec("queue", "warm").spec("payload", Map.of("sleep", "2s")))
                .toList());
        here.job("warm-" + batch + "-1").await("a worker takes them", LIMIT, status -> status.attempt() == 1);
    }

    private static String agentImage(TestNamespace here) {
        return here.kubectl("get", "deployment", "warm", "-o=jsonpath={.spec.template.spec.initContainers[0].image}");
    }

    /** Lets jobs flow: some are Done, some run and some wait when the step begins. */
    private static void flow(TestNamespace here, String batch) {
        var before = done(here);
        here.apply(IntStream.rangeClosed(1, BATCH)
                .mapToObj(i -> job(batch + "-" + i).spec("queue", "work"))
                .toList());
        Waiting.until(
                "some are Done, some run and some wait",
                LIMIT,
                () -> done(here) >= before + 3 && count(here, State.STARTED) > 0 && count(here, State.PENDING) > 0,
                here::describe);
        System.out.println("an installation is replaced with "
                + (count(here, State.PENDING) + count(here, State.STARTED)) + " jobs unfinished");
    }

    private static String image(OwnRelease own) {
        return own.release()
                .kubectl(
                        "get", own.release().operator(), "--output=jsonpath={.spec.template.spec.containers[0].image}");
    }

    private static int done(TestNamespace here) {
        return count(here, State.DONE);
    }

    private static int count(TestNamespace here, State state) {
        return here.count(job -> job.at("/status/state").asText().equals(state.toString()));
    }
}
