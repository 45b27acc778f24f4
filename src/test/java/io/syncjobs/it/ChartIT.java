package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What platform engineers do with the chart, and what its policies hold against whom. */
@ClusterTest
@Order(5)
class ChartIT {
    private static final Map<String, Object> WITH_DEFINITIONS = Map.of("crds", Map.of("install", true));

    private static final String DEFINITION = "syncqueues.syncjobs.io";

    /** All rights that RBAC gives: what is refused then, the policies refuse. */
    private static final String ANY = "--as-group=system:masters";

    private static final String PLACE = "{\"status\":{\"state\":\"Enqueued\"}}";

    @Test
    void upgradedUninstalledAndInstalledUnderAnotherNameItLeavesJobsAlone() {
        String done;
        TestNamespace here;
        try (var first = OwnRelease.install("first", WITH_DEFINITIONS)) {
            here = first.jobs();
            here.apply(queue("work").worker("exit=0"), job("kept").spec("queue", "work"));
            here.job("kept").await(State.DONE);
            done = asStored(here, "kept");
            here.create(job("far").spec("eta", "2099-01-01T00:00:00Z").worker("exit=0"));

            first.upgrade(Map.of("crds", Map.of("install", true), "jobs", Map.of("donePodSeconds", 60)));
            assertThat(asStored(here, "kept")).isEqualTo(done);

            first.uninstall();
            assertThat(here.kubectl("get", "crd", "-o", "name"))
                    .contains("syncjobs.syncjobs.io", "syncqueues.syncjobs.io");
            assertThat(asStored(here, "kept")).isEqualTo(done);
            // While nothing is installed jobs can be created; they wait.
            here.apply(job("meanwhile").spec("queue", "work"));

            try (var second = OwnRelease.install("second", WITH_DEFINITIONS, here)) {
                here.job("meanwhile").await(State.DONE);
                here.job("far").annotate("syncjobs.io/requeue", "now");
                here.job("far").awaitDone(1);
                assertThat(asStored(here, "kept")).isEqualTo(done);
                assertThat(leftOf(first, second.release().cluster())).isEmpty();
            }
        }
    }

    /** Other releases of the cluster are not disturbed: but for its label the definition is the one that they would apply. */
    @Test
    void definitionsOfANewerVersionStay() {
        try (var own = OwnRelease.install("older", WITH_DEFINITIONS)) {
            var here = own.jobs();
            var ours = version(here);
            assertThat(ours).isNotEmpty();
            try {
                own.upgrade(WITH_DEFINITIONS, () -> label(here, "99.0.0"));
                assertThat(version(here)).isEqualTo("99.0.0");

                own.upgrade(WITH_DEFINITIONS, () -> label(here, "0.0.1"));
                assertThat(version(here)).isEqualTo(ours);
            } finally {
                label(here, ours);
            }
        }
    }

    private static String version(TestNamespace here) {
        return here.kubectl(
                "get", "crd", DEFINITION, "-o", "jsonpath={.metadata.labels.app\\.kubernetes\\.io/version}");
    }

    private static void label(TestNamespace here, String version) {
        here.kubectl("label", "crd", DEFINITION, "app.kubernetes.io/version=" + version, "--overwrite");
    }

    @Test
    void policiesHoldWhateverRightsSomebodyHas() {
        var exempt = Map.<String, Object>of(
                "statusWriters",
                Map.of("exemptGroups", List.of("repair-crew")),
                "jobs",
                Map.of("allowTemplate", false));
        try (var own = OwnRelease.install("policies", exempt)) {
            var here = own.jobs();
            var release = own.release();
            here.apply(
                    queue("held").spec("paused", true).worker("exit=0"),
                    job("waits").spec("queue", "held"));
            var operator = "--as=" + release.operatorUser();
            var enqueuer = "--as=" + release.operatorUser().replace("-operator", "-enqueuer");

            // Until the API server has seen the new release's Lease, it refuses in words of its own.
            Waiting.until(
                    "the policy has the Lease",
                    () -> writeStatus(here, PLACE, operator, ANY).err().contains("holds the enqueuer's Lease"),
                    () -> writeStatus(here, PLACE, operator, ANY).err());
            // What the operator says of the job comes before what is written by hand.
            here.job("waits").awaitReason("QueuePaused");
            var repair = "{\"status\":{\"message\":\"looked at\"}}";
            assertThat(writeStatus(here, repair).err())
                    .contains("status is written by SyncJobs alone", "syncjobs.io/requeue");
            assertThat(writeStatus(here, PLACE, enqueuer, ANY).err()).contains("holds the enqueuer's Lease");
            assertThat(writeStatus(here, PLACE, operator, ANY, pod("another-pod"))
                            .err())
                    .contains("holds the enqueuer's Lease");
            assertThat(here.job("waits").status().state()).isEqualTo(State.PENDING);

            assertThat(writeStatus(here, repair, "--as=jo", "--as-group=repair-crew", ANY)
                            .exit())
                    .isZero();
            assertThat(here.job("waits").status().message()).isEqualTo("looked at");
            var holder = release.kubectl(
                    "get",
                    "synclease",
                    release.cronJob().replace("-enqueue", "-enqueuer"),
                    "-o",
                    "jsonpath={.spec.holderIdentity}");
            // What the product's own accounts may not, whatever group they are in, a repair by hand may: it restores
            // Enqueued jobs.
            assertThat(writeStatus(here, PLACE, operator, "--as-group=repair-crew", ANY)
                            .err())
                    .contains("holds the enqueuer's Lease");
            assertThat(writeStatus(here, PLACE, "--dry-run=server", "--as=jo", "--as-group=repair-crew", ANY)
                            .exit())
                    .isZero();
            assertThat(writeStatus(here, PLACE, operator, ANY, pod(holder)).exit())
                    .as("the holder itself may")
                    .isZero();

            var withTemplate = here.tryCreate(job("own").worker("exit=0"));
            assertThat(withTemplate.exit()).isNotZero();
            assertThat(withTemplate.err()).contains("spec.template is not allowed on jobs here");
        }
    }

    /** Nothing of it is kept: the release that the other tests use has the same names. */
    @Test
    void whatIsInDeployIsTakenByTheApiServer(Release release) {
        var taken = release.kubectl(
                "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--filename", "deploy/");
        assertThat(taken.lines()).hasSizeGreaterThan(20).allMatch(line -> line.endsWith("(server dry run)"));
    }

    private static Result writeStatus(TestNamespace here, String merge, String... as) {
        var command = new ArrayList<>(
                List.of("patch", "syncjob", "waits", "--subresource=status", "--type=merge", "--patch", merge));
        command.addAll(Arrays.asList(as));
        return here.tryKubectl(command.toArray(String[]::new));
    }

    private static String pod(String name) {
        return "--as-user-extra=authentication.kubernetes.io/pod-name=" + name;
    }

    private static String asStored(TestNamespace here, String job) {
        return here.kubectl("get", "syncjob", job, "-o", "jsonpath={.metadata.uid} {.metadata.generation} {.status}");
    }

    /** What an uninstalled release has left outside of its namespace. */
    private static List<String> leftOf(OwnRelease release, Cluster cluster) {
        var kinds = "clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings";
        return cluster.kubectl("get", kinds, "-o", "name")
                .lines()
                .filter(name -> name.contains(release.release().namespace()))
                .toList();
    }
}
