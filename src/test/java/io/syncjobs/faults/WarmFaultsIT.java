package io.syncjobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Warm workers, and what they stand on, are harmed while jobs flow, on a cluster of two nodes. Whether the work was done is asked
 * where it was done. Those who may wait for a timeout have a short one; the others have so long a one that none can have waited.
 */
@ClusterTest
@Order(1)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(600)
class WarmFaultsIT {
    private static final int PATIENT = 300;
    private static final int IMPATIENT = 15;

    private WarmCluster warm;
    private TestNamespace here;
    private List<WarmLoad> patient;
    private List<WarmLoad> impatient;

    @BeforeAll
    void twoNodesWithWorkers() {
        warm = WarmCluster.start(Map.of("replicas", 2, "leaseSeconds", 10));
        here = warm.here();
        patient = warm.loads(PATIENT, "erp", "stock");
        impatient = warm.loads(IMPATIENT, "market", "mail", "prices");
        all().forEach(WarmLoad::awaitReady);
    }

    @AfterAll
    void end() {
        warm.close();
    }

    private List<WarmLoad> all() {
        return Stream.concat(patient.stream(), impatient.stream()).toList();
    }

    @Test
    @Order(1)
    void whateverHappensToAWorkerItsJobsAreDoneByAnother() {
        var deleted = patient.get(0);
        var killed = patient.get(1);
        var frozen = impatient.get(0);
        var cut = impatient.get(1);
        var broken = impatient.get(2);
        all().forEach(WarmLoad::flow);

        var orphans = deleted.addLong(2, Duration.ofSeconds(5));
        var finished = Stream.of(frozen, cut)
                .flatMap(load -> load.addLong(2, Duration.ofSeconds(10)).stream())
                .toList();
        var frozenWorker = warm.worker(finished.get(0));
        var cutWorker = warm.worker(finished.get(2));
        var frozenProcesses = warm.processes(frozenWorker);
        var cutProcesses = warm.processes(cutWorker);
        var taken = List.of(longOn(frozen, frozenWorker), longOn(cut, cutWorker));
        frozenProcesses.agent("STOP");
        cutProcesses.cutOff();
        var orphaned = warm.worker(orphans.get(0));
        here.kubectl("delete", "pod", orphaned, "--grace-period=0", "--force");
        var foreign = killed.addLong(2, Duration.ofSeconds(40));
        warm.processes(warm.worker(foreign.get(0))).agent("KILL");
        var crash = broken.add(Map.of("crash", true, "until", 1, "sleep", "1s"), Map.of("priority", 0));
        broken.addHanging();

        frozen.awaitTakenFrom(frozenWorker);
        cut.awaitTakenFrom(cutWorker);
        // The next attempt runs when the one before wakes up.
        taken.forEach(job ->
                here.job(job).await("it runs again", status -> status.attempt() > 1 && WarmCluster.hasRun(status)));
        frozenProcesses.wakeAgent();
        cutProcesses.heal();

        WarmVerdict.of(deleted).holds("worker pod force-deleted", Set.of(orphaned));
        var again = WarmVerdict.of(killed).holds("agent killed", Set.of()).uncounted();
        assertThat(again.status(foreign.get(0)).history("message").getFirst())
                .contains("agent of its worker was restarted");
        WarmVerdict.of(frozen)
                .holds("agent frozen past the timeout and continued", Set.of(frozenWorker))
                .tellRefused("agent frozen past the timeout and continued");
        // Its handler is told by the agent itself, before others may take it for dead: even so none runs twice at once.
        WarmVerdict.of(cut).holds("worker cut off past the timeout and healed", Set.of());
        var crashed = WarmVerdict.of(broken).holds("handler crashed and hung", Set.of());
        assertThat(crashed.status(crash).number("workerLosses")).isEqualTo(1);
    }

    /** A job of that worker that is under way for long. Jobs that others get take their slots, so that it is soon its turn. */
    private String longOn(WarmLoad load, String worker) {
        for (var tries = 0; tries < 10; tries++) {
            var job = load.addLong(1, Duration.ofSeconds(40)).getFirst();
            if (warm.worker(job).equals(worker)) return job;
        }
        throw new AssertionError("worker " + worker + " gets no job of " + load.name());
    }

    @Test
    @Order(2)
    void aNodeThatStopsAndComesBackBringsNothingOfWhatItHad() {
        var loads = impatient.subList(0, 2);
        loads.forEach(WarmLoad::flow);
        loads.forEach(load -> load.addLong(6, Duration.ofSeconds(10)));
        var stopped = warm.workersOn(WarmCluster.node(2));
        assertThat(stopped).as("workers on the node").isNotEmpty();
        var processes = stopped.stream().map(warm::processes).toList();

        warm.cluster().tool("kill", "kubelet-2");
        processes.forEach(pod -> pod.all("STOP"));
        loads.forEach(load -> stopped.forEach(load::awaitTakenFrom));
        processes.forEach(pod -> pod.all("CONT"));
        warm.cluster().tool("revive", "kubelet-2");

        loads.forEach(load -> WarmVerdict.of(load)
                .holds("node stopped and back", stopped)
                .tellRefused("agents frozen, and then their node"));
    }

