package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.syncjobs.core.settings.Settings.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
    private static final Map<String, ?> DEFAULTS = Map.of();

    /** What no process can know by itself. */
    private static final Set<Parameter> OF_THE_RELEASE =
            EnumSet.of(Parameter.NAMESPACE, Parameter.POD, Parameter.IMAGE);

    private static final Map<String, ?> TWO_NAMESPACES =
            Map.of("watchNamespaces[0]", "erp", "watchNamespaces[1]", "shop");

    @Test
    void itPassesLintWithoutAWarning() {
        assertThat(new Helm(Chart.FOLDER).lint().strict().call().isFailed()).isFalse();
    }

    /** docs/runbook.md looks for an operator that somebody has scaled down: then it has no pod that could be found. */
    @Test
    void theLabelsByWhichTheRunbookLooksForTheOperatorAreOnTheDeploymentToo() {
        assertThat(Chart.object(Map.of(), "Deployment", "syncjobs-operator")
                        .at("/metadata/labels/app.kubernetes.io~1component")
                        .asText())
                .isEqualTo("operator");
    }

    @ParameterizedTest
    @CsvSource({
        "image.repository, r.example/x, /spec/template/spec/containers/0/image, r.example/x:0.1.0",
        "image.tag, v9, /spec/template/spec/containers/0/image, syncjobs/syncjobs:v9",
        "image.pullPolicy, Always, /spec/template/spec/containers/0/imagePullPolicy, Always",
        "imagePullSecrets[0].name, secret, /spec/template/spec/imagePullSecrets/0/name, secret",
        "replicas, 3, /spec/replicas, 3",
        "nodeSelector.disk, ssd, /spec/template/spec/nodeSelector/disk, ssd",
        "tolerations[0].key, batch, /spec/template/spec/tolerations/0/key, batch",
        "resources.limits.memory, 1Gi, /spec/template/spec/containers/0/resources/limits/memory, 1Gi",
    })
    void whatIsSetReachesTheOperator(String value, String text, String pointer, String rendered) {
        assertThat(Chart.object(Map.of(value, text), "Deployment", "syncjobs-operator")
                        .at(pointer)
                        .asText())
                .isEqualTo(rendered);
    }

    @ParameterizedTest
    @CsvSource({
        "enqueuer.eager, false, EAGER, false",
        "enqueuer.overdueSeconds, 7, SCHEDULE_OVERDUE_SECONDS, 7",
        "workers.heartbeatSeconds, 7, HEARTBEAT_SECONDS, 7",
        "workers.deadAfterSeconds, 7, DEAD_AFTER_SECONDS, 7",
        "image.tag, v7, IMAGE, syncjobs/syncjobs:v7",
        "image.pullPolicy, Always, IMAGE_PULL_POLICY, Always",
        "imagePullSecrets[0].name, seven, IMAGE_PULL_SECRETS, seven",
        "jobs.podStartSeconds, 7, POD_START_SECONDS, 7",
        "jobs.donePodSeconds, 7, DONE_POD_SECONDS, 7",
        "jobs.failedPodSeconds, 7, FAILED_POD_SECONDS, 7",
        "agent.resources.limits.memory, 7Mi, AGENT_RESOURCES, '{\"limits\":{\"memory\":\"7Mi\"},\"requests\":{\"cpu\":\"20m\",\"memory\":\"64Mi\"}}'",
        "jobs.traceBytes, 7, TRACE_BYTES, 7",
        "jobs.allowTemplate, false, ALLOW_JOB_TEMPLATES, false",
        "reasons.afterSeconds, 7, REASON_AFTER_SECONDS, 7",
        "reasons.writesPerSecond, 7, REASON_WRITES_PER_SECOND, 7",
        "leaseSeconds, 7, LEASE_SECONDS, 7",
        "logging.level, DEBUG, LOG_LEVEL, DEBUG",
        "logging.format, json, LOG_FORMAT, json"
    })
    void settingsReachBothProcesses(String value, String text, Parameter parameter, String rendered) {
        var values = Map.of(value, text);
        for (var process : List.of(operator(values), minuteRun(values))) {
            assertThat(variable(process, parameter.variable())).isEqualTo(rendered);
        }
    }

    @Test
    void everySettingIsRenderedAndTheDefaultsAreTheProductsOwn() {
        for (var process : List.of(operator(DEFAULTS), minuteRun(DEFAULTS))) {
            assertThat(process.at("/containers/0/env"))
                    .extracting(variable -> variable.path("name").asText())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Parameter.values())
                            .map(Parameter::variable)
                            .toList());
            for (var parameter : Parameter.values()) {
                if (OF_THE_RELEASE.contains(parameter)) continue;
                assertThat(variable(process, parameter.variable()))
                        .as(parameter.variable())
                        .isEqualTo(parameter.fallback());
            }
        }
    }

    @Test
    void theMinuteRunIsACronJobThatNeverOverlaps() {
        var cronJob = Chart.object(
                Map.of("enqueuer.schedule", "*/2 * * * *", "enqueuer.suspend", "true"), "CronJob", "syncjobs-enqueue");

        assertThat(cronJob.at("/spec/schedule").asText()).isEqualTo("*/2 * * * *");
        assertThat(cronJob.at("/spec/suspend").asBoolean()).isTrue();
        assertThat(cronJob.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
        assertThat(minuteRun(DEFAULTS).at("/containers/0/args/0").asText()).isEqualTo("enqueue");
    }

    @ParameterizedTest
    @CsvSource({
        "enqueuer.startingDeadlineSeconds, 77, CronJob, syncjobs-enqueue, /spec/startingDeadlineSeconds",
        "enqueuer.resources.limits.memory, 77Mi, CronJob, syncjobs-enqueue, /spec/jobTemplate/spec/template/spec/containers/0/resources/limits/memory",
        "enqueuer.resources.limits.memory, 77Mi, Job, syncjobs-crds, /spec/template/spec/containers/0/resources/limits/memory",
    })
    void whatIsSetReachesTheMinuteRunAndTheHook(String value, String text, String kind, String name, String pointer) {
        assertThat(Chart.object(Map.of(value, text), kind, name).at(pointer).asText())
                .isEqualTo(text);
    }

    @Test
    void theDefinitionsCanBeLeftToSomebodyElse() {
        var objects = Chart.objects(Map.of("crds.install", "false"));

        assertThat(Chart.objects(DEFAULTS)).hasSize(objects.size() + 5);
        assertThat(objects).noneMatch(object -> object.toString().contains("syncjobs-crds"));
    }

    @ParameterizedTest
    @CsvSource({
        "replicas, -1, replicas",
        "enqueuer.schedule, hourly, schedule",
        "enqueuer.eager, maybe, eager",
        "image.pullPolicy, Sometimes, pullPolicy",
        "leaseSeconds, 1, leaseSeconds",
        "watchNamespaces[0], Not_One, watchNamespaces",
        "workers.deadAfterSeconds, 0, deadAfterSeconds",
        "workers.heartbeatSeconds, 0, heartbeatSeconds",
        "reasons.writesPerSecond, 0, writesPerSecond",
        "jobs.podStart, 5, podStart",
        "replica, 2, replica",
        "crds.install, sure, install"
    })
    void aWrongValueIsRefusedByName(String value, String text, String named) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, text))).hasMessageContaining(named);
    }

    @Test
    void noRuleHasAWildcardAndNoneCanReadSecrets() {
        var rules = Stream.of("Role", "ClusterRole")
                .flatMap(kind -> Chart.objects(DEFAULTS, kind).stream())
                .flatMap(role -> stream(role.path("rules")))
                .toList();

        assertThat(rules)
                .hasSizeGreaterThan(10)
                .anySatisfy(rule -> assertThat(rule.toString()).contains("customresourcedefinitions"))
                .allSatisfy(rule -> assertThat(rule.toString()).doesNotContain("\"*\"", "secrets"));
    }

    @Test
    void theMinuteRunKeepsTheEnqueuersLeaseAndOnlyLooksAtTheOperators() {
        assertThat(stream(
                        Chart.object(DEFAULTS, "Role", "syncjobs-enqueuer-own").path("rules")))
                .extracting(
                        rule -> rule.path("resources") + " " + rule.path("resourceNames") + " " + rule.path("verbs"))
                .containsExactlyInAnyOrder(
                        "[\"leases\"] [\"syncjobs-operator\"] [\"get\"]",
                        "[\"syncleases\"]  [\"create\"]",
                        "[\"syncleases\"] [\"syncjobs-enqueuer\"] [\"get\",\"patch\"]");
    }

    @Test
    void withNamespacesNamedThereAreRolesInEachAndNoClusterRoleForTheProcesses() {
        assertThat(names(TWO_NAMESPACES, "ClusterRoleBinding")).containsExactly("syncjobs-crds");
        assertThat(Chart.objects(TWO_NAMESPACES, "RoleBinding"))
                .extracting(binding -> binding.at("/metadata/namespace").asText())
                .contains("erp", "shop", "syncjobs-system");
        assertThat(variable(operator(TWO_NAMESPACES), "SYNCJOBS_WATCH_NAMESPACES"))
                .isEqualTo("erp,shop");
        assertThat(Chart.objects(TWO_NAMESPACES, "ValidatingAdmissionPolicyBinding"))
                .extracting(binding -> binding.at("/spec/matchResources/namespaceSelector/matchExpressions/0/values")
                        .toString())
                .contains("[\"erp\",\"shop\"]")
                .containsOnly("[\"erp\",\"shop\"]", "");
    }

    @Test
    void templatesInJobsCanBeForbidden() {
        var forbids = "spec.template is not allowed on jobs here";

        assertThat(Chart.text(DEFAULTS)).doesNotContain(forbids);
        assertThat(Chart.text(Map.of("jobs.allowTemplate", "false"))).contains(forbids);
    }

    @Test
    void everyPodIsRestricted() {
        // The pods of jobs, which the queue of helm test is for, are restricted by the operator.
        var pods = Chart.objects(DEFAULTS).stream()
                .filter(object -> !object.path("kind").asText().equals("SyncQueue"))
                .flatMap(object -> object.findParents("containers").stream());

        assertThat(pods).hasSize(4).allSatisfy(pod -> {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem")
                            .asBoolean())
                    .isTrue();
            assertThat(pod.at("/containers/0/securityContext/allowPrivilegeEscalation")
                            .asBoolean(true))
                    .isFalse();
            assertThat(pod.at("/containers/0/securityContext/capabilities/drop/0")
                            .asText())
                    .isEqualTo("ALL");
        });
    }

    @Test
    void anotherReleaseNameGivesOtherNames() {
        var text = Chart.text("queue", DEFAULTS);

        assertThat(text).contains("name: queue-syncjobs-operator").contains("value: \"queue-syncjobs\"");
    }

    @Test
    void whatIsCommittedForPeopleWithoutHelmIsTheSame() throws IOException {
        var committed = Files.readString(Path.of("deploy/syncjobs.yaml"));
        var rendered = Chart.documents(DEFAULTS).stream()
                .filter(document -> !document.contains("helm.sh/hook"))
                .toList();

        assertThat(rendered)
                .hasSizeGreaterThan(15)
                .allSatisfy(
                        document -> assertThat(committed).as("run dev/generate").contains(document.strip()))
                .as("docs/operations.md deletes by this label")
                .allMatch(document -> document.contains("app.kubernetes.io/managed-by: Helm"));
        for (var crd : List.of(
                "syncjobs.syncjobs.io-v1.yml",
                "syncqueues.syncjobs.io-v1.yml",
                "syncworkerpools.syncjobs.io-v1.yml",
                "syncleases.syncjobs.io-v1.yml")) {
            var definition = Files.readString(Path.of("crds", crd)).strip();
            assertThat(committed).as("run dev/generate").contains(definition);
            assertThat(definition).doesNotContain("managed-by: Helm");
        }
    }

    private static JsonNode operator(Map<String, ?> values) {
        return Chart.object(values, "Deployment", "syncjobs-operator").at("/spec/template/spec");
    }

    private static JsonNode minuteRun(Map<String, ?> values) {
        return Chart.object(values, "CronJob", "syncjobs-enqueue").at("/spec/jobTemplate/spec/template/spec");
    }

    private static String variable(JsonNode pod, String name) {
        return stream(pod.at("/containers/0/env"))
                .filter(variable -> variable.path("name").asText().equals(name))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElse("(missing)");
    }

    private static List<String> names(Map<String, ?> values, String kind) {
        return Chart.objects(values, kind).stream()
                .map(object -> object.at("/metadata/name").asText())
                .toList();
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        var all = new ArrayList<JsonNode>();
        list.forEach(all::add);
        return all.stream();
    }
}
