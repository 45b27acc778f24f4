package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Its worker died: the job runs again, and nothing is half-recorded. */
@ClusterTest
class DeadPodIT {
    @Test
    void aJobWhosePodIsForceDeletedRunsAgain(TestNamespace here) {
        var job = started(here, job("forced").worker("hang=1:"));

        here.kubectl("delete", "pod", job.status().worker(), "--force", "--grace-period=0");

        var done = job.awaitDone(2);
        assertThat(done.outcomes()).containsExactly("Lost", "Done");
        assertThat(done.history("reason")).containsExactly("WorkerDied", "Completed");
        assertThat(done.number("workerLosses")).isEqualTo(1);
        assertThat(done.number("retries")).isZero();
    }

    @Test
    void exitZeroOnSigtermIsNoSuccess(TestNamespace here) {
        var job = started(here, job("polite").worker("term=1:0"));

        here.kubectl("delete", "pod", job.status().worker(), "--wait=false");

        var done = job.awaitDone(2);
        assertThat(done.outcomes()).containsExactly("Lost", "Done");
        assertThat(done.number("workerLosses")).isEqualTo(1);
    }

    @Test
    void aFailureOnSigtermIsNoFailureOfTheJob(TestNamespace here) {
        var job = started(here, job("rude").worker("term=1:1"));

        here.kubectl("delete", "pod", job.status().worker(), "--wait=false");

        assertThat(job.awaitDone(2).outcomes()).containsExactly("Lost", "Done");
    }

    @Test
    void aWorkerThatSaysItIsDoneWhileItIsBeingDeletedIsDone(TestNamespace here) {
        here.apply(
                job("done").worker("message={\"done\":true}", "term=0"),
                job("result").worker("message={\"result\":7}", "term=0"));
        for (var job : here.jobs("done", "result")) {
            job.awaitStarted(1);
            here.kubectl("delete", "pod", job.status().worker(), "--wait=false");
        }

        assertThat(here.job("done").await(State.DONE).attempt()).isEqualTo(1);
        assertThat(here.job("result").await(State.DONE).result().asInt()).isEqualTo(7);
    }

    @Test
    void evictionIsPlannedAndNotCounted(TestNamespace here) {
        var job = started(here, job("evicted").worker("term=1:0"));
        var pod = job.status().worker();

        evict(here, pod);

        var done = job.awaitDone(2);
        assertThat(done.outcomes()).containsExactly("Lost", "Done");
        assertThat(done.history("message").getFirst()).contains("Eviction");
        assertThat(done.number("workerLosses")).isZero();
    }

    /** As kubectl drain does it. */
    private static void evict(TestNamespace here, String pod) {
        var eviction = Json.text(Map.of(
                "apiVersion", "policy/v1",
                "kind", "Eviction",
                "metadata", Map.of("name", pod, "namespace", here.name())));
        var path = "/api/v1/namespaces/" + here.name() + "/pods/" + pod + "/eviction";
        here.cluster()
                .run("kubectl", eviction, "create", "--raw", path, "--filename", "-")
                .orThrow();
    }

    @Test
    void aPodThatTheKubeletEvictsForItsOwnFaultIsCounted(TestNamespace here) {
        var job = here.create(job("greedy")
                .worker("fill=/scratch/file:20000000", "hang=1:")
                .spec("template.spec.volumes", List.of(Map.of("name", "scratch", "emptyDir", Map.of())))
                .spec(
                        "template.spec.containers.0.volumeMounts",
                        List.of(Map.of("name", "scratch", "mountPath", "/scratch")))
                .spec("template.spec.containers.0.resources", Map.of("limits", Map.of("ephemeral-storage", "1Mi"))));

        // The kubelet measures volumes only now and then.
        var lost = job.await(
                "its first attempt is lost",
                Duration.ofMinutes(2),
                s -> s.outcomes().contains("Lost"));
        assertThat(lost.number("workerLosses")).isEqualTo(1);
        assertThat(lost.history("message").getFirst()).containsIgnoringCase("exceed");
    }

    @Test
    void threeForceDeletedPodsEndTheJobAndARequeueCountsAnew(TestNamespace here) {
        var job = here.create(job("poison").worker("hang=3:"));
        for (var attempt = 1; attempt <= 3; attempt++) {
            job.awaitStarted(attempt);
            here.kubectl("delete", "pod", job.status().worker(), "--force", "--grace-period=0");
        }
        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("WorkerLost");

        job.annotate("syncjobs.io/requeue", "now");

        assertThat(job.awaitDone(4).number("workerLosses")).isZero();
    }

    @Test
    void aPodDeletedBeforeItStartedIsReplaced(TestNamespace here) {
        var job = here.create(job("waiting")
                .worker("exit=0")
                .spec("template.spec.schedulingGates", List.of(Map.of("name", "example.com/wait"))));
        var first = job.await(
                "its pod is created",
                s -> s.state() == State.ENQUEUED && !job.pods().isEmpty());

        here.kubectl("delete", "pod", first.worker(), "--wait=false");

        var second = job.await(
                "attempt 2 has a pod", s -> s.attempt() == 2 && !job.pods().isEmpty());
        here.kubectl(
                "patch", "pod", second.worker(), "--type=merge", "--patch", "{\"spec\":{\"schedulingGates\":null}}");
        job.awaitDone(2);
    }

    @Test
    void aPodThatFinishedBeforeItWasDeletedKeepsItsResult(TestNamespace here) {
        // The worker ends at once, the pod lives on by a second container: its deletion comes clearly later.
        var job = here.create(job("early")
                .spec("template.spec.terminationGracePeriodSeconds", 1)
                .spec(
                        "template.spec.containers",
                        List.of(
                                Manifest.container(Images.TEST_WORKER, "message={\"message\":\"broken\"}", "exit=1"),
                                Map.of("name", "beside", "image", Images.TEST_WORKER, "args", List.of("hang")))));

        var failed = job.await(State.FAILED, Duration.ofMinutes(3));
        assertThat(failed.attempt()).isEqualTo(1);
        assertThat(failed.text("error.message")).isEqualTo("broken");
        // What runs on beside it has no place in the queue: it is ended too.
        Waiting.until("its pod is ended", () -> job.pods().isEmpty(), () -> "pods " + here.pods());
    }

    private static TestJob started(TestNamespace here, Manifest manifest) {
        var job = here.create(manifest);
        job.awaitStarted(1);
        return job;
    }
}
