package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Previous;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** One version forth and back while jobs flow. */
@ClusterTest
@Order(2)
class UpgradeIT {
    private static final int JOBS = 60;

    @Test
    void anUpgradeAndARollbackDisturbNoJob() {
        var values = Map.<String, Object>of("jobs", Map.of("donePodSeconds", 3600), "leaseSeconds", 7);
        try (var own = OwnRelease.installPrevious("upgrade", values)) {
            var here = own.jobs();
            here.apply(queue("work").spec("capacity", 3).worker("sleep=2s"));
            here.apply(IntStream.rangeClosed(1, JOBS)
                    .mapToObj(i -> job("job-" + i).spec("queue", "work"))
                    .toList());
            assertThat(image(own)).endsWith(":" + Previous.TAG);
            awaitDone(here, 5);

            own.upgrade(values);
            assertThat(image(own)).doesNotEndWith(":" + Previous.TAG);
            awaitDone(here, done(here) + 5);

            own.rollback();
            assertThat(image(own)).endsWith(":" + Previous.TAG);
            awaitDone(here, JOBS);

            assertThat(here.pods()).as("one pod for each job").hasSize(JOBS);
            assertThat(here.count(job -> job.at("/status/history").size() == 1)).isEqualTo(JOBS);
            assertThat(here.count(job -> job.at("/status/workerLosses").asInt(0) > 0))
                    .isZero();
        }
    }

    private static String image(OwnRelease own) {
        return own.release()
                .kubectl(
                        "get", own.release().operator(), "--output=jsonpath={.spec.template.spec.containers[0].image}");
    }

    private static void awaitDone(TestNamespace here, int jobs) {
        Waiting.until(jobs + " jobs are Done", Duration.ofMinutes(3), () -> done(here) >= jobs, here::describe);
    }

    private static int done(TestNamespace here) {
        return here.count(job -> job.at("/status/state").asText().equals("Done"));
    }
}
