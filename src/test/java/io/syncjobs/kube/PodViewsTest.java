package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.core.PodView;
import java.util.Optional;
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

        assertThat(PodViews.of(pod).init().isPresent()).isEqualTo(decides);
    }

    @Test
    void onlyAnotherContainerThatHasNotEndedRunsOnBesideTheWorker() {
        assertThat(PodViews.of(withContainers(status("worker", true))).othersRun())
                .isFalse();
        assertThat(PodViews.of(withContainers(status("worker", true), status("beside", false)))
                        .othersRun())
                .isTrue();
        assertThat(PodViews.of(withContainers(status("worker", true), status("beside", true)))
                        .othersRun())
                .isFalse();
    }

    @Test
    void theWorkerIsTheTemplatesFirstContainerWhateverAdmissionPutsBeforeIt() {
        var pod = new PodBuilder(withContainers(status("mesh", false), status("worker", true)))
                .editMetadata()
                .addToAnnotations(Names.WORKER, "worker")
                .endMetadata()
                .editSpec()
                .addNewContainerLike(pod().getSpec().getContainers().getFirst())
                .withName("worker")
                .endContainer()
                .editFirstContainer()
                .withName("mesh")
                .endContainer()
                .endSpec()
                .build();

        var view = PodViews.of(pod);

        assertThat(view.workerName()).isEqualTo("worker");
        assertThat(view.worker()).isInstanceOf(PodView.Container.Terminated.class);
        assertThat(view.othersRun()).isTrue();
    }

    @Test
    void aPodOfWhichNothingIsToldYetWaitsForANode() {
        assertThat(PodViews.of(pod()).worker().toString()).contains("has not given it a node");
    }

    /** The node puts the end of the log there where the worker has written nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FallbackToLogsOnError | 1 | Error | ValueError: no stock | ''",
                "FallbackToLogsOnError | 1 | Error | {\"level\": \"error\", \"message\": \"no\"} | ''",
                "FallbackToLogsOnError | 143 | Error | {\"done\": true} | {\"done\": true}",
                "FallbackToLogsOnError | 0 | Completed | {\"result\": 7} | {\"result\": 7}",
                "FallbackToLogsOnError | 128 | StartError | no such program | no such program",
                "File | 1 | Error | ValueError: no stock | ValueError: no stock"
            })
    void theEndOfTheLogIsNoTerminationMessage(String policy, int code, String reason, String message, String seen) {
        var pod = new PodBuilder(pod())
                .editSpec()
                .editFirstContainer()
                .withTerminationMessagePolicy(policy)
                .endContainer()
                .endSpec()
                .editStatus()
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("worker")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason(reason)
                        .withMessage(message)
                        .endTerminated()
                        .endState()
                        .build())
                .endStatus()
                .build();

        assertThat(PodViews.of(pod).worker())
                .isEqualTo(new PodView.Container.Terminated(
                        "worker", code, reason, seen, Optional.empty(), Optional.empty()));
    }

    /** While its phase is Running. */
    private static Pod withContainers(ContainerStatus... statuses) {
        return new PodBuilder(pod())
                .editStatus()
                .withPhase("Running")
                .withContainerStatuses(statuses)
                .endStatus()
                .build();
    }

    private static ContainerStatus status(String container, boolean ended) {
        var status =
                new ContainerStatusBuilder().withName(container).withNewState().endState();
        return ended
                ? status.editState()
                        .withNewTerminated()
                        .withExitCode(0)
                        .endTerminated()
                        .endState()
                        .build()
                : status.editState().withNewRunning().endRunning().endState().build();
    }

    private static Pod pod() {
        return StubApi.pod("a-1-x")
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }
}
