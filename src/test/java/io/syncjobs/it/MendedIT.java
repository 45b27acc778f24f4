package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestNamespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What keeps a job from starting can be mended while it waits. */
@ClusterTest
class MendedIT {
    @Test
    void aJobThatWaitedForQuotaRunsWhenThereIsSome(TestNamespace here) {
        here.quota("pods", "pods=0");
        var job = here.create(job("raised").worker("exit=0"));
        job.awaitReason("QuotaExceeded");

        here.kubectl("patch", "quota", "pods", "--type=merge", "--patch", "{\"spec\":{\"hard\":{\"pods\":\"5\"}}}");

        job.await(State.DONE);
    }

    @Test
    void aQueuesTemplateCanBeMendedWhileItsJobsWait(TestNamespace here) {
        here.apply(
                Manifest.queue("wrong").spec("template.spec.containers", List.of(Map.of("name", "worker"))),
                job("mended").spec("queue", "wrong"));
        here.job("mended").awaitReason("InvalidTemplate");

        here.apply(Manifest.queue("wrong").worker("exit=0"));

        here.job("mended").await(State.DONE);
    }

    @Test
    void aJobWithoutAnyTemplateSaysSoAndWaitsForItsQueueToGetOne(TestNamespace here) {
        here.apply(Manifest.queue("empty"), job("nothow").spec("queue", "empty"), job("builtin"));

        for (var job : here.jobs("nothow", "builtin")) {
            var waiting = job.awaitReason("InvalidTemplate");
            assertThat(waiting.state()).isEqualTo(State.PENDING);
            assertThat(waiting.message()).contains("template");
        }

        here.apply(Manifest.queue("empty").worker("exit=0"));
        here.job("nothow").await(State.DONE);
    }
}
