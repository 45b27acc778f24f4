package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sets by mistake is refused before anything is applied, in words that say what to do. */
class RefusedValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "enqueuer."})
    void aVariableThatTheChartSetsOrThatIsThereTwiceIsRefusedByName(String prefix) {
        assertThatThrownBy(() -> Chart.text(Map.of(prefix + "extraEnv[0].name", "SYNCJOBS_LOG_LEVEL")))
                .hasMessageContaining("extraEnv sets SYNCJOBS_LOG_LEVEL, which the chart sets from its own values");
        assertThatThrownBy(() ->
                        Chart.text(Map.of(prefix + "extraEnv[0].name", "PROXY", prefix + "extraEnv[1].name", "PROXY")))
                .hasMessageContaining("extraEnv sets PROXY twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5Gi", ".5Gi", "1.", "1e9", "+1Gi", "500M", "134217728"})
    void aQuantityIsWrittenInAnyOfTheWaysThatKubernetesKnows(String quantity) {
        var values = Map.of("resources.limits.memory", quantity, "agent.resources.limits.memory", quantity);

        assertThat(Chart.text(values)).contains("memory: ");
    }

    @Test
    void valuesOfAnOlderChartAreToldHowToBeTaken() {
        assertThatThrownBy(() -> Chart.text(Map.of("agent", "null")))
                .hasMessageContaining("the value agent is missing", "--reset-then-reuse-values");
    }

    @ParameterizedTest
    @CsvSource({
        "serviceAccount.name, enqueuer.serviceAccount.name, both, set enqueuer.serviceAccount.create=false",
        "serviceAccount.name, crds.serviceAccount.name, both, the hook deletes its account",
        "enqueuer.serviceAccount.name, crds.serviceAccount.name, both, the hook deletes its account",
        "serviceAccount.name, logging.level, syncjobs-explain, serviceAccount.name is syncjobs-explain",
        "crds.serviceAccount.name, logging.level, syncjobs-test, crds.serviceAccount.name is syncjobs-test",
    })
    void twoAccountsOfOneNameAreRefused(String one, String other, String name, String advice) {
        var values = Map.of(one, name, other, other.equals("logging.level") ? "INFO" : name);

        assertThatThrownBy(() -> Chart.text(values)).hasMessageContaining(advice);
    }

    /** A first installation would wait for the account until it fails. */
    @ParameterizedTest
    @ValueSource(strings = {"serviceAccount", "enqueuer.serviceAccount"})
    void theHookCannotRunAsAnAccountThatIsCreatedAfterIt(String account) {
        var values = Map.of(
                account + ".name", "one", "crds.serviceAccount.name", "one", "crds.serviceAccount.create", "false");

        assertThatThrownBy(() -> Chart.text(values)).hasMessageContaining("the hook runs before the chart creates");
        var withoutHook = new HashMap<String, String>(values);
        withoutHook.put("crds.install", "false");
        assertThat(Chart.text(withoutHook)).contains("name: \"one\"");
    }

    @Test
    void anAccountThatIsNotTheChartsMayServeForAll() {
        var values = new HashMap<String, String>();
        for (var account : List.of("serviceAccount", "enqueuer.serviceAccount", "crds.serviceAccount")) {
            values.put(account + ".create", "false");
            values.put(account + ".name", "given");
        }

        assertThat(Chart.text(values)).contains("serviceAccountName: \"given\"");
    }

    /** Without this it would be taken for the switch of a parent chart, and do nothing. */
    @ParameterizedTest
    @CsvSource({
        "job.allowTemplate, jobs",
        "networkpolicy.enabled, networkPolicy",
        "networkPolicies.enabled, networkPolicy",
        "ServiceMonitor.enabled, serviceMonitor",
        "pod_disruption_budget.enabled, podDisruptionBudget",
        "crd.install, crds",
        "CRDs.install, crds",
    })
    void aValueThatIsWrittenAlmostAsTheChartsIsRefusedByName(String value, String meant) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, "false")))
                .hasMessageContaining(value.replaceAll("\\..*", ""))
                .hasMessageContaining(meant)
                .hasMessageContaining("differ only in how they are written");
    }

    @ParameterizedTest
    @CsvSource({
        "metrics.enabled, serviceMonitor.enabled",
        "metrics.serviceMonitor.enabled, serviceMonitor.enabled",
        "autoscaling.enabled, replicas",
        "pdb.create, podDisruptionBudget",
        "installCRDs, crds.install",
        "eager, enqueuer.eager",
        "suspend, enqueuer.suspend",
        "allowTemplate, jobs.allowTemplate",
        "aggregate, rbac.aggregate",
    })
    void theNameThatAValueHasInOtherChartsIsRefusedWithTheOneThatItHasHere(String value, String ours) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, "true"))).hasMessageContaining("; set " + ours);
    }

    /** Without this it would be taken for the switch of a parent chart, and do nothing. */
    @ParameterizedTest
    @CsvSource({
        "networkPolcy.enabled, networkPolicy",
        "netwrokPolicy.enabled, networkPolicy",
        "serviceMonitr.enabled, serviceMonitor",
        "podDisruptonBudget.enabled, podDisruptionBudget",
        "enqueur.eager, enqueuer",
        "jbos.allowTemplate, jobs",
        "crdz.install, crds",
        "rback.aggregate, rbac",
    })
    void aValueThatIsMistypedIsRefusedWithTheOneThatItResembles(String value, String meant) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, "false")))
                .hasMessageContaining(value.replaceAll("\\..*", ""))
                .hasMessageContaining(meant);
    }

    /** There is no parent chart that it could be the switch of. */
    @ParameterizedTest
    @ValueSource(strings = {"hostNetwork", "automountServiceAccountToken", "dashboards.enabled", "policies.enabled"})
    void aSwitchThatNobodyHasIsRefusedByName(String value) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, "true")))
                .hasMessageContaining("the chart has no value " + value.replaceAll("\\..*", "") + ", see its README");
    }

    /** A values file may be that of a parent chart, and the chart's pods are as OpenShift wants them. */
    @ParameterizedTest
    @ValueSource(strings = {"enabled", "openshift", "openshift.enabled", "isOpenShift"})
    void aSwitchForWhatIsSoAnywayIsLetAlone(String value) {
        assertThat(Chart.text(Map.of(value, "true"))).isEqualTo(Chart.text(Map.of()));
    }

    /** A type that is wrong, or a pattern that does not match, tells nobody what to do. */
    @ParameterizedTest
    @CsvSource({
        "replicaCount, 2, the chart has no value of this name",
        "deploymentAnnotations.a, b, the chart has no value of this name",
        "enqueuer.schedule, 0 0 * * 7, five fields such as */5 * * * *",
        "watchNamespaces, erp, a list of namespaces such as",
        "resources.limits.memory, 1GB, a quantity such as 512Mi",
        "agent.resources.limits.memory, 512mi, a quantity such as 512Mi",
        "image.tag, 20260101, in quotes or by --set-string",
        "image.tag, 1.0.0+b7, a tag has no +",
        "image.repository, r.example/team/queue:7, a tag belongs in image.tag",
        "image.repository, r.example/MyTeam/queue, in small letters",
        "image.registry, https://r.example, without https://",
        "global.imageRegistry, https://r.example, without https://",
        "image.digest, 0123, sha256: and 64 digits",
        "fullnameOverride, Big, small letters",
        "serviceAccount.name, Big, small letters",
        "priorityClassName, High, small letters",
        "imagePullSecrets, My_Secret, small letters",
        "podAnnotations.a, true, in quotes",
        "commonLabels.a, 7, in quotes",
        "nodeSelector.disk, a b, the text of a label",
        "commonLabels.a b, c, under another key",
        "podLabels.-team, c, under another key",
        "podAnnotations.a b, c, under another key",
        "serviceMonitor.interval, 30, a time such as 30s",
        "podDisruptionBudget.minAvailable, most, a percentage such as 50%",
    })
    void theMessageSaysWhatToDo(String value, String text, String advice) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, text)))
                .hasMessageContaining("/" + value.replace('.', '/'))
                .hasMessageContaining(advice);
    }

    @Test
    void oneMonitorIsEnough() {
        assertThatThrownBy(() -> Chart.text(Map.of("serviceMonitor.enabled", "true", "podMonitor.enabled", "true")))
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @CsvSource({
        "resources.limits.memory, lots",
        "resources.requests.cpu, -1",
        "enqueuer.resources.limits.memory, 1 Gi",
        "enqueuer.schedule, 99 * * * *",
        "enqueuer.schedule, * * * * 8",
        "serviceMonitor.interval, soon",
        "podMonitor.scrapeTimeout, 10",
        "podDisruptionBudget.maxUnavailable, 101%",
        "podDisruptionBudget.minAvailable, most",
        "networkPolicy.apiServerPorts[0], 70000",
        "image.digest, sha256:abc",
        "image.tag, 'a b'",
        "image.repository, http://x",
        "image.repository, registry.example/MyTeam/queue",
        "imagePullSecrets, 'one,two'",
        "imagePullSecrets[0], My_Secret",
        "imagePullSecrets[0].name, My_Secret",
        "global.imagePullSecrets[0], a b",
        "fullnameOverride, Big",
        "commonLabels.team, 'a b'",
        "podLabels.a, 'a b'",
        "leaseSeconds, 301",
        "enqueuer.startingDeadlineSeconds, 5",
        "jobs.podStartSeconds, 40000000",
        "topologySpreadConstraints[0].maxSkew, 0",
        "podSecurityContext.enabled, true",
        "podSecurityContext.runAsUser, -1",
        "securityContext.enabled, true",
        "enqueuer.securityContext.runAsUser, root",
        "extraEnv[0].name, A=B",
    })
    void aValueOutOfItsRangeIsRefusedBeforeAnythingIsApplied(String value, String text) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, text)))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }
}
