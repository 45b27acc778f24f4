package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.syncjobs.api.State;
import io.syncjobs.cluster.AuditLog.Write;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.RestrictedPod;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Templates that cannot become running pods: each says why at once, ends in a reason after its time, and costs few writes. They
 * wait for that time together.
 */
@ClusterTest
@Order(4)
class NeverStartIT {
    /** The release under test gives a pod 60 seconds to start. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /** What is not in a namespace bears this label. */
    private static final String OURS = "test=never-start";

    private static final List<TestNamespace> NAMESPACES = new ArrayList<>();

    /** Creates a job, checks what it says at once, and gives what to check of its end. */
    private interface Beginning {
        Runnable of(TestNamespace here, Release release);
    }

    /** One kind of template, in a namespace of its own. */
    private static final class Case {
        private final String what;
        private final Beginning beginning;
        private @Nullable Runnable end;

        Case(String what, Beginning beginning) {
            this.what = what;
            this.beginning = beginning;
        }

        DynamicTest saysWhy(Release release) {
            return dynamicTest(what + " says why at once", () -> {
                var here = TestNamespace.create(release.cluster(), "neverstart").servedBy(release);
                NAMESPACES.add(here);
                end = beginning.of(here, release);
            });
        }

        DynamicTest ends() {
            return dynamicTest(
                    what + " ends after its time",
                    () -> requireNonNull(end, "it did not begin").run());
        }
    }

    @AfterAll
    static void cleanUp() {
        if (NAMESPACES.isEmpty()) return;
        var kinds = "validatingwebhookconfigurations,runtimeclasses";
        NAMESPACES.getFirst().kubectl("delete", kinds, "--selector", OURS, "--ignore-not-found");
        NAMESPACES.forEach(TestNamespace::delete);
    }

    /** All begin before the first ends. */
    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> whatCannotStart(Release release) {
        var cases = List.of(
                new Case("an image that cannot be pulled", NeverStartIT::noImage),
                new Case("an image that runs as root", NeverStartIT::asRoot),
                new Case("a pod that no node takes", NeverStartIT::noNode),
                new Case("a missing ConfigMap in the environment", NeverStartIT::noConfig),
                new Case("a missing ConfigMap as volume", NeverStartIT::noVolume),
                new Case("a quota that is used up", NeverStartIT::noQuota),
                new Case("a pod that the namespace's security forbids", NeverStartIT::forbidden),
                new Case("a node that cannot start the pod", NeverStartIT::noSandbox),
                new Case("a webhook that does not answer", NeverStartIT::noWebhook),
                new Case("a template that is no pod", NeverStartIT::noPod));
        return Stream.concat(
                cases.stream().map(one -> one.saysWhy(release)), cases.stream().map(Case::ends));
    }

    private static Runnable noImage(TestNamespace here, Release release) {
        var job = here.create(job("noimage")
                .spec("template.spec.containers", List.of(Manifest.container("registry.invalid/nothing:1"))));
        waitsBecauseOf(job, "ImagePullFailed", "registry.invalid/nothing:1");
        return () -> {
            var failed = neverStarted(job, "ImagePullFailed", "registry.invalid/nothing:1");
            assertThat(failed.text("error.resolution")).contains("finds no registry of that name");
            fewWrites(here, release, 1);
        };
    }

    /** What most images do that nobody has made for Kubernetes. */
    private static Runnable asRoot(TestNamespace here, Release release) {
        here.kubectl("label", "namespace", here.name(), "pod-security.kubernetes.io/enforce=privileged", "--overwrite");
        var pod = new PodBuilder(
                        RestrictedPod.of(here, "try", "worker", "exit=0").build())
                .editSpec()
                .withSecurityContext(null)
                .endSpec()
                .build();
        Waiting.until(
                "such a pod is allowed",
                () -> here.dryRun(pod).exit() == 0,
                () -> here.dryRun(pod).err());
        var job = here.create(job("asroot")
                .worker("exit=0")
                .spec("template.spec.containers.0.securityContext", Map.of("runAsUser", 0)));
        waitsBecauseOf(job, "InvalidTemplate", "runAsNonRoot to false");
        return () -> {
            neverStarted(job, "InvalidTemplate", "non-root");
            fewWrites(here, release, 1);
        };
    }

    private static Runnable noNode(TestNamespace here, Release release) {
        var job =
                here.create(job("nowhere").worker("exit=0").spec("template.spec.nodeSelector", Map.of("disk", "none")));
        waitsBecauseOf(job, "PodUnschedulable", "node");
        return () -> {
            neverStarted(job, "PodUnschedulable", "node");
            fewWrites(here, release, 1);
        };
    }

    private static Runnable noConfig(TestNamespace here, Release release) {
        var job = here.create(job("noconfig")
                .worker("exit=0")
                .spec(
                        "template.spec.containers.0.envFrom",
                        List.of(Map.of("configMapRef", Map.of("name", "shop-settings")))));
        waitsBecauseOf(job, "InvalidTemplate", "shop-settings");
        return () -> {
            neverStarted(job, "InvalidTemplate", "shop-settings");
            fewWrites(here, release, 1);
        };
    }

