package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which nodes the chart's pods get, and how long they wait for one. */
class NodesOfTheChartTest {
    /** Nodes with Windows have a taint only where somebody has given them one. */
    @ParameterizedTest
    @CsvSource({"logging.level, INFO", "nodeSelector.disk, ssd", "enqueuer.nodeSelector.disk, ssd", "nodeSelector, null"
    })
    void everyPodRunsWhereTheImageDoesWhateverElseIsSet(String value, String text) {
        var pods = Chart.objects(Map.of(value, text)).stream()
                .flatMap(object -> object.findParents("containers").stream());

        assertThat(pods)
                .as("operator, minute run, hook, test, and the job of the test")
                .hasSize(5)
                .allSatisfy(pod -> {
                    assertThat(pod.at("/nodeSelector/kubernetes.io~1os").asText())
                            .isEqualTo("linux");
                    assertThat(pod.at("/nodeSelector/kubernetes.io~1arch").asText())
                            .isEqualTo("amd64");
                });
    }

    /** A cluster that makes nodes when they are needed takes minutes for one; Helm waits five by default. */
    @Test
    void theHookWaitsForANodeAtLeastAsLongAsHelm() {
        assertThat(Chart.object(Map.of(), "Job", "syncjobs-crds")
                        .at("/spec/activeDeadlineSeconds")
                        .asInt())
                .isGreaterThanOrEqualTo(300);
    }
}
