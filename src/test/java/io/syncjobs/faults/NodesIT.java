package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes, the control plane and the whole cluster go away and come back, one after another, on a cluster of two nodes. */
@ClusterTest
@Order(1)
@Timeout(1800)
class NodesIT {
    private static final String CLUSTER = "nodes";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** As short as a user may set it: Kubernetes itself waits for five minutes before it gives up the pods of a silent node. */
    private static final List<Map<String, Object>> IMPATIENT = List.of(
            Map.of(
                    "key", "node.kubernetes.io/unreachable",
                    "operator", "Exists",
                    "effect", "NoExecute",
                    "tolerationSeconds", 1),
            Map.of(
                    "key", "node.kubernetes.io/not-ready",
                    "operator", "Exists",
                    "effect", "NoExecute",
                    "tolerationSeconds", 1));

    @Test
    void nothingIsLostWhateverGoesAway() {
        var cluster = Cluster.named(CLUSTER, 2);
        cluster.kubectl("cordon", node(2));
        var jobs = TestNamespace.create(cluster, "nodes-jobs");
        try (var own = OwnRelease.install("nodes", Map.of("crds", Map.of("install", true)), jobs)) {
            aSilentNode(cluster, jobs);
            aDeletedNode(cluster, jobs);
            aDrainedNode(cluster, jobs);
            theControlPlane(cluster, jobs);
            theWholeCluster(cluster, own);
        } finally {
            cluster.end();
        }
    }

    /** Its kubelet is dead: the container runs on unseen and ends well, but the job has run again, and that result counts. */
    private static void aSilentNode(Cluster cluster, TestNamespace here) {
        var silent = onNode2(
                cluster,
                here,
                job("silent")
                        .worker("result=SYNCJOB_ATTEMPT", "term=1:0")
                        .spec("template.spec.tolerations", IMPATIENT));
        var patient = onNode2(cluster, here, job("patient").worker("hang=1:"));
        var zombie = WorkerProcesses.of(cluster, here.name(), silent.status().worker());

        cluster.tool("kill", "kubelet-2");
        var again = silent.await("it runs again on the other node", LIMIT, s -> s.attempt() == 2);
        assertThat(again.number("workerLosses")).isEqualTo(1);
        var done = silent.await(State.DONE);
        assertThat(done.result().asText()).isEqualTo("2");
        assertThat(done.outcomes()).containsExactly("Lost", "Done");

        // Until now the first run is a zombie: this finds it, or fails.
        zombie.signal("TERM", "result=SYNCJOB_ATTEMPT");
        try (var late = LateEnds.of(here)) {
            cluster.tool("revive", "kubelet-2");
            Waiting.until("its node tells that it ended well", LIMIT, () -> late.stale() > 0, here::describe);
            cluster.kubectl("wait", "--for=condition=Ready", "node/" + node(2), "--timeout=180s");
            Waiting.until("only the second pod is left", () -> silent.pods().size() == 1, here::describe);
            // Between two looks of the operator it would have been taken.
            Waiting.during(
                    "the late result is not taken",
                    Duration.ofSeconds(3),
                    () -> silent.status().equals(done),
                    here::describe);
            System.out.println("stale completions offered " + late.stale() + ", accepted 0");
        }

        // The other one's node was away for less than the five minutes of its patience: nobody has disturbed it.
        assertThat(patient.status().state()).isEqualTo(State.STARTED);
        assertThat(patient.status().attempt()).isEqualTo(1);
    }

    /** A node that somebody deletes is known to be gone: nobody waits for it. */
    private static void aDeletedNode(Cluster cluster, TestNamespace here) {
        var patient = here.job("patient");
        cluster.tool("kill", "kubelet-2");
        cluster.kubectl("delete", "node", node(2));
        assertThat(patient.await(State.DONE, LIMIT).outcomes()).containsExactly("Lost", "Done");
        assertThat(patient.status().attempt()).isEqualTo(2);

        cluster.tool("revive", "kubelet-2");
        cluster.kubectl("wait", "--for=create", "node/" + node(2), "--timeout=180s");
        cluster.kubectl("wait", "--for=condition=Ready", "node/" + node(2), "--timeout=180s");
        Waiting.until("the zombie is gone", LIMIT, () -> here.pods().stream().noneMatch(TestJob::runs), here::describe);
        assertThat(patient.status().outcomes()).containsExactly("Lost", "Done");
    }