    /** Its status says nothing of a volume; why it waits is in an event that comes when it comes. */
    private static Runnable noVolume(TestNamespace here, Release release) {
        var job = here.create(job("novolume")
                .worker("exit=0")
                .spec(
                        "template.spec.volumes",
                        List.of(Map.of("name", "settings", "configMap", Map.of("name", "shop-settings"))))
                .spec(
                        "template.spec.containers.0.volumeMounts",
                        List.of(Map.of("name", "settings", "mountPath", "/settings"))));
        return () -> {
            var failed = job.await(State.FAILED, LONGEST);
            assertThat(failed.reason()).isEqualTo("PodNeverStarted");
            assertThat(failed.message()).contains("novolume-1-").containsAnyOf("shop-settings", "kubectl describe pod");
        };
    }

    private static Runnable noQuota(TestNamespace here, Release release) {
        here.quota("no-pods", "pods=0");
        var job = here.create(job("quota").worker("exit=0"));
        waitsBecauseOf(job, "QuotaExceeded", "no-pods");
        return () -> {
            neverStarted(job, "QuotaExceeded", "no-pods");
            // Tries after 0, 5, 15 and 35 seconds at most.
            fewWrites(here, release, 4);
        };
    }

    private static Runnable forbidden(TestNamespace here, Release release) {
        var job = here.create(job("root").worker("exit=0").spec("template.spec.hostNetwork", true));
        waitsBecauseOf(job, "PodSecurityForbidden", "hostNetwork");
        return () -> {
            neverStarted(job, "PodSecurityForbidden", "hostNetwork");
            fewWrites(here, release, 4);
        };
    }

    private static Runnable noSandbox(TestNamespace here, Release release) {
        here.cluster().apply(here.name(), """
                {apiVersion: node.k8s.io/v1, kind: RuntimeClass, handler: nothing,
                 metadata: {name: %s, labels: {test: never-start}}}
                """.formatted(here.name()));
        var job = here.create(job("nosandbox").worker("exit=0").spec("template.spec.runtimeClassName", here.name()));
        waitsBecauseOf(job, "PodStarting", "FailedCreatePodSandBox");
        return () -> {
            neverStarted(job, "PodStarting", "nothing");
            fewWrites(here, release, 1);
        };
    }

    /** Nothing is written before a webhook has answered: each try is the same attempt. */
    private static Runnable noWebhook(TestNamespace here, Release release) {
        here.cluster().apply(here.name(), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s, labels: {test: never-start}}
                webhooks:
                  - name: broken.syncjobs.io
                    clientConfig: {service: {namespace: %1$s, name: nobody}}
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                    admissionReviewVersions: [v1]
                    sideEffects: None
                    failurePolicy: Fail
                """.formatted(here.name()));
        var pod = RestrictedPod.of(here, "try", "worker", "exit=0").build();
        Waiting.until(
                "the webhook is asked",
                () -> here.dryRun(pod).err().contains("failed calling webhook"),
                () -> here.dryRun(pod).err());
        var job = here.create(job("asked").worker("exit=0"));
        var stuck = here.create(job("stuck").worker("exit=0"));
        waitsBecauseOf(job, "PodNotCreated", "failed calling webhook");
        return () -> {
            var failed = stuck.await(State.FAILED, LONGEST);
            assertThat(failed.reason()).isEqualTo("PodNeverStarted");
            assertThat(failed.text("error.type")).isEqualTo("PodNotCreated");
            assertThat(failed.text("error.resolution")).contains("webhook");
            // Tries after 0, 5, 15 and 35 seconds at most, for each of the two.
            assertThat(failed.attempt()).isEqualTo(1);
            assertThat(here.cluster().auditLog().writes(here, release.operatorUser()))
                    .hasSizeLessThanOrEqualTo(2 * (4 + 4 + 6));
            here.kubectl("delete", "validatingwebhookconfiguration", here.name());
            job.annotate("syncjobs.io/requeue", "now");
            job.await(State.DONE);
        };
    }

    private static Runnable noPod(TestNamespace here, Release release) {
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
        return () -> {
            for (var job : here.jobs("nocontainers", "nospec", "notalist", "badname", "misspelt", "badvalue")) {
                neverStarted(job, "InvalidTemplate", "");
            }
            var refused = here.cluster().auditLog().writes(here, release.operatorUser()).stream()
                    .filter(write -> write.what().equals("create pods"))
                    .toList();
            assertThat(refused).hasSizeLessThanOrEqualTo(6 * 4).noneMatch(Write::succeeded);
        };
    }

    private static void waitsBecauseOf(TestJob job, String reason, String named) {
        var waiting = job.await(
                reason + " with " + named,
                LONGEST,
                status -> reason.equals(status.reason()) && status.message().contains(named));
        assertThat(waiting.state().finished()).isFalse();
    }

    private static JobStatus neverStarted(TestJob job, String why, String named) {
        var failed = job.await(State.FAILED, LONGEST);
        assertThat(failed.reason()).isEqualTo("PodNeverStarted");
        assertThat(failed.message()).contains(named);
        assertThat(failed.text("error.type")).isEqualTo(why);
        assertThat(failed.text("error.resolution"))
                .containsAnyOf("syncjobs.io/requeue=now", "delete the job and create it again");
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
