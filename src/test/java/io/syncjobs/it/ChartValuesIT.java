package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncjobs.api.State;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Tools.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart as a platform team gets and sets it: from a registry, with everything set, patched by hand, and tested. */
@ClusterTest
@Order(5)
class ChartValuesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHART = "helm/syncjobs";

    /** What OpenShift's restricted-v2 makes of a pod: a user of the namespace's range, and the root group. */
    private static final String ARBITRARY_USER = "1000650000";

    /** What changes how the product runs, all at once; rendering each of them is ValuesTest. */
    private static final String EVERYTHING = """
            enabled: true
            global: {imagePullSecrets: [none], someone: {elses: value}}
            fullnameOverride: FULL
            nameOverride: queues
            commonLabels: {team: erp}
            replicas: 2
            watchNamespaces: [JOBS]
            serviceAccount: {name: FULL-op, annotations: {a: b}}
            podAnnotations: {note: "1"}
            podLabels: {zone: blue}
            priorityClassName: chart-values-it
            nodeSelector: {kubernetes.io/os: linux}
            tolerations: [{key: batch, operator: Exists}]
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
              {matchExpressions: [{key: kubernetes.io/arch, operator: Exists}]}]}}}
            topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}]
            extraEnv: [{name: EXTRA, value: set}]
            extraVolumes: [{name: scratch, emptyDir: {}}]
            extraVolumeMounts: [{name: scratch, mountPath: /scratch}]
            podSecurityContext: {runAsUser: USER, runAsGroup: 0, fsGroup: USER}
            securityContext: {privileged: false}
            podDisruptionBudget: {minAvailable: 1}
            networkPolicy: {apiServerPorts: [443, 6443], metricsFrom: [{podSelector: {}}]}
            ipFamilyPolicy: SingleStack
            logging: {level: DEBUG, format: json}
            crds: {serviceAccount: {name: FULL-hook, annotations: {a: b}}}
            reasons: {afterSeconds: 2, writesPerSecond: 5}
            workers: {heartbeatSeconds: 2, deadAfterSeconds: 30}
            agent: {resources: {requests: {cpu: 0.02}, limits: {memory: 144Mi, ephemeral-storage: 32Mi}}}
            jobs: {traceBytes: 0}
            enqueuer:
              serviceAccount: {name: FULL-minute}
              podLabels: {zone: red}
              extraEnv: []
            """;

    private static final Duration PATIENT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private final Cluster cluster = Cluster.named("test2");

    @Test
    void fromARegistryWithEverythingSetAndAnyUserItRunsJobsAndIsUpgradedAlsoAfterAPatchByHand() throws IOException {
        var jobs = TestNamespace.create(cluster, "values-jobs");
        var full = jobs.name().replace("jobs", "q");
        cluster.apply(
                "default",
                "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: chart-values-it}\nvalue: 7\n");
        var values =
                EVERYTHING.replace("FULL", full).replace("JOBS", jobs.name()).replace("USER", ARBITRARY_USER);
        var own = new Installed(full, full + "-system");
        try (var registry = Registry.start()) {
            helm("", "package", CHART, "--destination", folder.toString()).orThrow();
            var charts = "oci://" + registry.address() + "/charts";
            helm("", "push", folder.resolve("syncjobs-0.1.0.tgz").toString(), charts, "--plain-http")
                    .orThrow();

            own.upgrade(values, charts + "/syncjobs", "--version", "0.1.0", "--plain-http", "--create-namespace")
                    .orThrow();

            var operator = own.read("deployment", full + "-operator");
            assertThat(operator.at("/spec/template/spec/securityContext/runAsUser")
                            .asText())
                    .isEqualTo(ARBITRARY_USER);
            jobs.apply(queue("work").worker("exit=0"), job("a").spec("queue", "work"));
            jobs.job("a").awaitDone(1);
            warmJobsObeyToo(jobs);
            own.runsOnce("by-hand");
            assertThat(own.kubectl("logs", "deployment/" + full + "-operator").lines())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(
                                    JSON.readTree(line).path("ecs.version").asText())
                            .isNotEmpty());

            own.kubectl(
                    "patch", "cronjob", full + "-enqueue", "--type=merge", "--patch", "{\"spec\":{\"suspend\":true}}");
            var refused = own.upgrade(values, CHART);
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.err()).contains("kubectl-patch", ".spec.suspend");
            assertThat(own.said()).contains("enqueuer.suspend", "--force-conflicts");
            own.upgrade(values + "  suspend: true\n", CHART).orThrow();
            own.upgrade(values, CHART, "--force-conflicts").orThrow();
            assertThat(own.read("cronjob", full + "-enqueue")
                            .at("/spec/suspend")
                            .asBoolean(true))
                    .isFalse();
            own.upgrade(values + "  schedule: '*/9 * * * *'\n", CHART).orThrow();
        } finally {
            own.remove();
            jobs.delete();
        }
    }

    /** What the operator is told, agents are told by it. */
    private static void warmJobsObeyToo(TestNamespace jobs) {
        jobs.apply(pool("shop"), queue("warm").spec("workerPool", "shop"));
        jobs.apply(job("fails")
                .spec("queue", "warm")
                .spec("payload.status", 500)
                .spec("payload.body.detail", "no stock")
                .spec("payload.body.trace", "at Shop.take"));

        var failed = jobs.job("fails").await(State.FAILED, PATIENT);

        assertThat(failed.text("error.message")).isEqualTo("no stock");
        assertThat(failed.text("error.trace")).isEmpty();
        var worker = failed.worker();
        assertThat(jobs.kubectl("get", "lease", worker, "-o=jsonpath={.spec.leaseDurationSeconds}"))
                .isEqualTo("30");
        assertThat(jobs.kubectl("logs", worker, "-c", "syncjobs-agent").lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{"));
        assertThat(jobs.kubectl(
                        "get", "deployment", "shop", "-o=jsonpath={.spec.template.spec.initContainers[0].resources}"))
                .isEqualTo("{\"limits\":{\"ephemeral-storage\":\"32Mi\",\"memory\":\"144Mi\"},"
                        + "\"requests\":{\"cpu\":\"20m\",\"memory\":\"64Mi\"}}");
    }

    @Test
    void theChartsOwnTestIsADoneJob(Release release) {
        var tested = release.cluster()
                .run("helm", "", "test", release.name(), "--namespace", release.namespace(), "--timeout", "230s");

        assertThat(tested.orThrow().out()).contains("Phase:          Succeeded").doesNotContain("Failed");
        assertThat(release.cluster().kubectl("get", "namespaces", "--output=name"))
                .doesNotContain("helm-test");
    }

    private Result helm(String input, String... args) {
        return cluster.run("helm", input, args);
    }

    /** One release of the chart that is set by hand. */
    private final class Installed {
        private final String name;
        private final String namespace;

        Installed(String name, String namespace) {
            this.name = name;
            this.namespace = namespace;
        }

        Result upgrade(String values, String chart, String... more) {
            var command = new ArrayList<>(List.of("upgrade", "--install", "values", chart, "--namespace", namespace));
            command.addAll(List.of("--wait", "--timeout", "200s", "--values", "-"));
            command.addAll(List.of(more));
            return helm(values, command.toArray(String[]::new));
        }

        String kubectl(String... args) {
            var command = new ArrayList<>(List.of("--namespace", namespace));
            command.addAll(List.of(args));
            return cluster.kubectl(command.toArray(String[]::new));
        }

        JsonNode read(String kind, String object) throws IOException {
            return JSON.readTree(kubectl("get", kind, object, "--output=json"));
        }

        /** What Helm tells of it. */
        String said() {
            return helm("", "get", "notes", "values", "--namespace", namespace)
                    .orThrow()
                    .out();
        }

        /** A minute run, now, that succeeds. The CronJob keeps one that has ended; a look later may come too late for this one. */
        void runsOnce(String run) {
            kubectl("create", "job", run, "--from=cronjob/" + name + "-enqueue");
            kubectl("wait", "job/" + run, "--for=condition=Complete", "--timeout=180s");
        }

        void remove() {
            helm("", "uninstall", "values", "--namespace", namespace, "--ignore-not-found", "--wait");
            cluster.client().namespaces().withName(namespace).delete();
        }
    }
}
