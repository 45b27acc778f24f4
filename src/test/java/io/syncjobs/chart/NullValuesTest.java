package io.syncjobs.chart;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are null: by --set VALUE=null, or by an upgrade with --reuse-values that an older chart did not have. */
class NullValuesTest {
    @Test
    void aSettingThatIsNullIsTheProductsDefault() {
        var settings = Stream.of(
                "enqueuer.eager",
                "enqueuer.overdueSeconds",
                "workers.heartbeatSeconds",
                "workers.deadAfterSeconds",
                "image.pullPolicy",
                "jobs.podStartSeconds",
                "jobs.donePodSeconds",
                "jobs.failedPodSeconds",
                "jobs.traceBytes",
                "reasons.afterSeconds",
                "reasons.writesPerSecond",
                "leaseSeconds",
                "logging.level",
                "logging.format",
                "agent.resources");

        var rendered = Chart.text(settings.collect(toMap(value -> value, value -> "null")));

        assertThat(rendered)
                .contains("SYNCJOBS_RELEASE")
                .doesNotContain("<nil>", "SYNCJOBS_EAGER", "SYNCJOBS_TRACE_BYTES", "SYNCJOBS_LEASE_SECONDS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"watchNamespaces", "extraEnv", "extraVolumes", "imagePullSecrets", "tolerations", "nodeSelector"
            })
    void aListThatIsNullIsEmpty(String value) {
        assertThat(Chart.text(Map.of(value, "null"))).isEqualTo(Chart.text(Map.of()));
    }

    /** A parent chart may set them to its own empty value. */
    @Test
    void anEmptyTextIsNoPullSecret() {
        assertThat(Chart.text(Map.of("imagePullSecrets", "", "global.imagePullSecrets", "")))
                .isEqualTo(Chart.text(Map.of()));
    }

    /** {@code helm -f base.yaml -f production.yaml}: null in the second file unsets what the first one sets. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nodeSelector.disk",
                "enqueuer.nodeSelector.disk",
                "podLabels.a",
                "podAnnotations.a",
                "commonLabels.a",
                "serviceAccount.annotations.a",
                "crds.serviceAccount.annotations.a",
                "resources.limits.cpu",
                "enqueuer.resources.limits.cpu",
                "agent.resources.limits.cpu",
                "affinity.nodeAffinity",
                "enqueuer.affinity.podAntiAffinity",
                "serviceMonitor.labels",
                "podMonitor.labels",
                "prometheusRule.labels",
                "grafanaDashboard.labels",
                "podMonitor.labels.a",
                "grafanaDashboard.annotations.a",
                "podSecurityContext.runAsUser",
                "securityContext.capabilities.add"
            })
    void anEntryOfAMapThatIsNullIsUnset(String value) {
        var monitor = value.startsWith("serviceMonitor") ? "serviceMonitor" : "podMonitor";
        var all = Map.of(
                monitor + ".enabled", "true", "prometheusRule.enabled", "true", "grafanaDashboard.enabled", "true");
        var unset = new HashMap<String, String>(all);
        unset.put(value, "null");

        assertThat(Chart.text(unset)).isEqualTo(Chart.text(all));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "statusWriters.exemptGroups",
                "jobs.allowTemplate",
                "enqueuer.schedule",
                "enqueuer.suspend",
                "image.repository",
                "podDisruptionBudget.maxUnavailable"
            })
    void whatIsNullRendersAsItsDefault(String value) {
        assertThat(withoutSetting(Chart.text(Map.of(value, "null")))).isEqualTo(withoutSetting(Chart.text(Map.of())));
    }

    /** A second values file unsets what the first one has switched off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "crds.install",
                "rbac.aggregate",
                "networkPolicy.enabled",
                "podDisruptionBudget.enabled",
                "serviceAccount.create",
                "enqueuer.serviceAccount.create",
                "crds.serviceAccount.create"
            })
    void aSwitchThatIsNullIsOnAsByDefault(String value) {
        assertThat(Chart.text(Map.of(value, "null"))).isEqualTo(Chart.text(Map.of()));
        assertThat(Chart.text(Map.of(value, "false"))).isNotEqualTo(Chart.text(Map.of()));
    }

    /** A name with nothing behind it, as tools write that make values files. */
    @Test
    void whatIsNullInAnItemOfAListIsLeftOut() {
        var objects = Chart.objectsOfFile("syncjobs", "syncjobs-system", """
                extraEnv: [{name: PROXY, value: null}]
                enqueuer: {tolerations: [{key: batch, value: null}]}
                """);

        assertThat(objects.toString()).contains("PROXY", "batch").doesNotContain("null");
    }

    /** Whoever leaves the number of operators to another tool has some, and what is not set is eager. */
    @Test
    void theNotesDoNotTakeNullForNoneOrNo() {
        assertThat(notes(Map.of("replicas", "0", "enqueuer.suspend", "true", "enqueuer.eager", "false")))
                .contains("replicas is 0", "nothing is enqueued");
        assertThat(notes(Map.of("replicas", "null", "enqueuer.suspend", "true", "enqueuer.eager", "null")))
                .contains("The operator enqueues all the same")
                .doesNotContain("replicas is 0", "nothing is enqueued");
    }

    private static String notes(Map<String, String> values) {
        var command = new Helm(Chart.FOLDER)
                .install()
                .withName("syncjobs")
                .withNamespace("syncjobs-system")
                .withKubeVersion("1.36.0")
                .clientOnly()
                .withDryRunOption(DryRun.CLIENT);
        values.forEach(command::set);
        return command.call().getOutput();
    }

    /** The process has the same default. */
    private static String withoutSetting(String text) {
        return text.lines()
                .filter(line -> !line.contains("SYNCJOBS_ALLOW_JOB_TEMPLATES"))
                .collect(joining("\n"));
    }

    /** Argo CD sees a difference for ever between null and what the API server makes of it. */
    @ParameterizedTest
    @ValueSource(strings = {"replicas", "image.pullPolicy", "enqueuer.startingDeadlineSeconds"})
    void whatIsNullIsLeftOut(String value) {
        var field = "image.pullPolicy".equals(value) ? "imagePullPolicy" : value.replace("enqueuer.", "");

        assertThat(Chart.text(Map.of())).contains(" " + field + ": ");
        assertThat(Chart.text(Map.of(value, "null"))).doesNotContain(" " + field + ":\n", " " + field + ": \n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enqueuer.serviceAccount", "crds.serviceAccount"})
    void anAccountIsNotNothing(String value) {
        assertThatThrownBy(() -> Chart.text(Map.of(value, "null")))
                .hasMessageContaining("the value " + value + " is missing; leave it out");
    }
}
