package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the chart installs for those who watch: what AlertsIT and MetricsTest have looked at, as it is. */
class MonitoringTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Argo CD, where it tracks by label, writes its application's name over app.kubernetes.io/instance of each object. */
    @Test
    void theServiceMonitorSelectsTheServiceByNothingThatArgoCdChanges() {
        var values = Map.of("serviceMonitor.enabled", "true");
        var selected =
                Chart.object(values, "ServiceMonitor", "syncjobs-operator").at("/spec/selector/matchLabels");
        var labels = Chart.object(values, "Service", "syncjobs-operator").at("/metadata/labels");

        assertThat(selected.properties()).isNotEmpty().allSatisfy(label -> {
            assertThat(labels.path(label.getKey())).isEqualTo(label.getValue());
            assertThat(label.getKey()).isNotEqualTo("app.kubernetes.io/instance");
        });
    }

    @Test
    void alertsAndDashboardAreThoseOfTheFiles() throws IOException {
        assertThat(Chart.objects(Map.of(), "PrometheusRule")).isEmpty();
        assertThat(Chart.objects(Map.of(), "ConfigMap")).isEmpty();
        var values = Map.of(
                "prometheusRule.enabled", "true",
                "prometheusRule.labels.release", "prometheus",
                "grafanaDashboard.enabled", "true",
                "grafanaDashboard.labels.team", "erp",
                "grafanaDashboard.annotations.grafana_folder", "Queues");

        var rule = Chart.object(values, "PrometheusRule", "syncjobs");
        assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        var alerts = Files.readString(Chart.FOLDER.resolve("files/alerts.yaml"));
        assertThat(rule.path("spec")).isEqualTo(JSON.<JsonNode>valueToTree(Serialization.unmarshal(alerts, Map.class)));

        var dashboard = Chart.object(values, "ConfigMap", "syncjobs-dashboard");
        assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        assertThat(dashboard.at("/metadata/labels/team").asText()).isEqualTo("erp");
        assertThat(dashboard.at("/metadata/annotations/grafana_folder").asText())
                .isEqualTo("Queues");
        assertThat(JSON.readTree(dashboard.path("data").path("syncjobs.json").asText()))
                .isEqualTo(JSON.readTree(Files.readString(Chart.FOLDER.resolve("files/dashboard.json"))));
    }
}
