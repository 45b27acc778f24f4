package io.syncjobs.core.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolStatus;
import io.syncjobs.core.pool.PoolView.Queue;
import io.syncjobs.core.pool.PoolView.Rollout;
import io.syncjobs.core.pool.PoolView.Worker;
import io.syncjobs.core.run.PodEdit;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolReportsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final Optional<PoolTrouble> NONE = Optional.empty();
    private static final List<Queue> FITTING = List.of(new Queue("shop", 16));

    private static PoolView view(Rollout rollout, Worker... workers) {
        return new PoolView(Optional.of(rollout), List.of(workers), Optional.empty(), FITTING);
    }

    private static Rollout settled(int ready) {
        return new Rollout(true, 2, 2, ready, "", false);
    }

    private static SyncWorkerPoolStatus of(SyncWorkerPool pool, PoolView view) {
        return PoolReports.of(pool, view, NONE, NOW);
    }

    private static Condition condition(SyncWorkerPoolStatus status, String type) {
        return requireNonNull(status.conditions()).stream()
                .filter(c -> c.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Worker waiting(String reason, String message) {
        return new Worker(pod(new Container.Waiting(reason, message)), false, "", "");
    }

    private static PodView pod(Container handler) {
        return PodEdit.pod("shop-7f-a", "p-1", 0, NOW.minusSeconds(60), "node-1", "handler", handler);
    }

    @Test
    void howManyWorkersTakeJobsIsASentence() {
        assertThat(condition(of(new GivenPool().pool(), view(settled(1))), "Ready")
                        .getMessage())
                .isEqualTo("1 worker of 2 takes jobs");
        assertThat(condition(of(new GivenPool().pool(), view(settled(2))), "Ready")
                        .getMessage())
                .isEqualTo("2 workers of 2 take jobs");
        assertThat(condition(of(new GivenPool().pool(), view(settled(3))), "Ready")
                        .getMessage())
                .as("during an update")
                .isEqualTo("3 workers take jobs");
    }

    @Test
    void aPoolWhoseWorkersAllTakeJobsHasNoReason() {
        var status = of(new GivenPool().pool(), view(settled(2)));

        assertThat(status.reason()).isNull();
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.readyReplicas()).isEqualTo(2);
        assertThat(status.slots()).isEqualTo(16);
        assertThat(status.selector()).isEqualTo("syncjobs.io/pool=shop");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Progressing").getReason()).isEqualTo("Settled");
        assertThat(condition(status, "CapacityFits").getMessage()).isEqualTo("16 slots for the 16 places of shop");
    }

    @Test
    void whatIsKnownOfWorkersCountsMoreThanTheirPods() {
        var usage = new PoolUsage.Usage(1, 8, 5, 1);
        var view = new PoolView(Optional.of(settled(2)), List.of(), Optional.of(usage), FITTING);

        var status = of(new GivenPool().pool(), view);

        assertThat(status.readyReplicas()).isEqualTo(1);
        assertThat(status.slots()).isEqualTo(8);
        assertThat(status.busy()).isEqualTo(5);
        assertThat(status.dead()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ImagePullBackOff | Back-off pulling image \"shop:7\" | ImagePullFailed | spec.template of SyncWorkerPool shop",
                "CreateContainerConfigError | secret \"key\" not found | InvalidTemplate | Create Secret key in namespace erp",
                "CrashLoopBackOff | back-off 10s | HandlerNotReady | kubectl logs -n erp shop-7f-a -c handler --previous",
            })
    void aPodThatCannotStartSaysWhyAndWhatToDo(String reason, String words, String told, String advice) {
        var status = of(new GivenPool().pool(), view(settled(0), waiting(reason, words)));

        assertThat(status.reason()).isEqualTo(told);
        assertThat(status.message()).contains(advice);
        assertThat(condition(status, "Ready").getReason()).isEqualTo(told);
    }

    @Test
    void aProgramThatIsNotInTheImageIsTheTemplatesFaultAlsoBetweenTwoTries() {
        var words = "exec: \"serve\": executable file not found in $PATH";
        var ended = new Container.Terminated("handler", 128, "StartError", words, Optional.of(NOW), Optional.of(NOW));

        var between = of(new GivenPool().pool(), view(settled(0), new Worker(pod(ended), false, "", "")));
        var during = of(new GivenPool().pool(), view(settled(0), waiting("RunContainerError", words)));

        assertThat(between.reason()).isEqualTo("InvalidTemplate");
        assertThat(between.message()).isEqualTo(during.message()).contains("serve");
    }

    /** A port that is taken, or too little memory: the handler is not to blame. */
    @Test
    void anAgentThatEndsAgainAndAgainIsNamed() {
        var worker = new Worker(pod(new Container.Running(NOW)), false, "OOMKilled, exit code 137", "");

        var status = of(new GivenPool().pool(), view(settled(0), worker));

        assertThat(status.reason()).isEqualTo("HandlerNotReady");
        assertThat(status.message())
                .contains(
                        "container syncjobs-agent of pod shop-7f-a ends and is started again (OOMKilled, exit code 137)")
                .contains("kubectl logs -n erp shop-7f-a -c syncjobs-agent --previous");
    }

    @ParameterizedTest
    @CsvSource({"ContainerCreating", "PodInitializing", "NoKubelet", "NoScheduler"})
    void whatEveryPodGoesThroughIsTroubleOnlyWhenItLasts(String reason) {
        var view = view(settled(0), waiting(reason, ""));
        var pool = new GivenPool().pool();

        assertThat(PoolReports.of(pool, view, NONE, NOW.minusSeconds(31)).reason())
                .isNull();
        assertThat(PoolReports.of(pool, view, NONE, NOW).reason()).isNotNull();
    }

    @Test
    void aHandlerThatDoesNotAnswerIsNamedWithItsPort() {
        var status = of(
                new GivenPool().pool(), view(settled(1), new Worker(pod(new Container.Running(NOW)), false, "", "")));

        assertThat(status.reason()).isEqualTo("HandlerNotReady");
        assertThat(status.message()).contains("port 8080", "kubectl logs -n erp shop-7f-a");
        assertThat(condition(status, "Ready").getStatus())
                .as("the other worker takes jobs")
                .isEqualTo("True");
    }

    /** A probe of the kubelet does not reach 127.0.0.1, where handlers should listen: a common mistake. */
    @Test
    void aPodThatIsNotReadyThoughItsWorkerTakesJobsNamesTheContainerThatIsNot() {
        var rollout = new Rollout(true, 3, 1, 2, "", false);
        var worker = new Worker(pod(new Container.Running(NOW)), false, "", "handler");

        var status = of(new GivenPool().pool(), view(rollout, worker));

        assertThat(status.reason()).isEqualTo("HandlerNotReady");
        assertThat(status.message())
                .contains("container handler of pod shop-7f-a is not ready", "readinessProbe")
                .contains("kubectl describe pod -n erp shop-7f-a")
                .doesNotContain("does not answer");
    }

    /** Pods that were evicted, or whose node was shut down, are there until somebody deletes them. */
    @ParameterizedTest
    @CsvSource({"Evicted, Error", "Terminated, Completed", "NodeShutdown, ContainerStatusUnknown"})
    void aPodThatEndedLongAgoIsNotCalledOneThatIsStartedAgain(String reason, String of) {
        var end = new Container.Terminated("handler", 137, of, "", Optional.of(NOW), Optional.of(NOW));
        var left = ended(pod(end), reason, "as the node says", NOW.minusSeconds(9_000));

        var status = of(new GivenPool().pool(), view(settled(1), new Worker(left, false, "Error, exit code 143", "")));

        assertThat(status.reason()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"OutOfcpu, PodRefused", "SysctlForbidden, InvalidTemplate"})
    void whyNodesRefusePodsIsToldWhileTheyDo(String reason, String told) {
        var waits = pod(new Container.Waiting("ContainerCreating", ""));
        var words = "in the words of the node";
        var recent = ended(waits, reason, words, NOW.minusSeconds(9));
        var old = ended(waits, reason, words, NOW.minusSeconds(9_000));
        var status = of(new GivenPool().pool(), view(settled(1), new Worker(recent, false, "", "")));

        assertThat(status.reason()).isEqualTo(told);
        assertThat(status.message()).contains(words);
        assertThat(of(new GivenPool().pool(), view(settled(1), new Worker(old, false, "", "")))
                        .reason())
                .isNull();
    }

    private static PodView ended(PodView pod, String reason, String message, Instant created) {
        return PodEdit.with(pod, edit -> {
            edit.phase = "Failed";
            edit.reason = reason;
            edit.message = message;
            edit.created = created;
            if (pod.hasBegun()) edit.disruption = Optional.of(new PodView.Disruption(reason, message, Instant.EPOCH));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pods \"shop-x\" is forbidden: exceeded quota: small, requested: pods=1 | QuotaExceeded | Raise ResourceQuota small",
                "pods \"shop-x\" is forbidden: violates PodSecurity \"restricted:latest\": privileged | PodSecurityForbidden | Mend spec.template of SyncWorkerPool shop",
                "Pod \"shop-x\" is invalid: spec.containers[1].name: Duplicate value: \"handler\" | InvalidTemplate | Mend spec.template of SyncWorkerPool shop",
                "pods \"shop-x\" is forbidden: caches not synchronized | PodNotCreated | trouble of its own",
            })
    void podsThatAreRefusedSayWhyAndWhatToDo(String words, String reason, String advice) {
        var status = of(new GivenPool().pool(), view(new Rollout(true, 0, 0, 0, words, false)));

        assertThat(status.reason()).isEqualTo(reason);
        assertThat(status.message()).contains(words, advice);
    }

    @Test
    void aTemplateThatWasRefusedComesBeforeWhatTheOldWorkersSay() {
        var trouble = Optional.of(PoolTrouble.template("spec.template.spec.containers is missing"));

        var status = PoolReports.of(new GivenPool().pool(), view(settled(2)), trouble, NOW);

        assertThat(status.reason()).isEqualTo("InvalidTemplate");
        assertThat(status.message()).startsWith("spec.template.spec.containers");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
    }

    @Test
    void noWorkersAreWhatTheSpecSaysWhereItSaysSo() {
        var status = of(new GivenPool().replicas(0).pool(), view(new Rollout(true, 0, 0, 0, "", false)));

        assertThat(status.reason()).isNull();
        assertThat(condition(status, "Ready").getReason()).isEqualTo("ScaledToZero");
        assertThat(condition(status, "Ready").getMessage()).contains("spec.replicas is 0");
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2, 2, 2, True,  RollingOut",
        "true,  3, 1, 2, True,  RollingOut",
        "true,  2, 1, 2, True,  RollingOut",
        "true,  2, 2, 1, True,  Starting",
        "true,  1, 1, 1, True,  Starting",
        "true,  0, 0, 0, True,  Starting",
        "true,  2, 2, 2, False, Settled",
    })
    void itIsToldWhetherWorkersAreBeingReplaced(
            boolean current, int replicas, int updated, int ready, String progressing, String reason) {
        var status = of(new GivenPool().pool(), view(new Rollout(current, replicas, updated, ready, "", false)));

        assertThat(condition(status, "Progressing"))
                .extracting(Condition::getStatus, Condition::getReason)
                .containsExactly(progressing, reason);
    }

    @Test
    void newWorkersThatCannotStartSayWhyAtOnceWhileTheOldOnesGoOn() {
        var rollout = new Rollout(true, 3, 1, 2, "", false);

        var status = of(new GivenPool().pool(), view(rollout, waiting("ImagePullBackOff", "no such image")));

        assertThat(status.reason()).isEqualTo("ImagePullFailed");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
    }

    @Test
    void aRolloutThatStandsStillIsToldEvenWhereTheOldWorkersGoOn() {
        var status = of(new GivenPool().pool(), view(new Rollout(true, 3, 1, 2, "", true)));

        assertThat(status.reason()).isEqualTo("PodStarting");
    }

    @ParameterizedTest
    @CsvSource({
        "'',        False, NoQueue,        'spec.workerPool of one to shop'",
        "10,        False, QueuesTooSmall, 'allows 10 jobs at once'",
        "'10,10',   True,  Fits,           '16 slots for the 20 places'",
        "'10,17',   False, PoolTooSmall,   'SyncQueue q1 never reaches its capacity of 17'",
    })
    void itIsToldWhetherQueuesAndSlotsFit(String capacities, String fits, String reason, String message) {
        var queues = new ArrayList<Queue>();
        for (var capacity : capacities.split(",", -1)) {
            if (!capacity.isEmpty()) queues.add(new Queue("q" + queues.size(), Integer.parseInt(capacity)));
        }

        var status =
                of(new GivenPool().pool(), new PoolView(Optional.of(settled(2)), List.of(), Optional.empty(), queues));

        var condition = condition(status, "CapacityFits");
        assertThat(condition.getStatus()).isEqualTo(fits);
        assertThat(condition.getReason()).isEqualTo(reason);
        assertThat(condition.getMessage()).contains(message);
    }

    @Test
    void aSecondLookChangesNothing() {
        var pool = new GivenPool().pool();
        var first = of(pool, view(settled(1)));
        pool.setStatus(first);

        var second = PoolReports.of(pool, view(settled(1)), NONE, NOW.plusSeconds(60));

        assertThat(second).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Role | 403 | roles is forbidden: attempting to grant RBAC permissions not currently held | RightsMissing | helm upgrade",
                "Deployment | 422 | Deployment.apps \"shop\" is invalid: spec.template.spec.containers[0].image: Required value | InvalidTemplate | containers[0].image",
                "Deployment | 422 | spec.template.spec.initContainers[0].resources.requests: Invalid value: must be less than or equal to memory limit of 32Mi | InvalidTemplate | chart's value agent.resources",
                "Deployment | 403 | pods \"shop-7f-a\" is forbidden: maximum memory usage per Container is 100Mi, but limit is 128Mi | InvalidTemplate | chart's value agent.resources",
                "Deployment | 403 | failed quota: cpu: must specify limits.cpu for: syncjobs-agent | QuotaExceeded | chart's value agent.resources",
                "Deployment | 400 | unknown field \"spec.template.spec.contaners\" | InvalidTemplate | contaners",
                "Deployment | 403 | exceeded quota: few, requested: count/deployments.apps=1 | QuotaExceeded | ResourceQuota few",
            })
    void anObjectThatIsRefusedIsNamed(String kind, String code, String words, String reason, String told) {
        var given = new GivenPool();
        var child = given.objects().stream()
                .filter(one -> one.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        var trouble = PoolTrouble.refused(given.pool(), child, List.of(code), words);

        assertThat(trouble.reason()).isEqualTo(reason);
        assertThat(trouble.message()).contains(kind + " ", words, told);
    }
}
