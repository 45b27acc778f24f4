package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodViewsTest {
    @ParameterizedTest
    @CsvSource({"Always, false", ", true"})
    void anInitContainerThatFailedDecidesUnlessItIsASidecar(String restartPolicy, boolean decides) {
        var pod = new PodBuilder(pod())
                .editSpec()
                .addNewInitContainer()
                .withName("init")
                .withRestartPolicy(restartPolicy)
                .endInitContainer()
                .endSpec()
                .editStatus()
                .addToInitContainerStatuses(new ContainerStatusBuilder()
                        .withName("init")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(1)
                        .endTerminated()
                        .endState()
                        .build())
                .endStatus()
                .build();

        assertThat(PodViews.of(pod).failedInit().isPresent()).isEqualTo(decides);
    }

    @Test
    void aPodOfWhichNothingIsToldYetWaitsForANode() {
        assertThat(PodViews.of(pod()).worker().toString()).contains("has not given it a node");
    }

    private static Pod pod() {
        return StubApi.pod("a-1-x")
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }
}
