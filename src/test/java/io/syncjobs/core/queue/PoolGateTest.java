package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.LeaseEntry.State;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.SilenceNote;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.run.Assignment.NewPod;
import io.syncjobs.core.run.Assignment.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What jobs wait for that warm workers run, in which words, and how the queues of a pool share its slots. */
class PoolGateTest {
    private static final PoolKey POOL = new PoolKey("shop", "magento");

    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Limits.MESSAGE_REFRESH);
    private int versions = 1;

    @BeforeEach
    void twoQueuesOfOnePool() {
        index.advance(NOW);
        index.workers().settled();
        queue("orders", 10);
        queue("stock", 10);
    }

    @Test
    void aPoolThatDoesNotExistIsToBeCreated() {
        assertThat(why(waits("a", "orders")))
                .isEqualTo(
                        "NoWorkers: there is no SyncWorkerPool magento in this namespace, which queue orders names in"
                                + " spec.workerPool; create it, or name another one in spec.workerPool of the queue");
    }

    @Test
    void aPoolWithoutReplicasIsToBeScaled() {
        pool(0);
        assertThat(why(waits("a", "orders")))
                .isEqualTo("NoWorkers: pool magento has spec.replicas 0; for more workers: kubectl scale syncworkerpool"
                        + " magento -n shop --replicas=1");
    }

    @Test
    void aPoolWithoutALivingWorkerSaysHowItsWorkersStand() {
        pool(2);
        var job = waits("a", "orders");
        assertThat(why(job)).contains("no worker of pool magento takes jobs: it should have 2, and none of their pods");

        worker("w1", 2, State.DRAINING);
        podAlone("w2");
        assertThat(why(job))
                .contains("takes jobs: 1 is ending, 1 is starting;")
                .endsWith("kubectl get pods -n shop -l syncjobs.io/pool=magento");
    }

    @Test
    void whatKeepsAPoolFromHavingWorkersIsToldToItsJobs() {
        index.workers().see(POOL, new PoolSpec(1, 2, Duration.ofMinutes(5), "ImagePullFailed: no such image"));
        podAlone("w1");

        assertThat(why(waits("a", "orders")))
                .startsWith("NoWorkers: no worker of pool magento takes jobs: 1 is starting; the pool says"
                        + " ImagePullFailed: no such image; see kubectl describe syncworkerpool magento");

        index.workers().see(POOL, new PoolSpec(1, 2, Duration.ofMinutes(5), "ImagePullFailed: no such image."));
        // The agent beside a container that cannot start is alive.
        worker("w1", 2, State.HANDLER_NOT_READY);
        assertThat(why(waits("b", "orders")))
                .startsWith("HandlerNotReady: ")
                .contains("; the pool says ImagePullFailed: no such image; see kubectl logs w1 -n shop");
    }

    @Test
    void workersOfWhichNoHandlerAnswersAreNoneAndSayWhy() {
        pool(2);
        worker("w1", 2, State.HANDLER_NOT_READY);

        assertThat(why(waits("a", "orders")))
                .startsWith("HandlerNotReady: the handlers of pool magento do not answer: w1, connection refused;")
                .endsWith("see kubectl logs w1 -n shop -c handler");
    }

    @Test
    void workersWithoutAFreeSlotAreBusyAndMoreOfThemHelp() {
        pool(1);
        worker("w1", 1, State.READY);
        waits("a", "orders");
        assertThat(plan()).containsExactly("a → w1");

        assertThat(why(waits("b", "orders")))
                .isEqualTo("WorkersBusy: pool magento has no free slot: 1 worker with 1 slot for 1 job; for more"
                        + " workers: kubectl scale syncworkerpool magento -n shop --replicas=2");
    }

    /** More replicas would not help where those that are wanted are not there. */
    @Test
    void busyWorkersOfAPoolThatLacksOthersSayWhyItDoes() {
        index.workers().see(POOL, new PoolSpec(2, 1, Duration.ofMinutes(5), "QuotaExceeded: raise it."));
        worker("w1", 1, State.READY);
        waits("a", "orders");
        assertThat(plan()).containsExactly("a → w1");

        assertThat(why(waits("b", "orders")))
                .startsWith("WorkersBusy: pool magento has no free slot: 1 worker with 1 slot for 1 job;"
                        + " the pool says QuotaExceeded: raise it;");
    }

    @Test
    void aQueueWithoutRoomSaysSoFirst() {
        queue("orders", 0);
        assertThat(why(waits("a", "orders"))).startsWith("QueueAtCapacity: queue orders runs 0 of at most 0");
    }

    @Test
    void theQueuesOfAPoolTakeTurns() {
        pool(1);
        worker("w1", 2, State.READY);
        for (var name : List.of("a1", "a2", "a3", "a4")) waits(name, "orders");
        assertThat(plan()).containsExactly("a1 → w1", "a2 → w1");
        waits("b1", "stock");
        waits("b2", "stock");

        done("a1");
        done("a2");
        assertThat(plan()).containsExactlyInAnyOrder("a3 → w1", "b1 → w1");
        done("a3");
        assertThat(plan()).hasSize(1);
        done("b1");
        assertThat(plan()).hasSize(1);
        assertThat(Planner.peek(index)).isEmpty();
    }

    @Test
    void aQueueWhoseJobsAlwaysHaveTheSlotsGivesThemToTheOtherThatWaits() {
        pool(1);
        worker("w1", 1, State.READY);
        waits("a1", "orders");
        waits("a2", "orders");
        waits("a3", "orders");
        plan();
        waits("b1", "stock");
        plan();

        done("a1");
        var first = plan();
        done(first.getFirst().substring(0, 2));
        assertThat(List.of(first.getFirst(), plan().getFirst())).contains("b1 → w1");
    }

    @Test
    void aJobWithATemplateOfItsOwnRunsInItsOwnPodThoughThePoolIsBusy() {
        waits("a", "orders");
        see(new SyncJobSpec("orders", "x", null, null, null, null, null, Given.TEMPLATE), "b");

        assertThat(plan()).containsExactly("b → a pod");
    }

    @Test
    void anAdmissionToAWorkerIsOneWriteWithWorkerAttemptAndPool() {
        pool(1);
        worker("w1", 1, State.READY);
        waits("a", "orders");
        assertThat(Planner.peek(index)).hasSize(1);

        var admission = Planner.plan(index, 10, PoolGateTest::fail).getFirst();

        var reserve = admission.reserving(job("a"));
        assertThat(admission.to()).isEqualTo(new Slot("w1", "magento"));
        assertThat(reserve.worker()).isEqualTo("w1");
        assertThat(reserve.attempt()).isEqualTo(1);
        assertThat(reserve.effective().workerPool()).isEqualTo("magento");
        assertThat(admission.placing(job("a"))).as("also by the minute run").isEqualTo(reserve);
    }

    private SyncJob job(String name) {
        return Given.job(name, new SyncJobSpec("orders", "x", null, null, null, null, null, null));
    }

    private void queue(String name, int capacity) {
        index.see(
                new QueueKey("shop", name), new SyncQueueSpec(capacity, null, null, null, null, "magento"), ++versions);
    }

    /** A strict operator told it to wait for the minute run, and went away. The worker that is free runs only jobs without a template. */
    @Test
    void aJobWithATemplateOfItsOwnIsToldThatItNeedsAnOperatorThoughAWorkerIsFree() {
        pool(1);
        worker("w1", 2, State.READY);
        var spec = new SyncJobSpec("orders", "x", null, null, null, null, null, Given.TEMPLATE);
        index.see(JobEntry.of(Given.with(Given.job("own", spec), s -> {
            s.reason = "WaitingForTick";
            s.reasonTime = NOW;
        })));

        var told = new Reasons(index).next(new Starter(Starter.Who.MINUTE_ALONE, SchedulerHealth.GOOD), 9, Set.of());

        assertThat(told).extracting(each -> each.why().reason()).containsExactly(Reason.OPERATOR_NOT_RUNNING);
    }

    private void pool(int replicas) {
        index.workers().see(POOL, new PoolSpec(replicas, 2, Duration.ofMinutes(5), ""));
    }

    private void worker(String name, int slots, State state) {
        index.workers()
                .see(new LeaseEntry(
                        "shop",
                        name,
                        "magento",
                        ++versions,
                        "i",
                        "1",
                        slots,
                        state,
                        state == State.HANDLER_NOT_READY ? "connection refused" : "",
                        Duration.ofMinutes(5),
                        SilenceNote.NONE));
        podAlone(name);
    }

    private void podAlone(String name) {
        index.workers()
                .see(new WorkerPod(
                        "shop", name, "uid", "magento", ++versions, "node-1", "handler", Optional.empty(), false));
    }

    private JobEntry waits(String name, String queue) {
        return see(new SyncJobSpec(queue, "x", null, null, null, null, null, null), name);
    }

    private JobEntry see(SyncJobSpec spec, String name) {
        var entry = JobEntry.of(Given.job(name, spec));
        index.see(entry);
        return entry;
    }

    private void done(String name) {
        index.gone("uid-" + name, false);
    }

    private String why(JobEntry job) {
        return Starter.EAGER.why(index, job).map(PoolGateTest::words).orElse("");
    }

    private static String words(Wait wait) {
        return wait.reason() + ": " + wait.text();
    }

    private static void fail(QueueKey queue, RuntimeException error) {
        throw error;
    }

    private List<String> plan() {
        return Planner.plan(index, 100, PoolGateTest::fail).stream()
                .map(PoolGateTest::words)
                .toList();
    }

    private static String words(Admission admission) {
        return admission.job().name() + " → "
                + switch (admission.to()) {
                    case Slot slot -> slot.worker();
                    case NewPod pod -> "a pod";
                };
    }
}
