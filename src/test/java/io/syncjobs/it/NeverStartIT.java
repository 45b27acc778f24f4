package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.AuditLog.Write;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Templates that cannot become running pods: each says why at once, ends in a reason after its time, and costs few writes. */
@ClusterTest
@Order(2)
class NeverStartIT {
    /** The release under test gives a pod 45 seconds to start. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void anImageThatCannotBePulled(TestNamespace here, Release release) {
        var job = here.create(job("noimage")
                .spec("template.spec.containers", List.of(Manifest.container("registry.invalid/nothing:1"))));

        waitsBecauseOf(job, "ImagePullFailed", "registry.invalid/nothing:1");
        var failed = neverStarted(job, "ImagePullFailed", "registry.invalid/nothing:1");
        assertThat(failed.text("error.resolution")).contains("imagePullSecrets");
        fewWrites(here, release, 1);
    }

    /** What most images do that nobody has made for Kubernetes. */
    @Test
    void anImageThatRunsAsRoot(TestNamespace here, Release release) {
        here.kubectl("label", "namespace", here.name(), "pod-security.kubernetes.io/enforce=privileged", "--overwrite");
        var job = here.create(job("asroot")
                .worker("exit=0")
                .spec("template.spec.containers.0.securityContext", Map.of("runAsUser", 0)));

        waitsBecauseOf(job, "InvalidTemplate", "runAsNonRoot to false");
        neverStarted(job, "InvalidTemplate", "non-root");
        fewWrites(here, release, 1);
    }

    @Test
    void aPodThatNoNodeTakes(TestNamespace here, Release release) {
        var job =
                here.create(job("nowhere").worker("exit=0").spec("template.spec.nodeSelector", Map.of("disk", "none")));

        waitsBecauseOf(job, "PodUnschedulable", "node");
        neverStarted(job, "PodUnschedulable", "node");
        fewWrites(here, release, 1);
    }

    @Test
    void aMissingConfigMapInTheEnvironment(TestNamespace here, Release release) {
        var job = here.create(job("noconfig")
                .worker("exit=0")
                .spec(
                        "template.spec.containers.0.envFrom",
                        List.of(Map.of("configMapRef", Map.of("name", "shop-settings")))));

        waitsBecauseOf(job, "InvalidTemplate", "shop-settings");
        neverStarted(job, "InvalidTemplate", "shop-settings");
        fewWrites(here, release, 1);
    }

    @Test
    void aMissingConfigMapAsVolume(TestNamespace here) {
        var job = here.create(job("novolume")
                .worker("exit=0")
                .spec(
                        "template.spec.volumes",
                        List.of(Map.of("name", "settings", "configMap", Map.of("name", "shop-settings"))))
                .spec(
                        "template.spec.containers.0.volumeMounts",
                        List.of(Map.of("name", "settings", "mountPath", "/settings"))));

        var failed = job.await(State.FAILED, LONGEST);
        assertThat(failed.reason()).isEqualTo("PodNeverStarted");
        assertThat(failed.message()).contains("novolume-1-").containsAnyOf("shop-settings", "kubectl describe pod");
    }

    @Test
    void aQuotaThatIsUsedUp(TestNamespace here, Release release) {
        here.kubectl("create", "quota", "no-pods", "--hard=pods=0");
        var job = here.create(job("quota").worker("exit=0"));

        waitsBecauseOf(job, "QuotaExceeded", "no-pods");
        neverStarted(job, "QuotaExceeded", "no-pods");
        // Tries after 0, 5, 15 and 35 seconds at most.
        fewWrites(here, release, 4);
    }

    @Test
    void aJobThatWaitedForQuotaRunsWhenThereIsSome(TestNamespace here) {
        here.kubectl("create", "quota", "pods", "--hard=pods=0");
        var job = here.create(job("raised").worker("exit=0"));
        job.awaitReason("QuotaExceeded");

        here.kubectl("patch", "quota", "pods", "--type=merge", "--patch", "{\"spec\":{\"hard\":{\"pods\":\"5\"}}}");

        job.await(State.DONE);
    }

    @Test
    void aPodThatTheNamespacesSecurityForbids(TestNamespace here, Release release) {
        var job = here.create(job("root").worker("exit=0").spec("template.spec.hostNetwork", true));

        waitsBecauseOf(job, "PodSecurityForbidden", "hostNetwork");
        neverStarted(job, "PodSecurityForbidden", "hostNetwork");
        fewWrites(here, release, 4);
    }

    @Test
    void aNodeThatCannotStartThePod(TestNamespace here, Release release) {
        var runtime = here.name();
        here.cluster().apply(here.name(), """
                {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: %s}, handler: nothing}
                """.formatted(runtime));
        try {
            var job = here.create(job("nosandbox").worker("exit=0").spec("template.spec.runtimeClassName", runtime));

            waitsBecauseOf(job, "PodStarting", "FailedCreatePodSandBox");
            neverStarted(job, "PodStarting", "nothing");
            fewWrites(here, release, 1);
        } finally {
            here.kubectl("delete", "runtimeclass", runtime);
        }
    }

