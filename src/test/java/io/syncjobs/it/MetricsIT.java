package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Tools;
import io.syncjobs.cluster.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The page that Prometheus gets from an operator at work, with the framework's own series on it. */
@ClusterTest
class MetricsIT {
    private static final Duration PATIENT = Duration.ofMinutes(3);

    @Test
    void everyFamilyOfALivePageSaysWhatItIsAndIsInTheDocumentation(Release release, TestNamespace here)
            throws IOException {
        here.apply(pool("shop"), queue("warm").spec("workerPool", "shop"));
        here.apply(job("isolated").worker("fail=1:1"), job("warm").spec("queue", "warm"));
        here.job("isolated").await(State.FAILED);
        here.job("isolated").annotate("syncjobs.io/requeue", "now");
        here.job("isolated").awaitDone(2);
        here.job("warm").await(State.DONE, PATIENT);
        var ours = "{namespace=\"" + here.name() + "\"";
        Waiting.until(
                "the jobs are counted",
                () -> release.metrics().contains("syncjobs_finished_total" + ours + ",queue=\"warm\""),
                release::metrics);

        var page = release.metrics();

        var documented = Files.readString(Path.of("docs/metrics.md"));
        assertThat(page)
                .contains("syncjobs_worker_slots" + ours)
                .containsPattern("reconciliations_started_total\\{controller_name=\"[^\"]*pool[^\"]*\"")
                .contains("reconciliations_execution_duration_seconds_count{");
        assertThat(page.lines().filter(line -> line.startsWith("# TYPE ")))
                .hasSizeGreaterThan(30)
                .map(line -> line.split(" ", -1)[2])
                .allSatisfy(family -> {
                    assertThat(page).containsPattern("# HELP " + family + " \\S");
                    assertThat(documented).contains("`" + family.replaceFirst("_max$", ""));
                });
        var checked = Tools.promtool(page, "check", "metrics");
        assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
    }
}
