package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.cluster.AuditLog.Write;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Uptime;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Pods that somebody else made under our names and labels: they are neither taken for ours nor touched, and jobs say so. */
@ClusterTest
@Order(5)
class ForeignPodIT {
    private static final String NO_JOB = "00000000-0000-4000-8000-000000000000";

    @Test
    void foreignPodsAreNeitherUsedNorTouched(TestNamespace here, Release release) {
        var uptime = Uptime.of(release);
        here.apply(
                queue("shop").spec("paused", true).spec("capacity", 100).worker("exit=0"),
                job("plain").spec("queue", "shop"),
                job("labelled").spec("queue", "shop"),
                job("garbage").spec("queue", "shop"),
                job("owned").spec("queue", "shop"),
                job("healthy").spec("queue", "shop"));
        for (var each : here.jobs("plain", "labelled", "garbage", "owned", "healthy")) each.awaitReason("QueuePaused");
        create(here, nextPod(here.job("plain")), Map.of());
        create(here, nextPod(here.job("labelled")), ours(here.job("labelled").uid(), "1"));
        create(here, nextPod(here.job("garbage")), ours(here.job("garbage").uid(), "first"));
        create(here, "twin", ours(here.job("healthy").uid(), "1"));
        create(here, "stray", ours(NO_JOB, "1"));
        create(here, "strange", ours("no-uid", "2147483648"));
        owned(here, "claimed", here.job("owned"));

        here.kubectl("patch", "syncqueue", "shop", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

        for (var each : here.jobs("plain", "labelled", "garbage")) {
            var waiting = each.awaitReason("PodNameTaken");
            assertThat(waiting.message()).contains("Delete pod " + nextPod(each));
        }
        here.kubectl("delete", "pod", nextPod(here.job("plain")), "--force");
        for (var each : here.jobs("healthy", "owned")) each.await(State.DONE);
        assertThat(here.job("plain").await(State.DONE).attempt()).isEqualTo(1);
        for (var each : here.jobs("labelled", "garbage")) {
            var failed = each.await(State.FAILED);
            assertThat(failed.reason()).isEqualTo("PodNeverStarted");
            assertThat(failed.text("error.type")).isEqualTo("PodNameTaken");
            each.annotate(Names.REQUEUE, "now");
            each.awaitDone(2);
        }
        for (var name : new String[] {"twin", "stray", "strange", nextPod(here.job("garbage"))}) {
            assertThat(here.kubectl("get", "pod", name, "--output=jsonpath={.metadata.deletionTimestamp}"))
                    .as(name)
                    .isEmpty();
        }
        // One try each after 0, 5, 15 and 35 seconds at most, and one pod for each job that ran.
        assertThat(here.cluster().auditLog().writes(here, release.operatorUser()).stream()
                        .map(Write::what)
                        .filter("create pods"::equals))
                .hasSizeLessThanOrEqualTo(3 * 4 + 5);
        assertThat(uptime.isUnbroken()).isTrue();
        assertThat(uptime.errors()).isEmpty();
    }

    @Test
    void aJobThatIsBeingDeletedIsNotStarted(TestNamespace here) {
        here.apply(
                queue("shop").spec("paused", true).worker("exit=0"),
                job("leaving").spec("queue", "shop"),
                job("staying").spec("queue", "shop"));
        here.job("leaving").patch("{\"metadata\":{\"finalizers\":[\"example.com/keep\"]}}");
        try {
            here.kubectl("delete", "syncjob", "leaving", "--wait=false");
            here.kubectl("patch", "syncqueue", "shop", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

            here.job("staying").await(State.DONE);
            assertThat(here.job("leaving").status().state()).isEqualTo(State.PENDING);
        } finally {
            here.job("leaving").patch("{\"metadata\":{\"finalizers\":null}}");
        }
    }

    /** The name that the pod of the first attempt will have; the hash is that of the uid. */
    private static String nextPod(TestJob job) {
        return job.name() + "-1-" + String.format("%08x", job.uid().hashCode());
    }

    private static Map<String, String> ours(String uid, String attempt) {
        return Map.of(
                Names.MANAGED_BY, Names.SYNCJOBS, Names.JOB_UID, uid, Names.ATTEMPT, attempt, Names.QUEUE, "shop");
    }

    private static void owned(TestNamespace here, String name, TestJob job) {
        here.cluster()
                .client()
                .resource(new PodBuilder(pod(here, name, ours(job.uid(), "7")))
                        .editMetadata()
                        .addNewOwnerReference()
                        .withApiVersion(Names.GROUP + "/" + Names.VERSION)
                        .withKind("SyncJob")
                        .withName(job.name())
                        .withUid(job.uid())
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
    }

    private static void create(TestNamespace here, String name, Map<String, String> labels) {
        here.cluster().client().resource(pod(here, name, labels)).create();
    }

    /** It waits for a scheduler that there is not: it costs the node nothing, and never ends by itself. */
    private static Pod pod(TestNamespace here, String name, Map<String, String> labels) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(here.name())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("nobody")
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("worker")
                .withImage(Images.TEST_WORKER)
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }
}
