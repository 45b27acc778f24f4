package io.syncjobs.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.SyncJob;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.core.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the API server lets a warm worker write, and what not, by real tokens that are bound to real pods.
 *
 * <p>{@code mine} is the pod that has the jobs, {@code mate} another one of the same pool, {@code other} one of another pool,
 * {@code unbound} the pool's account with a token of no pod, {@code neighbour} a pod of the same name and pool in another
 * namespace. The jobs: {@code Old} is Started and has a full history; {@code Stopped} and {@code Withdrawn} (not yet started)
 * are to become Cancelled, {@code Retried} is to be tried again; {@code Isolated} runs in a pod of its own, of {@code mine}'s
 * name; {@code Foreign} is of the other pool.
 */
@ClusterTest
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class WorkerFenceIT {
    private static final String MINE = "shop-7f-a";

    private final Map<String, WorkerAccount> accounts = new HashMap<>();
    private final Map<String, SyncJob> jobs = new HashMap<>();
    private OwnRelease own;
    private TestNamespace elsewhere;
    private FenceFixture fixture;

    /** The product itself does nothing here: what it would make of such jobs is another test's business. */
    @BeforeAll
    void install() {
        own = OwnRelease.install(
                "fence",
                Map.of(
                        "replicas", 0,
                        "enqueuer", Map.of("suspend", true),
                        "statusWriters", Map.of("exemptGroups", List.of("repair-crew"))));
        var here = own.jobs();
        elsewhere = TestNamespace.create(here.cluster(), "fence-elsewhere");
        FenceFixture.rightsOf(here, "shop");
        FenceFixture.rightsOf(here, "other");
        FenceFixture.rightsOf(elsewhere, "shop");
        accounts.put("repairs", WorkerAccount.repairs(here));
        accounts.put("mine", WorkerAccount.ofPod(here, "syncjobs-pool-shop", MINE));
        accounts.put("mate", WorkerAccount.ofPod(here, "syncjobs-pool-shop", "shop-7f-b"));
        accounts.put("other", WorkerAccount.ofPod(here, "syncjobs-pool-other", "other-7f-a"));
        accounts.put("unbound", WorkerAccount.withoutPod(here, "syncjobs-pool-shop"));
        accounts.put("neighbour", WorkerAccount.ofPod(elsewhere, "syncjobs-pool-shop", MINE));
        fixture = new FenceFixture(here, who("repairs"), MINE);
        here.kubectl("create", "secret", "generic", "password", "--from-literal=a=b");
        for (var pod : List.of("mine", "mate", "other"))
            assertThat(who(pod).refusal("create", leases(here), lease(pod)))
                    .as("the Lease of " + pod)
                    .isEmpty();
    }

    @AfterAll
    void uninstall() {
        accounts.values().forEach(WorkerAccount::close);
        if (elsewhere != null) elsewhere.delete();
        if (own != null) own.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Enqueued,  start",
        "Enqueued,  give-back",
        "Started,   done",
        "Started,   fail",
        "Started,   retry",
        "Started,   give-back",
        "Started,   lose",
        "Started,   poison",
        "Old,       done",
        "Stopped,   stopped",
        "Retried,   stopped",
        "Withdrawn, stopped",
    })
    void aWorkerDoesWithItsJobWhatIsItsWork(String given, String step) {
        var job = fixture.make(given);

        var written = who("mine").jobs().writeStatus(job, FenceFixture.next(job, FenceFixture.step(step)));

        assertThat(Observation.statusOf(written).state())
                .isNotEqualTo(Observation.statusOf(job).state());
    }

    @ParameterizedTest(name = "{0} with {1}: {2} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Whose job it is.
                "mate      | Started  | done | {} | written by SyncJobs alone, and that of a job by the warm worker that has it",
                "mate      | Enqueued | start | {} | written by SyncJobs alone",
                "other     | Started  | done | {} | written by SyncJobs alone",
                "other     | Foreign  | done | {} | written by SyncJobs alone",
                "mine      | Foreign  | done | {} | written by SyncJobs alone",
                "mine      | Isolated | done | {} | written by SyncJobs alone",
                "unbound   | Started  | done | {} | written by SyncJobs alone",
                "neighbour | Started  | done | {} | cannot patch resource",
                // From which state to which.
                "mine | Pending  | start | {} | written by SyncJobs alone",
                "mine | Pending  | start | {state: Enqueued, worker: shop-7f-a} | written by SyncJobs alone",
                "mine | Enqueued | done  | {} | does not bring a job from Enqueued to Done",
                "mine | Enqueued | fail  | {} | does not bring a job from Enqueued to Failed",
                "mine | Enqueued | start | {state: Enqueued} | does not bring a job from Enqueued to Enqueued",
                "mine | Started  | start | {message: still at it} | does not bring a job from Started to Started",
                "mine | Started  | start | {state: Enqueued} | does not bring a job from Started to Enqueued",
                "mine | Started  | done  | {state: Cancelled} | does not bring a job from Started to Cancelled",
                "mine | Done     | done  | {result: another} | does not bring a job from Done to Done",
                "mine | Done     | give-back | {} | does not bring a job from Done to Pending",
                "mine | Done     | fail  | {} | does not bring a job from Done to Failed",
                // A run that is being ended.
                "mine | Stopped  | done  | {} | the job can only become Cancelled, not Done",
                "mine | Stopped  | lose  | {stop: null} | the job can only become Cancelled, not Pending",
                "mine | Stopped  | stopped | {state: Pending, worker: null, finishedTime: null} | the job can only become Cancelled, not Pending",
                "mine | Retried  | done  | {} | the job can only become Pending, not Done",
                "mine | Withdrawn | start | {} | the job can only become Cancelled, not Started",
                "mine | Stopped  | stopped | {stop: {target: Cancelled, time: '2026-01-01T00:00:00Z'}} | status.stop is not a worker's",
                "mine | Started  | done  | {stop: {target: Done, time: '2026-01-01T00:00:00Z'}} | status.stop is not a worker's",
                // What it must not touch.
                "mine | Started  | done  | {attempt: 4} | status.attempt is not a worker's",
                "mine | Started  | give-back | {attempt: 2} | status.attempt is not a worker's",
                "mine | Started  | give-back | {attempt: null} | status.attempt is not a worker's",
                "mine | Started  | done  | {requeues: 2} | status.requeues is not a worker's",
                "mine | Started  | done  | {effective.timeoutSeconds: 1} | status.effective is not a worker's",
                "mine | Started  | retry | {effective.retry.limit: 9} | status.effective is not a worker's",
                "mine | Started  | retry | {effective: null} | status.effective is not a worker's",
                "mine | Started  | done  | {lastCommand.by: root} | status.lastCommand is not a worker's",
                "mine | Started  | done  | {lastCommand: null} | status.lastCommand is not a worker's",
                "mine | Started  | done  | {worker: shop-7f-b} | status.worker stays",
                "mine | Started  | done  | {worker: null} | status.worker stays",
                "mine | Enqueued | start | {worker: shop-7f-b} | status.worker stays",
                "mine | Started  | give-back | {worker: shop-7f-b} | status.worker stays",
                "mine | Started  | give-back | {workerLosses: 0} | status.workerLosses grows by one",
                "mine | Started  | lose  | {workerLosses: 3} | status.workerLosses grows by one",
                "mine | Started  | done  | {workerLosses: 2} | status.workerLosses grows by one",
                "mine | Enqueued | give-back | {workerLosses: 2} | status.workerLosses grows by one",
                "mine | Retried  | stopped | {workerLosses: 2} | status.workerLosses grows by one",
                "mine | Started  | retry | {retries: 0} | status.retries grows by one",
                "mine | Started  | retry | {retries: 3} | status.retries grows by one",
                "mine | Started  | done  | {retries: 2} | status.retries grows by one",
                "mine | Started  | retry | {workerLosses: 2} | status.retries grows by one",
                "mine | Started  | done  | {enqueuedTime: '2020-01-01T00:00:00Z'} | status.enqueuedTime is not a worker's",
                "mine | Enqueued | start | {enqueuedTime: null} | status.enqueuedTime is not a worker's",
                "mine | Started  | done  | {startedTime: '2020-01-01T00:00:00Z'} | status.startedTime is set when",
                "mine | Started  | give-back | {startedTime: '2020-01-01T00:00:00Z'} | status.startedTime is set when",
                "mine | Enqueued | start | {finishedTime: '2020-01-01T00:00:00Z'} | status.finishedTime is set when",
                "mine | Started  | done  | {finishedTime: null} | status.finishedTime is set when",
                "mine | Started  | done  | {nextAttemptTime: '2020-01-01T00:00:00Z'} | status.nextAttemptTime is set when",
                "mine | Enqueued | start | {nextAttemptTime: '2020-01-01T00:00:00Z'} | status.nextAttemptTime is set when",
                "mine | Started  | retry | {result: 7} | status.result is set when",
                // The history.
                "mine | Started  | done  | {history: null} | status.history gets one entry",
                "mine | Started  | done  | {history: []} | status.history gets one entry",
                "mine | Started  | done  | {history.0.worker: nobody} | status.history gets one entry",
                "mine | Started  | done  | {history.1.outcome: Done} | status.history gets one entry",
                "mine | Old      | done  | {history.8.message: nothing} | status.history gets one entry",
                "mine | Enqueued | start | {history.0.message: nothing} | status.history gets one entry",
                "mine | Started  | done  | {history.-1.attempt: 2} | the last entry of status.history",
                "mine | Started  | done  | {history.-1.worker: shop-7f-b} | the last entry of status.history",
                "mine | Started  | done  | {history.-1.by: root} | the last entry of status.history",
                "mine | Started  | done  | {history.-1.command: cancel} | the last entry of status.history",
                // The conditions.
                "mine | Started  | done  | {conditions.0.status: 'False'} | status.conditions are set",
                "mine | Started  | fail  | {conditions.0.type: Complete} | status.conditions are set",
                "mine | Started  | retry | {conditions: [{type: Complete, status: 'True', reason: r, lastTransitionTime: '2026-01-01T00:00:00Z'}]} | status.conditions are set",
            })
    void whatIsNotAWorkersToWriteIsRefused(String who, String given, String step, String deviation, String why) {
        var job = jobs.computeIfAbsent(given, fixture::make);
        var next = FenceFixture.next(job, FenceFixture.step(step));
        var patch = FenceFixture.patch(job, next, deviation(deviation));

        var refusal =
                who(who).refusal("patch", fixture.path(job.getMetadata().getName()) + "/status?dryRun=All", patch);

        assertThat(refusal).contains(why);
    }

    private static String deviation(String yaml) {
        // What begins with a brace is taken for JSON.
        return Json.text(Serialization.unmarshal("---\n" + yaml, Map.class));
    }

    private WorkerAccount who(String name) {
        return requireNonNull(accounts.get(name), name);
    }

    private static String leases(TestNamespace namespace) {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace.name() + "/leases";
    }

    private String lease(String who) {
        return lease(who(who).pod(), who.equals("other") ? "other" : "shop");
    }

    private static String lease(String name, String pool) {
        return Json.text(Map.of(
                "apiVersion",
                "coordination.k8s.io/v1",
                "kind",
                "Lease",
                "metadata",
                Map.of("name", name, "labels", Map.of("syncjobs.io/pool", pool)),
                "spec",
                Map.of("holderIdentity", "i", "leaseDurationSeconds", 300)));
    }
}