    /** Nothing is written before a webhook has answered: each try is the same attempt. */
    @Test
    void aWebhookThatDoesNotAnswer(TestNamespace here, Release release) {
        var webhook = here.name();
        here.cluster().apply(here.name(), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: broken.syncjobs.io
                    clientConfig: {service: {namespace: %1$s, name: nobody}}
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                    admissionReviewVersions: [v1]
                    sideEffects: None
                    failurePolicy: Fail
                """.formatted(webhook));
        try {
            var job = here.create(job("asked").worker("exit=0"));
            var stuck = here.create(job("stuck").worker("exit=0"));

            waitsBecauseOf(job, "PodNotCreated", "failed calling webhook");
            var failed = stuck.await(State.FAILED, LONGEST);
            assertThat(failed.reason()).isEqualTo("PodNeverStarted");
            assertThat(failed.text("error.type")).isEqualTo("PodNotCreated");
            assertThat(failed.text("error.resolution")).contains("webhook");
            // Tries after 0, 5, 15 and 35 seconds at most, for each of the two.
            assertThat(failed.attempt()).isEqualTo(1);
            assertThat(here.cluster().auditLog().writes(here, release.operatorUser()))
                    .hasSizeLessThanOrEqualTo(2 * (4 + 4 + 6));
        } finally {
            here.kubectl("delete", "validatingwebhookconfiguration", webhook);
        }
        here.job("asked").annotate("syncjobs.io/requeue", "now");
        here.job("asked").await(State.DONE);
    }

    @Test
    void aTemplateThatIsNoPod(TestNamespace here, Release release) {
        here.apply(
                job("nocontainers").spec("template.spec.containers", List.of()),
                job("nospec").spec("template.metadata.labels", Map.of("a", "b")),
                job("notalist").spec("template.spec.containers", "worker"),
                job("badname")
                        .spec(
                                "template.spec.containers",
                                List.of(Map.of("name", "Bad_Name", "image", Images.TEST_WORKER))),
                job("misspelt").worker("exit=0").spec("template.spec.containers.0.comand", List.of("/bin/true")),
                job("badvalue").worker("exit=0").spec("template.spec.terminationGracePeriodSeconds", "soon"));

        waitsBecauseOf(here.job("nocontainers"), "InvalidTemplate", "containers");
        waitsBecauseOf(here.job("nospec"), "InvalidTemplate", "containers");
        waitsBecauseOf(here.job("notalist"), "InvalidTemplate", "containers");
        waitsBecauseOf(here.job("badname"), "InvalidTemplate", "spec.containers[0].name");
        waitsBecauseOf(here.job("misspelt"), "InvalidTemplate", "comand");
        waitsBecauseOf(here.job("badvalue"), "InvalidTemplate", "terminationGracePeriodSeconds");
        for (var job : here.jobs("nocontainers", "nospec", "notalist", "badname", "misspelt", "badvalue")) {
            neverStarted(job, "InvalidTemplate", "");
        }
        var refused = here.cluster().auditLog().writes(here, release.operatorUser()).stream()
                .filter(write -> write.what().equals("create pods"))
                .toList();
        assertThat(refused).hasSizeLessThanOrEqualTo(6 * 4).noneMatch(Write::succeeded);
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

        waitsBecauseOf(here.job("nothow"), "InvalidTemplate", "template");
        waitsBecauseOf(here.job("builtin"), "InvalidTemplate", "template");
        assertThat(here.job("nothow").status().state()).isEqualTo(State.PENDING);

        here.apply(Manifest.queue("empty").worker("exit=0"));
        here.job("nothow").await(State.DONE);
    }

    private static void waitsBecauseOf(TestJob job, String reason, String named) {
        var waiting = job.awaitReason(reason);
        assertThat(waiting.state().finished()).isFalse();
        assertThat(waiting.message()).contains(named);
    }

    private static JobStatus neverStarted(TestJob job, String why, String named) {
        var failed = job.await(State.FAILED, LONGEST);
        assertThat(failed.reason()).isEqualTo("PodNeverStarted");
        assertThat(failed.message()).contains(named);
        assertThat(failed.text("error.type")).isEqualTo(why);
        assertThat(failed.text("error.resolution")).contains("syncjobs.io/requeue=now");
        assertThat(failed.attempt()).isEqualTo(1);
        return failed;
    }

    /** Reserve, one or two reasons, stop, end: never a write per look. */
    private static void fewWrites(TestNamespace here, Release release, int pods) {
        var writes = here.cluster().auditLog().writes(here, release.operatorUser()).stream()
                .map(Write::what)
                .toList();
        assertThat(writes.stream().filter("create pods"::equals)).hasSizeLessThanOrEqualTo(pods);
        assertThat(writes.stream().filter("patch syncjobs/status"::equals)).hasSizeBetween(3, 6);
        assertThat(writes).hasSizeLessThanOrEqualTo(pods + 9);
    }
}
