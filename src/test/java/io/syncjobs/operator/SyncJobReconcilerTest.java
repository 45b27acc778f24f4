package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Policies;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Workers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A look at a job whose pod the cache does not have: gone, or not there yet? */
class SyncJobReconcilerTest {
    private static final String WORKER = "a-1-x";

    @Test
    void aPodThatTheCacheDoesNotHaveYetIsNotTakenForLost() {
        assertThat(writesWhen(true, Answer.object(runningPod()))).isEmpty();
    }

    @Test
    void aPodThatTheApiServerDoesNotHaveEitherIsLost() {
        assertThat(writesWhen(true, Answer.refusal(404, "NotFound")))
                .anyMatch(write -> write.field("/status/state").equals("Pending"));
    }

    @Test
    void whatItSaidMayBeOnItsWayForAMoment() {
        assertThat(writesWhen(false, Answer.refusal(404, "NotFound"))).isEmpty();
    }

    @Test
    void whatAPodSaidInItsLastMomentsCountsThoughItIsGone() {
        assertThat(writesWhen(true, Answer.refusal(404, "NotFound"), endedPod()))
                .anyMatch(write -> write.field("/status/state").equals("Done"))
                .noneMatch(write -> write.field("/status/state").equals("Pending"));
    }

    /** An event may be lost: the deadline of this one is an hour away. */
    @Test
    @SuppressWarnings("unchecked")
    void aJobWithWorkIsLookedAtAtLeastEachMinuteAndOneThatWaitsOrIsKeptNotAtAll() {
        var running = Answer.object(runningPod());
        try (var api = new StubApi(request -> request.path().endsWith(WORKER) ? running : Answer.taken(request))) {
            var reconciler = reconciler(api);
            var context = (Context<SyncJob>) empty(Context.class);
            var done = started();
            done.setStatus(Statuses.after(
                    done, new Step.End(State.DONE, Reason.COMPLETED, "", null, null, null), Instant.now()));

            assertThat(reconciler
                            .reconcile(started(), context)
                            .getScheduleDelay()
                            .orElseThrow())
                    .isBetween(50_000L, 60_001L);
            assertThat(reconciler.reconcile(done, context).getScheduleDelay()).isEmpty();
            var waiting = StubApi.job("w", 1, done.getSpec(), SyncJobStatus.NEW);
            assertThat(reconciler.reconcile(waiting, context).getScheduleDelay())
                    .isEmpty();
        }
    }

    /** What is written about a started job by an operator whose caches are empty, once these pods are gone and, maybe, {@code missed} for a while. */
    @SuppressWarnings("unchecked")
    private static List<Request> writesWhen(boolean missed, Answer pod, Pod... gone) {
        try (var api =
                new StubApi(request -> request.path().endsWith("/pods/" + WORKER) ? pod : Answer.taken(request))) {
            var reconciler = reconciler(api);
            var deletedPods = reconciler.deletedPods();
            for (var one : gone) deletedPods.hear(one, (ResourceCache<SyncJob>) empty(ResourceCache.class));
            // Its pod has been missed for a while.
            if (missed) deletedPods.mayStillCome(started(), Instant.now().minusSeconds(3));
            reconciler.reconcile(started(), (Context<SyncJob>) empty(Context.class));
            return api.requests(Request::isWrite);
        }
    }

    private static SyncJobReconciler reconciler(StubApi api) {
        var jobs = new Jobs(api.api());
        var pods = new Pods(api.api());
        var events = new Events(api.api(), InstantSource.system(), System::nanoTime, Runnable::run, "operator-a");
        var reservations = new Reservations();
        var index = new JobIndex(Duration.ZERO, Duration.ZERO);
        var feed = new IndexFeed(index, Runnable::run, jobs, reservations);
        var caches = new Caches(jobs, feed);
        var applier = new StepApplier(jobs, pods, events, reservations);
        var clock = InstantSource.system();
        var containment = new Containment(jobs, new Metrics(clock), clock);
        var reads = new SlowReads(Runnable::run, System::nanoTime);
        var settings = Settings.from(Map.of());
        var workers = new WorkerWatch(
                index,
                new IndexThread(),
                feed,
                new Workers(api.api()),
                pods,
                settings,
                Runnable::run,
                clock,
                System::nanoTime,
                (namespace, name) -> {});
        return new SyncJobReconciler(
                caches, jobs, pods, events, reservations, applier, containment, reads, workers, settings, clock);
    }

    /** One of the framework's views, in which there is nothing but the job. */
    private static Object empty(Class<?> view) {
        return Proxy.newProxyInstance(
                view.getClassLoader(), new Class<?>[] {view}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "list", "getSecondaryResourcesAsStream" -> Stream.empty();
                    case "isPrimaryResourceDeleted" -> false;
                    case "get" -> Optional.of(started());
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private static SyncJob started() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        var job = StubApi.job("a", 1, spec, SyncJobStatus.NEW);
        var now = Instant.now();
        var effective = Policies.effective(spec, SyncQueueSpec.BUILT_IN);
        job.setStatus(Statuses.after(job, new Step.Reserve(1, WORKER, effective), now));
        return StubApi.job("a", 3, spec, Statuses.after(job, new Step.Start(now, "worker"), now));
    }

    private static Pod endedPod() {
        var now = Instant.now().toString();
        return new PodBuilder(runningPod())
                .editMetadata()
                .withDeletionTimestamp(now)
                .withDeletionGracePeriodSeconds(1L)
                .endMetadata()
                .editStatus()
                .withContainerStatuses()
                .addNewContainerStatus()
                .withName("worker")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .withStartedAt(now)
                .withFinishedAt(now)
                .withMessage("{\"done\": true}")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static Pod runningPod() {
        var now = Instant.now().toString();
        return StubApi.pod(WORKER)
                .editMetadata()
                .withCreationTimestamp(now)
                .addToLabels(Names.JOB_UID, "uid-a")
                .addToLabels(Names.ATTEMPT, "1")
                .addNewOwnerReference()
                .withUid("uid-a")
                .endOwnerReference()
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("worker")
                .withNewState()
                .withNewRunning()
                .withStartedAt(now)
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
