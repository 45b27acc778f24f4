package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Rows of the table of blame that a real API server and a real kubelet say of their own: here nobody writes a pod's status. */
@ClusterTest
@Order(4)
class ProvokedBlameIT {
    /** A kubelet looks at the size of volumes every ten seconds here, by default once a minute. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final String GOES_ON = "The job goes on by itself.";

    @Test
    void whoWritesMoreToItsVolumeThanItMayIsCounted(TestNamespace here) {
        var job = here.create(job("writes")
                .worker("fill=/scratch/export.csv:3000000", "hang=1:", "exit=0")
                .spec(
                        "template.spec.volumes",
                        List.of(Map.of("name", "scratch", "emptyDir", Map.of("sizeLimit", "1Mi"))))
                .spec(
                        "template.spec.containers.0.volumeMounts",
                        List.of(Map.of("name", "scratch", "mountPath", "/scratch"))));

        // A node that is short of something may have refused an attempt before.
        var lost = job.await(
                "its attempt is lost", LONGEST, s -> s.history("reason").contains("WorkerDied"));
        assertThat(lost.history("message").get(lost.history("reason").indexOf("WorkerDied")))
                .contains("Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Mi\"")
                .contains("more to the emptyDir volume scratch than its sizeLimit");
        assertThat(lost.number("workerLosses")).isEqualTo(1);
    }

    @Test
    void aKeyThatAVolumeMissesIsNamedAndTheJobGoesOnWhenItIsThere(TestNamespace here) {
        here.kubectl("create", "configmap", "shop-settings", "--from-literal=currency=EUR");
        here.kubectl("create", "secret", "generic", "shop-api", "--from-literal=user=erp");
        here.apply(
                reads("map", Map.of("configMap", Map.of("name", "shop-settings", "items", items("tax-rates")))),
                reads("secret", Map.of("secret", Map.of("secretName", "shop-api", "items", items("token")))));

        waits(
                here.job("map"),
                "InvalidTemplate",
                "tax-rates",
                "Add key tax-rates to the Secret or ConfigMap of volume v");
        waits(here.job("secret"), "InvalidTemplate", "token", "Add key token to the Secret or ConfigMap of volume v");

        here.kubectl("patch", "configmap", "shop-settings", "--patch", "{\"data\":{\"tax-rates\":\"0.19\"}}");
        here.kubectl("patch", "secret", "shop-api", "--patch", "{\"stringData\":{\"token\":\"x\"}}");
        for (var job : here.jobs("map", "secret")) isDoneUncounted(job, LONGEST);
    }

    private static Manifest reads(String name, Map<String, Object> source) {
        var volume = new HashMap<>(source);
        volume.put("name", "v");
        return job(name)
                .worker("exit=0")
                .spec("template.spec.volumes", List.of(volume))
                .spec("template.spec.containers.0.volumeMounts", List.of(Map.of("name", "v", "mountPath", "/v")));
    }

    private static List<Map<String, String>> items(String key) {
        return List.of(Map.of("key", key, "path", "value"));
    }

    @Test
    void whatALimitRangeRefusesIsTheTemplatesFaultUntilTheRangeIsMended(TestNamespace here) {
        here.cluster().apply(here.name(), """
                {apiVersion: v1, kind: LimitRange, metadata: {name: small},
                 spec: {limits: [{type: Container, max: {memory: 64Mi}}]}}
                """);
        var job = here.create(job("large")
                .worker("exit=0")
                .spec("template.spec.containers.0.resources", Map.of("limits", Map.of("memory", "128Mi"))));

        var waits = waits(
                job,
                "InvalidTemplate",
                "maximum memory usage per Container is 64Mi",
                "kubectl describe limitrange -n " + here.name());
        assertThat(waits.message()).contains("delete the job and create it again");

        here.kubectl("delete", "limitrange", "small");
        isDoneUncounted(job, LONGEST);
    }

    @Test
    void aQuotaThatDemandsLimitsSaysWhichAndARangeWithDefaultsSatisfiesIt(TestNamespace here) {
        here.quota("stated", "limits.memory=1Gi,requests.cpu=2");
        var job = here.create(job("silent").worker("exit=0"));

        waits(
                job,
                "QuotaExceeded",
                "must specify limits.memory",
                "ResourceQuota stated in namespace " + here.name() + " demands resources that the pod does not state");

        here.cluster().apply(here.name(), """
                {apiVersion: v1, kind: LimitRange, metadata: {name: defaults}, spec: {limits: [{type: Container,
                 default: {memory: 64Mi, cpu: 100m}, defaultRequest: {memory: 64Mi, cpu: 10m}}]}}
                """);
        isDoneUncounted(job, LONGEST);
    }

    @Test
    void aMissingServiceAccountIsNamedAndTheJobGoesOnWhenItIsThere(TestNamespace here) {
        var job = here.create(job("erp").worker("exit=0").spec("template.spec.serviceAccountName", "erp-export"));

        var waits = waits(
                job,
                "InvalidTemplate",
                "serviceaccount \"erp-export\" not found",
                "Create ServiceAccount erp-export in namespace " + here.name());
        assertThat(waits.message()).endsWith(GOES_ON);

        here.kubectl("create", "serviceaccount", "erp-export");
        isDoneUncounted(job, LONGEST);
    }

    /** Somebody deletes the namespace while a job waits in it, and something keeps the job there for a while. */
    @Test
    void aNamespaceThatIsBeingDeletedIsNoFaultOfItsJobs(TestNamespace here) {
        var held = Manifest.queue("held").spec("paused", true).worker("exit=0");
        here.apply(held, job("last").spec("queue", "held"));
        here.job("last").awaitReason("QueuePaused");
        here.cluster().apply(here.name(), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  matchConstraints:
                    resourceRules: [{apiGroups: [syncjobs.io], apiVersions: [v1alpha1], operations: [DELETE], resources: ["*"]}]
                  validations: [{expression: "false", message: the books are not closed}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  validationActions: [Deny]
                  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                """.formatted(here.name()));
        try {
            Waiting.until(
                    "the policy is in force",
                    () -> here.tryKubectl("delete", "syncqueue", "held", "--dry-run=server")
                            .err()
                            .contains("books"),
                    () -> "");
            here.kubectl("delete", "namespace", here.name(), "--wait=false");
            here.kubectl("patch", "syncqueue", "held", "--type=merge", "--patch", "{\"spec\":{\"paused\":false}}");

            var waits = waits(
                    here.job("last"),
                    "PodNotCreated",
                    "is being terminated",
                    "Namespace " + here.name() + " is being deleted, with all that is in it");
            assertThat(waits.message()).doesNotContain("template", GOES_ON);
        } finally {
            here.cluster().kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", here.name());
        }
    }

    private static JobStatus waits(TestJob job, String reason, String words, String advice) {
        var waits = job.await(
                reason + " with " + words,
                LONGEST,
                status -> reason.equals(status.reason()) && status.message().contains(words));
        assertThat(waits.state().finished()).isFalse();
        assertThat(waits.message()).contains(advice);
        assertThat(waits.number("workerLosses") + waits.number("retries")).isZero();
        return waits;
    }

    private static void isDoneUncounted(TestJob job, Duration limit) {
        var done = job.await(State.DONE, limit);
        assertThat(done.number("workerLosses") + done.number("retries")).isZero();
        assertThat(done.attempt()).isEqualTo(1);
    }
}