    @Test
    @Order(3)
    void jobsOfWorkersThatAllDieBeforeTheyBeginAreDoneByTheNext() {
        var load = patient.get(0);
        load.flow();
        load.rest();
        var workers = warm.workersOf(load);
        var processes = workers.stream().map(warm::processes).toList();
        processes.forEach(pod -> pod.agent("STOP"));
        var jobs = IntStream.range(0, 6)
                .mapToObj(i -> load.add(Map.of(), Map.of()))
                .toList();
        jobs.forEach(job -> here.job(job).await("it is assigned", status -> status.state() == State.ENQUEUED));

        processes.forEach(pod -> pod.all("KILL"));
        here.kubectl(Stream.concat(Stream.of("delete", "pod", "--grace-period=0", "--force"), workers.stream())
                .toArray(String[]::new));

        var verdict = WarmVerdict.of(load)
                .holds("all workers assigned and killed before they start", Set.of())
                .uncounted()
                .unrepeated();
        jobs.forEach(job -> assertThat(verdict.calls(job)).as("calls of " + job).isEqualTo(1));
        load.awaitReady();
    }

    @Test
    @Order(4)
    void operatorsThatAreKilledOrLeadNoMoreDisturbNoJob() {
        var operators = warm.release();
        patient.forEach(WarmLoad::flow);

        operators.operatorPods().forEach(pod -> warm.operator(pod).all("KILL"));
        patient.forEach(
                load -> WarmVerdict.of(load).holds("operators killed", Set.of()).undisturbed());

        patient.forEach(WarmLoad::flow);
        var leader = operators.leader();
        var frozen = warm.operator(leader);
        frozen.all("STOP");
        operators.leader(pod -> !pod.equals(leader));
        frozen.all("CONT");
        patient.forEach(load -> WarmVerdict.of(load)
                .holds("leader frozen, another leads, and it wakes up", Set.of())
                .undisturbed());
    }

    @Test
    @Order(5)
    void anApiServerThatIsAwayIsWaitedForByWhoCanAndNobodyElseGoesOn() {
        var loads = List.of(patient.get(0), impatient.get(0));
        loads.forEach(WarmLoad::flow);
        loads.forEach(load -> load.addLong(2, Duration.ofSeconds(20)));

        warm.cluster().tool("kill", "kube-apiserver");
        Waiting.during("there is no API server", Duration.ofSeconds(30), () -> true, () -> "");
        warm.cluster().tool("revive", "kube-apiserver");
        warm.cluster().awaitApi();

        WarmVerdict.of(patient.get(0))
                .holds("API server away for 30 s", Set.of())
                .undisturbed();
        WarmVerdict.of(impatient.get(0))
                .holds("API server away for twice the timeout", Set.of())
                .uncounted()
                .unrepeated();
    }

    @Test
    @Order(6)
    void plannedDisruptionFailsAndCountsNothingAndNobodyWaitsForATimeout() {
        var updated = patient.get(0);
        var shrunk = patient.get(1);
        patient.forEach(WarmLoad::flow);
        var given = patient.stream()
                .flatMap(load -> load.addLong(2, Duration.ofMinutes(1)).stream())
                .toList();
        given.forEach(warm::worker);
        var before = warm.workersOf(updated);

        here.kubectl(
                "patch",
                "syncworkerpool",
                updated.name(),
                "--type=merge",
                "--patch",
                "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"version\":\"2\"}}}}}");
        here.kubectl("scale", "syncworkerpool", shrunk.name(), "--replicas=1");
        Waiting.until(
                "all workers have been replaced",
                () -> warm.workersOf(updated).stream().noneMatch(before::contains),
                here::describe);
        Waiting.until("one worker is left", () -> warm.workersOf(shrunk).size() == 1, here::describe);
        var verdicts = Stream.of(updated, shrunk).map(WarmVerdict::of).toList();
        verdicts.get(0).holds("rolling update", Set.of()).uncounted();
        verdicts.get(1).holds("scale-down", Set.of()).uncounted();
        // Longer than the grace period: given back, and done again.
        assertThat(given.stream()
                        .map(job -> verdicts.get(job.startsWith(updated.name()) ? 0 : 1)
                                .status(job)
                                .outcomes()))
                .contains(List.of("Lost", "Done"));

        here.kubectl("scale", "syncworkerpool", shrunk.name(), "--replicas=2");
        patient.forEach(WarmLoad::awaitReady);
        patient.forEach(WarmLoad::flow);
        warm.cluster()
                .kubectl(
                        "drain",
                        WarmCluster.node(2),
                        "--ignore-daemonsets",
                        "--delete-emptydir-data",
                        "--timeout=120s");
        patient.forEach(
                load -> WarmVerdict.of(load).holds("node drained", Set.of()).uncounted());
    }
}
