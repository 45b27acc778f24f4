package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        var command = new ArrayList<>(List.of("dev/promtool/promtool"));
        command.addAll(List.of(arguments));
        // The first time it is compiled.
        var checked = Shell.run(Duration.ofMinutes(15), Map.of(), input, command);
        assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
    }
}
