package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of warm workers wake nobody: each second those are looked at for which there is something to do. */
class WorkerWatchTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final List<String> looked = new ArrayList<>();
    private Executor writers = Runnable::run;
    private Function<Request, Answer> answers = request -> Answer.refusal(404, "NotFound");
    private Instant now = NOW;
    private final StubApi api = new StubApi(request -> answers.apply(request));
    private final IndexFeed feed = new IndexFeed(index, Runnable::run, new Jobs(api.api()), new Reservations());
    private final IndexThread thread = new IndexThread();
    private final WorkerWatch watch = new WorkerWatch(
            index,
            thread,
            feed,
            new Workers(api.api()),
            new Pods(api.api()),
            Settings.from(Map.of()),
            task -> writers.execute(task),
            () -> now,
            () -> Duration.between(NOW, now).toNanos(),
            (namespace, name) -> looked.add(namespace + "/" + name));

    /** The watches have shown a worker that is there. */
    @BeforeEach
    void begin() {
        index.advance(now);
        index.workers().settled();
        feed.worker(pod());
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aJobWhoseWorkersPodIsGoneIsLookedAtAndAgainAfterAWhile() {
        feed.job(started());
        watch.tick();
        assertThat(looked).as("its worker is there").isEmpty();

        feed.workerGone(pod());
        watch.tick();
        watch.tick();
        assertThat(looked).containsExactly("shop/a");
        now = now.plusSeconds(5);
        watch.tick();
        assertThat(looked).containsExactly("shop/a", "shop/a");
    }

    /** Whoever takes the label of the pool off a pod, to look into it, leaves its agent and its handler at their work. */
    @Test
    void aWorkerWhosePodHasLostItsLabelIsGoneOnlyWhenThePodIs() {
        feed.lease(lease());
        feed.job(started());
        feed.workerGone(pod());
        answers = request -> Answer.object(unlabelled("syncjobs-agent", "Running"));
        assertThat(index.workers().view("shop", "magento-1", now)).isEqualTo(gone(false));
        assertThat(watch.fresh(started()).worker()).isEqualTo(WorkerView.UNKNOWN);
        assertThat(index.workers().view("shop", "magento-1", now))
                .as("it is asked for again, because no watch shows its end")
                .isEqualTo(gone(false));

        answers = request -> Answer.object(unlabelled("syncjobs-agent", "Failed"));
        assertThat(watch.fresh(started()).worker()).isEqualTo(gone(true));
        answers = request -> Answer.object(unlabelled("another", "Running"));
        assertThat(watch.fresh(started()).worker()).isEqualTo(gone(true));
        answers = request -> Answer.refusal(404, "NotFound");
        assertThat(watch.fresh(started()).worker()).isEqualTo(gone(true));
    }

    private static WorkerView gone(boolean seen) {
        return new WorkerView.Gone(WorkerEnd.UNSEEN, seen);
    }

    private static Pod unlabelled(String init, String phase) {
        return new PodBuilder(pod())
                .editMetadata()
                .withLabels(Map.of())
                .endMetadata()
                .editSpec()
                .addNewInitContainer()
                .withName(init)
                .endInitContainer()
                .endSpec()
                .editStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }

    @Test
    void aJobThatIsNotTakenWithinAMinuteIsLookedAt() {
        feed.job(enqueued());
        now = now.plusSeconds(59);
        watch.tick();
        assertThat(looked).isEmpty();
        now = now.plusSeconds(1);
        watch.tick();
        assertThat(looked).containsExactly("shop/a");
    }

    /** Its agent writes nothing until it ends, and the framework looks at no warm job by itself. */
    @Test
    void aJobThatSaysTheOperatorFailedAtItIsLookedAtWhileItsWorkerIsAlive() {
        feed.lease(lease());
        var failed = new Step.Explain(Reason.INTERNAL_ERROR, "the operator failed at this job");
        var job = started();
        feed.job(StubApi.job("a", 4, job.getSpec(), Statuses.after(job, failed, NOW)));
        watch.tick();
        assertThat(looked).containsExactly("shop/a");

        now = now.plusSeconds(10);
        watch.tick();
        assertThat(looked).as("it may fail for long").hasSize(1);
        now = now.plusSeconds(50);
        watch.tick();
        assertThat(looked).hasSize(2);
        feed.workerGone(pod());
        now = now.plusSeconds(5);
        watch.tick();
        assertThat(looked).as("now there is something to do").hasSize(3);
    }

    @Test
    void aRunIsLookedAtWhenItsTimeIsOver() {
        feed.lease(lease());
        feed.job(started());
        now = NOW.plusSeconds(3599);
        watch.tick();
        assertThat(looked).isEmpty();
        now = NOW.plusSeconds(3600);
        watch.tick();
        assertThat(looked).containsExactly("shop/a");
    }

    @Test
    void aRunThatMustEndIsLookedAtWhenItsWorkerHasHadItsTime() {
        feed.lease(lease());
        var stop = new Step.Stop(State.CANCELLED, Reason.CANCELLED_BY_USER, "not wanted", null, null);
        var job = started();
        feed.job(StubApi.job("a", 4, job.getSpec(), Statuses.after(job, stop, NOW)));
        now = NOW.plusSeconds(299);
        watch.tick();
        assertThat(looked).isEmpty();
        now = NOW.plusSeconds(300);
        watch.tick();
        assertThat(looked).containsExactly("shop/a");
    }

    @Test
    void aJobWhoseWorkerIsSilentIsLookedAtWhenItsTimeIsOverAndWhenItIsHeardAgain() {
        feed.lease(lease());
        feed.job(started());
        later(299);
        watch.tick();
        assertThat(looked).isEmpty();
        later(300);
        watch.tick();
        assertThat(looked).containsExactly("shop/a");

        var told = new Step.Explain(Reason.WORKER_DIED, "it is silent, and so are most workers");
        var job = started();
        feed.job(StubApi.job("a", 4, job.getSpec(), Statuses.after(job, told, NOW)));
        var renewed = lease();
        renewed.getMetadata().setResourceVersion("9");
        renewed.getSpec().setHolderIdentity("start-2");
        feed.lease(renewed);
        later(306);
        watch.tick();
        assertThat(looked).containsExactly("shop/a", "shop/a");
    }

    /** They say how long a worker was silent for an operator that may itself have been cut off meanwhile. */
    @Test
    void aNoteThatHadToWaitIsNotWritten() {
        answers = Answer::taken;
        var waiting = new ArrayDeque<Runnable>();
        writers = waiting::add;
        feed.lease(lease());
        later(60);
        watch.tick();
        assertThat(waiting).hasSize(1);
        now = NOW.plusSeconds(69);
        waiting.removeFirst().run();
        assertThat(api.requests(Request::isWrite)).hasSize(1);

        later(120);
        watch.tick();
        now = NOW.plusSeconds(130);
        waiting.removeFirst().run();
        assertThat(api.requests(Request::isWrite)).hasSize(1);
    }

    /** Jobs wait for the answer of the agent, so the note does not wait for the next second. */
    @Test
    void aWorkerThatIsNotSeenRenewingAnyMoreIsAskedAtOnceAndOnce() {
        answers = Answer::taken;
        feed.lease(lease());
        watch.tick();
        assertThat(api.requests(Request::isWrite)).as("its Lease is new").isEmpty();

        watch.watchAnew();
        var told = new AtomicBoolean();
        thread.post(() -> told.set(true));
        thread.runUntil(told::get);
        assertThat(api.requests(Request::isWrite)).hasSize(1);
        watch.tick();
        assertThat(api.requests(Request::isWrite)).hasSize(1);
    }

    /** A webhook for Leases in one namespace may be slow. */
    @Test
    void theNotesOfOneNamespaceDoNotTakeAllTurns() {
        answers = Answer::taken;
        for (var number = 1; number <= 3; number++) worker("shop", "magento-" + number);
        worker("other", "magento-1");
        var waiting = new ArrayDeque<Runnable>();
        writers = waiting::add;
        watch.watchAnew();
        var told = new AtomicBoolean();
        thread.post(() -> told.set(true));
        thread.runUntil(told::get);
        assertThat(waiting).as("two of one namespace, and that of the other").hasSize(3);

        while (!waiting.isEmpty()) waiting.removeFirst().run();
        assertThat(api.requests(Request::isWrite)).hasSize(4);
    }

    private void worker(String namespace, String name) {
        feed.worker(new PodBuilder(pod())
                .editMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withUid(namespace + name)
                .endMetadata()
                .build());
        feed.lease(new LeaseBuilder(lease())
                .editMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build());
    }

    private void later(int seconds) {
        now = NOW.plusSeconds(seconds);
        index.workers().advance(Duration.ofSeconds(seconds).toNanos());
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("magento-1")
                .withUid("pod-1")
                .withResourceVersion("7")
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .addToLabels("syncjobs.io/pool", "magento")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("handler")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .endStatus()
                .build();
    }

    private static Lease lease() {
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("magento-1")
                .withUid("lease-1")
                .withResourceVersion("8")
                .addToLabels("syncjobs.io/pool", "magento")
                .addToAnnotations("syncjobs.io/slots", "1")
                .addToAnnotations("syncjobs.io/worker-state", "Ready")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("start-1")
                .withLeaseDurationSeconds(300)
                .endSpec()
                .build();
    }

    private static SyncJob enqueued() {
        var spec = new SyncJobSpec("narrow", "export.order", null, 1, null, null, null, null);
        var job = StubApi.job("a", 1, spec, SyncJobStatus.NEW);
        var effective = Policies.effective(spec, new SyncQueueSpec(1, null, null, null, null, "magento"));
        var reserve = new Step.Reserve(1, "magento-1", effective);
        return StubApi.job("a", 2, spec, Statuses.after(job, reserve, NOW));
    }

    private static SyncJob started() {
        var job = enqueued();
        return StubApi.job("a", 3, job.getSpec(), Statuses.after(job, new Step.Start(NOW, "handler"), NOW));
    }
}
