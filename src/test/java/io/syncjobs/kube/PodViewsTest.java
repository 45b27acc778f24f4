package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.run.PodView;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    void howTheAgentOfAWorkerEndedIsSeenAndThatItRunsIsNot() {
        var running = new ContainerStateBuilder().withNewRunning().endRunning().build();
        var crashing = new ContainerStateBuilder()
                .withNewWaiting("back-off 10s restarting failed container", "CrashLoopBackOff")
                .build();
        var ended = new ContainerStateBuilder()
                .withNewTerminated()
                .withReason("OOMKilled")
                .withExitCode(137)
                .endTerminated()
                .build();

        assertThat(agent(running)).isEmpty();
        assertThat(agent(crashing)).isEqualTo("back-off 10s restarting failed container");
        assertThat(agent(ended)).isEqualTo("OOMKilled, exit code 137");
    }

    /** A pod may have the label of a pool by mistake, and no right follows from that. */
    @Test
    void theAccountOfAPodCountsWhereAnAgentIsInIt() {
        var stranger = new PodBuilder(pod())
                .editSpec()
                .withServiceAccountName("erp")
                .endSpec()
                .build();
        var worker = new PodBuilder(stranger)
                .editSpec()
                .addNewInitContainer()
                .withName("syncjobs-agent")
                .endInitContainer()
                .endSpec()
                .build();

        assertThat(PoolViews.worker(Pruned.of(worker)).account()).isEqualTo("erp");
        assertThat(PoolViews.worker(Pruned.of(stranger)).account()).isEmpty();
    }

    @Test
    void whatKeepsAPodFromBeingReadyIsSoughtWhereItsAgentIs() {
        assertThat(unready(true, true)).isEmpty();
        assertThat(unready(true, false)).isEqualTo("worker");
        assertThat(unready(false, false)).as("its agent knows better").isEmpty();
    }

    private static String unready(boolean agent, boolean worker) {
        var pod = new PodBuilder(withContainers(new ContainerStatusBuilder(status("worker", false))
                        .withReady(worker)
                        .build()))
                .editStatus()
                .withInitContainerStatuses(new ContainerStatusBuilder()
                        .withName("syncjobs-agent")
                        .withReady(agent)
                        .build())
                .endStatus()
                .build();
        return PoolViews.of(Pruned.of(pod)).orElseThrow().unready();
    }

    private static String agent(ContainerState state) {
        var pod = new PodBuilder(pod())
                .editStatus()
                .withInitContainerStatuses(new ContainerStatusBuilder()
                        .withName("syncjobs-agent")
                        .withState(state)
                        .build())
                .endStatus()
                .build();
        return PoolViews.of(Pruned.of(pod)).orElseThrow().agent();
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

    /** A worker that waits for its proxy says nothing itself. */
    @ParameterizedTest
    @CsvSource({"ContainerCreating, mesh", "PodInitializing, mesh", "CreateContainerError, ''"})
    void whileTheWorkerSaysNothingTheTroubleOfAContainerBesideItIsTold(String worker, String told) {
        var view = PodViews.of(withContainers(waiting("mesh", "ImagePullBackOff"), waiting("worker", worker)));

        assertThat(view.init().map(PodView.Init::name).orElse("")).isEqualTo(told);
    }

    private static ContainerStatus waiting(String name, String reason) {
        return new ContainerStatusBuilder()
                .withName(name)
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .endState()
                .build();
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
                        "worker",
                        code,
                        reason,
                        seen,
                        seen.isEmpty() ? message : "",
                        Optional.empty(),
                        Optional.empty()));
        assertThat(PodViews.of(pod).messageOrLog("worker")).isEqualTo(seen.isEmpty() ? message : "");
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

    /** A pod has nearly all from a template, and a template may be a megabyte in every part of it. */
    @Test
    void whatACacheKeepsOfAPodIsSmallAndSaysTheSame() {
        var text = "x".repeat(100_000);
        var many = IntStream.range(0, 5_000).boxed().collect(Collectors.toMap(i -> "label-" + i, i -> "y".repeat(60)));
        var large = new ContainerBuilder()
                .withName("worker")
                .withImage(text)
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .addNewEnv()
                .withName("A")
                .withValue(text)
                .endEnv()
                .withNewResources()
                .addToLimits("memory", new Quantity("1Gi"))
                .endResources()
                .build();
        var sidecar = new ContainerBuilder(large)
                .withName("sidecar")
                .withRestartPolicy("Always")
                .build();
        var pod = new PodBuilder(pod())
                .editMetadata()
                .withLabels(many)
                .addToLabels(Names.JOB_UID, "uid-a")
                .addToLabels(Names.ATTEMPT, "3")
                .addToAnnotations("erp.example/why", text)
                .addToAnnotations(Names.WORKER, "worker")
                .withFinalizers(Collections.nCopies(2_000, "example.com/" + "z".repeat(50)))
                .addNewOwnerReference()
                .withApiVersion("syncjobs.io/v1alpha1")
                .withKind("SyncJob")
                .withName("a")
                .withUid("uid-a")
                .endOwnerReference()
                .addNewOwnerReference()
                .withApiVersion("syncjobs.io/v1alpha1")
                .withKind("SyncJob")
                .withName("another")
                .withUid("uid-b")
                .endOwnerReference()
                .endMetadata()
                .editSpec()
                .withNodeName("node-1")
                .withNodeSelector(many)
                .withContainers(large)
                .withInitContainers(Collections.nCopies(1_000, sidecar))
                .endSpec()
                .editStatus()
                .withContainerStatuses(status("worker", true))
                .withInitContainerStatuses(status("sidecar", false))
                .endStatus()
                .build();
        var before = PodViews.of(pod);

        var pruned = Pruned.of(pod);

        assertThat(PodViews.of(pruned)).isEqualTo(before);
        var job = new SyncJob();
        job.getMetadata().setUid("uid-a");
        assertThat(PodViews.isOf(pruned, job)).isTrue();
        assertThat(pruned.getMetadata().getOwnerReferences())
                .as("no other job is looked at when the pod changes")
                .hasSize(1);
        assertThat(Json.treeOf(pruned).toString()).hasSizeLessThan(10_000);
    }

    /** The account of a worker writes its own Lease as it likes. */
    @Test
    void whatACacheKeepsOfALeaseIsSmall() {
        var text = "x".repeat(200_000);
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withName("pod-1")
                .withNamespace("shop")
                .withResourceVersion("1")
                .addToLabels(Names.POOL, "catalogue")
                .addToLabels("a", text)
                .addToAnnotations("b", text)
                .addToAnnotations(Names.SEEN, text)
                .addToAnnotations(Names.SLOTS, "3")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(text)
                .endSpec()
                .build();

        Pruned.of(lease);

        assertThat(Json.treeOf(lease).toString()).hasSizeLessThan(3_000);
        assertThat(Workers.entry(lease).slots()).isEqualTo(3);
        assertThat(Workers.entry(lease).pool()).isEqualTo("catalogue");
    }
}
