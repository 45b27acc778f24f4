package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
@Timeout(1800)
class UpgradeIT {
    /** Jobs before each step; what is done of them while one waits for its turn to install does not matter. */
    private static final int BATCH = 25;

    /** So many that workers are replaced while they run. */
    private static final int WARM = 20;

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

            own.upgrade(values, () -> flow(here, "forth"));
            assertThat(image(own)).doesNotEndWith(":" + Previous.TAG);
            here.create(job("new").spec("queue", "work").spec("priority", 0)).await(State.DONE, LIMIT);
            commanded(here, 3);

            own.rollback(() -> {
                flow(here, "back");
                if (Previous.isAnother()) prepare(own);
            });
            assertThat(image(own)).endsWith(":" + Previous.TAG);
            here.create(job("old").spec("queue", "work").spec("priority", 0)).await(State.DONE, LIMIT);
            commanded(here, 4);

            var jobs = 2 * BATCH + 2;
            Waiting.until("all are Done", LIMIT, () -> done(here) == jobs + 1, here::describe);
            Waiting.until(
                    "warm jobs too, given back or not",
                    LIMIT,
                    () -> warm(here, State.DONE) == (Previous.isAnother() ? 0 : 2 * WARM),
                    here::describe);
            var pods = here.pods().stream()
                    .map(pod -> pod.getMetadata().getName())
                    .filter(pod -> !pod.startsWith("commanded-"))
                    .toList();
            assertThat(pods)
                    .as(() -> "one pod for each job\n" + here.describe())
                    .hasSize(jobs);
            assertThat(here.count(
                            job -> !isWarm(job) && job.at("/status/history").size() == 1))
                    .isEqualTo(jobs);
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

    /** Lets jobs flow: some are Done, some run and some wait when the step begins. */
    private static void flow(TestNamespace here, String batch) {
        var before = done(here);
        here.apply(IntStream.rangeClosed(1, BATCH)
                .mapToObj(i -> job(batch + "-" + i).spec("queue", "work"))
                .toList());
        flowWarm(here, batch);
        Waiting.until(
                "some are Done, some run and some wait",
                LIMIT,
                () -> done(here) >= before + 3
                        && count(here, State.STARTED) > 0
                        && count(here, State.PENDING) > 0
                        && (Previous.isAnother() || warm(here, State.STARTED) > 0),
                here::describe);
        System.out.println("an installation is replaced with "
                + (count(here, State.PENDING) + count(here, State.STARTED)) + " jobs unfinished");
    }

    /** Workers are replaced by those of the other version; f776fdf knows none. */
    private static void flowWarm(TestNamespace here, String batch) {
        if (Previous.isAnother()) return;
        here.apply(pool("warm").spec("slots", 2), queue("warm").spec("workerPool", "warm"));
        here.apply(IntStream.rangeClosed(1, WARM)
                .mapToObj(i ->
                        job("warm-" + batch + "-" + i).spec("queue", "warm").spec("payload.sleep", "2s"))
                .toList());
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
        return here.count(job -> !isWarm(job) && isIn(job, state));
    }

    private static int warm(TestNamespace here, State state) {
        return here.count(job -> isWarm(job) && isIn(job, state));
    }

    private static boolean isWarm(JsonNode job) {
        return job.at("/spec/queue").asText().equals("warm");
    }

    private static boolean isIn(JsonNode job, State state) {
        return job.at("/status/state").asText().equals(state.toString());
    }
}