    private static void aDrainedNode(Cluster cluster, TestNamespace here) {
        var job = onNode2(cluster, here, job("drained").worker("hang=1:"));

        cluster.kubectl("drain", node(2), "--ignore-daemonsets", "--force", "--delete-emptydir-data", "--timeout=180s");

        var done = job.await(State.DONE);
        assertThat(done.outcomes()).containsExactly("Lost", "Done");
        assertThat(done.number("workerLosses")).isZero();
        cluster.kubectl("uncordon", node(2));
    }

    private static void theControlPlane(Cluster cluster, TestNamespace here) {
        var succeeds = here.create(
                job("succeeds").worker("sleep=10s", "message={\"result\":7}").spec("timeoutSeconds", 25));
        var hangs = here.create(job("hangs").worker("hang").spec("timeoutSeconds", 25));
        List.of(succeeds, hangs).forEach(job -> job.awaitStarted(1));

        cluster.tool("kill", "kube-apiserver");
        Waiting.during("there is no API server", Duration.ofSeconds(30), () -> true, () -> "");
        cluster.tool("revive", "kube-apiserver");
        cluster.awaitApi();

        assertThat(succeeds.await(State.DONE, LIMIT).result().asInt()).isEqualTo(7);
        assertThat(hangs.await(State.FAILED, LIMIT).reason()).isEqualTo("DeadlineExceeded");

        var over = here.create(job("over").worker("sleep=30s", "message={\"result\":8}"));
        over.awaitStarted(1);
        cluster.tool("kill", "etcd");
        Waiting.during("there is no etcd", Duration.ofSeconds(10), () -> true, () -> "");
        cluster.tool("revive", "etcd");
        cluster.awaitApi();

        var done = over.await(State.DONE, LIMIT);
        assertThat(done.result().asInt()).isEqualTo(8);
        for (var job : List.of(succeeds, hangs, over)) {
            assertThat(job.status().attempt()).isEqualTo(1);
            assertThat(job.status().number("workerLosses")).isZero();
        }
    }

    private static void theWholeCluster(Cluster cluster, OwnRelease own) {
        var here = own.jobs();
        here.apply(
                queue("held").spec("paused", true).worker("exit=0"),
                job("paused").spec("queue", "held"),
                job("eta").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"),
                job("retrying").worker("exit=75").spec("retry.delaySeconds", 3600),
                job("enqueued").worker("exit=0").spec("template.spec.nodeSelector", Map.of("disk", "none")),
                job("started").worker("hang=1:"),
                job("failed").worker("exit=3"),
                job("done").worker("exit=0"),
                job("cancelled").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));
        here.job("cancelled").annotate("syncjobs.io/cancel", "withdrawn");
        here.job("enqueued").await("it has a pod", s -> s.state() == State.ENQUEUED);
        here.job("started").awaitStarted(1);
        here.job("retrying").awaitReason("RetryBackoff");
        var finished = here.jobs("failed", "done", "cancelled");
        finished.forEach(job -> job.await("finished", s -> s.state().finished()));
        var before =
                finished.stream().map(job -> job.status().text("finishedTime")).toList();

        cluster.tool("stop");
        cluster.tool("start");
        cluster.awaitApi();
        own.release().kubectl("rollout", "status", own.release().operator(), "--timeout=180s");

        here.job("started").awaitDone(2, LIMIT);
        assertThat(finished.stream().map(job -> job.status().text("finishedTime")))
                .isEqualTo(before);
        here.kubectl("annotate", "syncjob", "eta", "retrying", "syncjobs.io/requeue=now");
        here.job("eta").awaitDone(1, LIMIT);
        here.kubectl("patch", "syncqueue", "held", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");
        here.job("paused").awaitDone(1, LIMIT);
        here.kubectl("label", "node", node(1), "disk=none");
        here.job("enqueued").await(State.DONE, LIMIT);
        here.job("retrying").await("it was tried again", LIMIT, s -> s.attempt() == 2);
    }

    /** Starts a job on the second node; its next attempt may run on either. */
    private static TestJob onNode2(Cluster cluster, TestNamespace here, Manifest manifest) {
        cluster.kubectl("cordon", node(1));
        cluster.kubectl("uncordon", node(2));
        var job = here.create(manifest);
        job.awaitStarted(1);
        cluster.kubectl("uncordon", node(1));
        return job;
    }

    private static String node(int number) {
        return Cluster.named(CLUSTER, 2).name() + "-" + number;
    }
}
