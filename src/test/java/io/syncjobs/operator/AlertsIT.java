package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Tools;
import org.junit.jupiter.api.Test;

/** Prometheus itself takes the alerts and the metrics. No cluster is needed. */
class AlertsIT {
    @Test
    void eachAlertIsProvokedAndSaysWhatToDo() {
        promtool("", "check", "rules", "helm/syncjobs/files/alerts.yaml");
        promtool("", "test", "rules", "src/test/prometheus/alerts-test.yaml");
    }

    @Test
    void theNamesAreThoseThatPrometheusWants() {
        promtool(MetricsTest.full(), "check", "metrics");
    }

    private static void promtool(String input, String... arguments) {
        var checked = Tools.promtool(input, arguments);
        assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
    }
}
