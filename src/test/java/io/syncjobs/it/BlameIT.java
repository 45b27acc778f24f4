package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.FakePod;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What nodes, registries and the scheduler say, written to pods as they do: who is blamed, what counts, what is advised. */
@ClusterTest
@Order(4)
class BlameIT {
    /** The release under test gives a pod 60 seconds to start. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /** What a pod waits for: reason and words of its kubelet, the job's reason, what the advice names. */
    private record Told(String says, String words, String reason, String advice) {}

    private static final Map<String, Told> WAITS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "registry-down",
                    new Told(
                            "ErrImagePull",
                            "failed to resolve reference \"r.example/erp:7\": 502 Bad Gateway",
                            "ImagePullFailed",
                            "registry of r.example/erp:7")),
            Map.entry(
                    "no-such-tag",
                    new Told(
                            "ErrImagePull",
                            "failed to pull and unpack image \"r.example/erp:8\": not found",
                            "ImagePullFailed",
                            "There is no r.example/erp:8: push it, or mend its name and tag in the template of SyncQueue fake")),
            Map.entry(
                    "unauthorized",
                    new Told(
                            "ErrImagePull",
                            "failed to fetch oauth token: 401 Unauthorized",
                            "ImagePullFailed",
                            "imagePullSecrets")),
            Map.entry(
                    "rate-limit",
                    new Told("ErrImagePull", "429 Too Many Requests - toomanyrequests", "ImagePullFailed", "mirror")),
            Map.entry(
                    "certificate",
                    new Told(
                            "ErrImagePull",
                            "x509: certificate signed by unknown authority",
                            "ImagePullFailed",
                            "certificate")),
            Map.entry(
                    "name-reserved",
                    new Told(
                            "CreateContainerError",
                            "failed to reserve container name worker_x: name is reserved for 3f1a",
                            "PodStarting",
                            "container runtime")),
            Map.entry(
                    "runtime-slow",
                    new Told("CreateContainerError", "context deadline exceeded", "PodStarting", "container runtime")),
            Map.entry(
                    "no-command",
                    new Told(
                            "CreateContainerError",
                            "failed to generate spec: no command specified",
                            "InvalidTemplate",
                            "mend command")),
            Map.entry(
                    "no-secret",
                    new Told(
                            "CreateContainerConfigError",
                            "secret \"shop-api\" not found",
                            "InvalidTemplate",
                            "Create Secret shop-api in namespace")),
            Map.entry(
                    "no-key",
                    new Told(
                            "CreateContainerConfigError",
                            "couldn't find key token in Secret shop/shop-api",
                            "InvalidTemplate",
                            "Add key token to Secret shop/shop-api")),
            Map.entry(
                    "hook",
                    new Told("PostStartHookError", "exited with 1", "InvalidTemplate", "lifecycle.postStart"))));

    private static final Map<String, Told> NOWHERE = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "full",
                    new Told(
                            "",
                            "0/1 nodes are available: 1 Insufficient cpu.",
                            "PodUnschedulable",
                            "as much cpu free")),
            Map.entry(
                    "tainted",
                    new Told(
                            "",
                            "0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: erp}.",
                            "PodUnschedulable",
                            "taint dedicated: erp")),
            Map.entry(
                    "not-ready",
                    new Told(
                            "",
                            "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.",
                            "PodUnschedulable",
                            "kubectl get nodes")),
            Map.entry(
                    "claim",
                    new Told(
                            "",
                            "0/1 nodes are available: persistentvolumeclaim \"data\" not found.",
                            "PodUnschedulable",
                            "Create PersistentVolumeClaim data"))));

    @Test
    void eachThatWaitsIsToldAtOnceWithTheObjectToCreateOrChange(TestNamespace here) {
        here.apply(FakePod.queue("fake"));
        // One after the other: each has less than a minute until it ends as PodNeverStarted.
        WAITS.forEach((name, told) -> {
            here.create(job(name).spec("queue", "fake"));
            pod(here, name, 1).waits(told.says(), told.words());
            isTold(here, name, told);
        });
        NOWHERE.forEach((name, told) -> {
            here.create(job(name).spec("queue", "fake"));
            pod(here, name, 1).unschedulable(told.words());
            isTold(here, name, told);
        });
        var queue = here.queue("fake").path("status");
        assertThat(queue.path("message").asText()).contains("taken places");
    }

    private static void isTold(TestNamespace here, String name, Told told) {
        var status = here.job(name).awaitReason(told.reason());
        assertThat(status.message())
                .as(name)
                .contains(told.words())
                .contains(told.advice())
                .endsWith("The job goes on by itself.");
        if (told.reason().equals("PodStarting") || told.words().contains("502"))
            assertThat(status.message()).doesNotContain("template");
    }

    @Test
    void aNodeThatRefusesPodsIsNeverCounted(TestNamespace here) {
        here.apply(
                FakePod.queue("fake"),
                job("cpu").spec("queue", "fake"),
                job("device").spec("queue", "fake"));
        for (var attempt = 1; attempt <= 2; attempt++) {
            pod(here, "cpu", attempt).failed("OutOfcpu", "Pod was rejected: Node didn't have enough resource: cpu");
            pod(here, "device", attempt).failed("UnexpectedAdmissionError", "Allocate failed: no healthy devices");
        }
        for (var job : here.jobs("cpu", "device")) {
            FakePod.of(here, job, 3).exits(0, "Completed");
            var done = job.await(State.DONE);
            assertThat(done.number("workerLosses")).isZero();
            assertThat(done.history("reason")).containsExactly("PodRefused", "PodRefused", "Completed");
        }
    }

    @Test
    void aWorkerThatUsesUpItsNodeIsCountedAndOneThatSuffersFromOthersIsNot(TestNamespace here) {
        here.apply(FakePod.queue("fake"), job("greedy").spec("queue", "fake"));
        var low = "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. ";
        for (var attempt = 1; attempt <= 3; attempt++) {
            evict(
                    here,
                    "greedy",
                    attempt,
                    low
                            + "Container worker was using 38Gi, request is 0, has larger consumption of ephemeral-storage. ");
        }
        here.create(job("victim").spec("queue", "fake"));
        evict(here, "victim", 1, low);

        var failed = here.job("greedy").await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("WorkerLost");
        assertThat(failed.text("error.resolution")).contains("short of ephemeral-storage");
        pod(here, "victim", 2).exits(0, "Completed");
        assertThat(here.job("victim").await(State.DONE).number("workerLosses")).isZero();
    }

    private static void evict(TestNamespace here, String name, int attempt, String message) {
        var pod = pod(here, name, attempt);
        pod.runs();
        here.job(name).awaitStarted(attempt);
        pod.evicted(message);
    }

    @Test
    void aRegistryThatIsDownForLongerThanAPodHasTimeIsOutlastedWithAny(TestNamespace here) {
        here.apply(
                FakePod.queue("fake").spec("defaults.retry", Map.of("when", "Any", "limit", -1, "delaySeconds", 1)),
                FakePod.queue("strict"),
                job("pulls").spec("queue", "fake"),
                job("ends").spec("queue", "strict"));
        for (var job : here.jobs("pulls", "ends")) {
            var pod = FakePod.of(here, job, 1);
            pod.waits("ErrImagePull", "failed to resolve reference \"r.example/erp:7\": 502 Bad Gateway");
            job.awaitReason("ImagePullFailed");
            pod.waits("ImagePullBackOff", "Back-off pulling image \"r.example/erp:7\"");
        }

        var again = here.job("pulls").await("attempt 2", LONGEST, s -> s.attempt() == 2);
        assertThat(again.history("reason")).containsExactly("RetryBackoff");
        var ended = here.job("ends").await(State.FAILED, LONGEST);
        assertThat(ended.reason()).isEqualTo("PodNeverStarted");
        assertThat(ended.text("error.type")).isEqualTo("ImagePullFailed");
        assertThat(ended.message()).contains("502 Bad Gateway");
    }

    @Test
    void anInitContainerThatWorksOnIsNamed(TestNamespace here) {
        here.apply(
                FakePod.queue("fake")
                        .spec(
                                "template.spec.initContainers",
                                List.of(Map.of("name", "wait-for-database", "image", "shop/wait:1"))),
                job("waits").spec("queue", "fake"));
        pod(here, "waits", 1).initRuns("wait-for-database");

        assertThat(here.job("waits").awaitReason("PodStarting").message())
                .contains("wait-for-database, which has been running since");
        assertThat(here.job("waits").await(State.FAILED, LONGEST).text("error.message"))
                .contains("wait-for-database");
    }

    @Test
    void howAWorkerWasKilledForMemoryIsToldApart(TestNamespace here) {
        var limits = Map.of("limits", Map.of("memory", "64Mi"));
        here.apply(
                FakePod.queue("limited").spec("template.spec.containers.0.resources", limits),
                FakePod.queue("open"),
                job("own").spec("queue", "limited"),
                job("nodes").spec("queue", "open"));
        for (var job : here.jobs("own", "nodes")) {
            var pod = FakePod.of(here, job, 1);
            pod.runs();
            job.awaitStarted(1);
            pod.exits(137, "OOMKilled");
        }

        var own = here.job("own").await(State.FAILED);
        assertThat(own.reason()).isEqualTo("OutOfMemory");
        assertThat(own.text("error.resolution")).contains("resources.limits.memory of container worker");
        var lost =
                here.job("nodes").await("its attempt is lost", s -> s.outcomes().contains("Lost"));
        assertThat(lost.history("reason")).containsExactly("OutOfMemory");
        assertThat(lost.history("message").getFirst()).contains("no memory limit");
    }

    /** A runtime may tell the exit code first, and a moment later that memory was the cause. */
    @Test
    void ofAWorkerThatWasKilledTheCauseIsAwaited(TestNamespace here) {
        here.apply(
                FakePod.queue("limited")
                        .spec("template.spec.containers.0.resources", Map.of("limits", Map.of("memory", "64Mi"))),
                job("killed").spec("queue", "limited"),
                job("later").spec("queue", "limited"));
        var killed = FakePod.of(here, here.job("killed"), 1);
        killed.runs();
        here.job("killed").awaitStarted(1);

        killed.workerWasKilled(Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(300));
        // The operator sees pods in the order of their changes.
        FakePod.of(here, here.job("later"), 1).exits(0, "Completed");
        here.job("later").await(State.DONE);
        assertThat(here.job("killed").status().state()).isEqualTo(State.STARTED);

        killed.exits(137, "OOMKilled");
        assertThat(here.job("killed").await(State.FAILED).reason()).isEqualTo("OutOfMemory");
    }

    @Test
    void aMendedTemplateFreesAJobWhosePodWaitsAndItsQueueSaidWhy(TestNamespace here) {
        here.apply(
                Manifest.queue("narrow")
                        .spec("capacity", 1)
                        .spec("template.spec.containers", List.of(Manifest.container("registry.invalid/nothing:1"))),
                job("first").spec("queue", "narrow"));
        here.job("first").awaitReason("ImagePullFailed");
        here.create(job("second").spec("queue", "narrow"));
        Waiting.until(
                "the queue says what holds its only place",
                () -> here.queue("narrow").at("/status/reason").asText().equals("ImagePullFailed"),
                here::describe);

        here.apply(Manifest.queue("narrow").spec("capacity", 1).worker("exit=0"));

        var done = here.job("first").await(State.DONE);
        assertThat(done.history("reason")).containsExactly("TemplateChanged", "Completed");
        assertThat(done.number("retries")).isZero();
        here.job("second").await(State.DONE);
    }

    @Test
    void aMissingSecretIsNamedAndTheJobGoesOnWhenItIsThere(TestNamespace here) {
        var job = here.create(job("keyless")
                .worker("exit=0")
                .spec("template.spec.containers.0.envFrom", List.of(Map.of("secretRef", Map.of("name", "shop-api")))));
        assertThat(job.awaitReason("InvalidTemplate").message())
                .contains("Create Secret shop-api in namespace " + here.name())
                .endsWith("The job goes on by itself.");

        here.kubectl("create", "secret", "generic", "shop-api", "--from-literal=token=x");

        assertThat(job.await(State.DONE, LONGEST).attempt()).isEqualTo(1);
    }

    /** Both refuse at their own admission, past the scheduler. */
    @Test
    void aPodThatItsTemplateBindsToTheWrongNodeIsTheTemplatesFault(TestNamespace here) {
        var node = here.cluster().client().nodes().list().getItems().getFirst();
        var name = node.getMetadata().getName();
        here.apply(
                job("large")
                        .worker("exit=0")
                        .spec("template.spec.nodeName", name)
                        .spec("template.spec.containers.0.resources", Map.of("requests", Map.of("cpu", "1000"))),
                job("other")
                        .worker("exit=0")
                        .spec("template.spec.nodeName", name)
                        .spec("template.spec.nodeSelector", Map.of("disk", "none-has-this")));

        for (var job : here.jobs("large", "other")) {
            var waits = job.awaitReason("PodUnschedulable");
            assertThat(waits.message()).contains("leave nodeName out").contains("delete the job");
            assertThat(waits.number("workerLosses")).isZero();
        }
        assertThat(here.job("large").status().message()).contains("OutOfcpu");
        assertThat(here.job("other").status().message()).contains("NodeAffinity");
    }

    /** As a mesh does that starts before the application. */
    @Test
    void theWorkerIsTheTemplatesFirstContainerWhateverAdmissionPutsBeforeIt(TestNamespace here) {
        here.cluster().apply(here.name(), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  reinvocationPolicy: Never
                  matchConstraints:
                    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                  mutations:
                    - patchType: JSONPatch
                      jsonPatch:
                        expression: >-
                          [JSONPatch{op: "add", path: "/spec/containers/0", value: Object.spec.containers{
                            name: "mesh", image: object.spec.containers[0].image, args: ["hang"]}},
                           JSONPatch{op: "add", path: "/spec/containers/1/terminationMessagePolicy",
                            value: "FallbackToLogsOnError"}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                """.formatted(here.name()));
        here.kubectl("label", "namespace", here.name(), "pod-security.kubernetes.io/enforce=privileged", "--overwrite");
        try {
            var trace = new String[] {
                "print=Traceback (most recent call last):",
                "print=  File \"/app/stock.py\", line 27, in <module>",
                "print=ValueError: stock of KT-9 is below zero",
                "exit=1"
            };
            // The API server takes up a new policy within a moment.
            Waiting.until(
                    "the policy is in force",
                    () -> here.tryKubectl("run", "probe", "--image=i", "--dry-run=server", "-o", "json")
                            .out()
                            .contains("\"mesh\""),
                    () -> "");
            here.apply(
                    job("works").worker("message={\"result\":12}", "exit=0"),
                    job("fails").worker(trace));

            assertThat(here.job("works").await(State.DONE).result().asInt()).isEqualTo(12);
            var failed = here.job("fails").await(State.FAILED);
            assertThat(failed.text("error.type")).isEqualTo("ValueError");
            assertThat(failed.text("error.message")).isEqualTo("stock of KT-9 is below zero");
        } finally {
            here.kubectl("delete", "mutatingadmissionpolicy,mutatingadmissionpolicybinding", here.name());
        }
    }

    @Test
    void aWorkersLogIsFoundByTheNameOfItsJob(TestNamespace here) {
        var job = here.create(job("speaks").worker("print=hello", "hang"));

        var started = job.awaitStarted(1);
        var command = started.message().substring(started.message().indexOf("kubectl logs"));
        assertThat(command).isEqualTo("kubectl logs -n " + here.name() + " " + started.worker() + " -c worker");
        Waiting.until(
                "its line is in the log",
                () -> here.kubectl("logs", "-l", "syncjobs.io/job-name=speaks").contains("hello"),
                () -> here.kubectl("logs", "-l", "syncjobs.io/job-name=speaks"));
        job.annotate("syncjobs.io/cancel", "seen enough");
        assertThat(job.await(State.CANCELLED).condition("Finished")).isEqualTo("True");
    }

    private static FakePod pod(TestNamespace here, String job, int attempt) {
        return FakePod.of(here, here.job(job), attempt);
    }
}
