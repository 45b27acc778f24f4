package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ApiIo;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Workers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A look at a job whose pod the cache does not have: gone, or not there yet? */
class JobLoopTest {
    private static final String WORKER = "a-1-x";

    @Test
    void aPodThatTheCacheDoesNotHaveYetIsNotTakenForLost() {
        assertThat(writesWhen(true, Answer.object(runningPod()))).isEmpty();
    }

    /** 1. A look begins. 2. The worker begins. 3. Its pod is read. The time that the worker has counts from step 2. */
    @Test
    void aWorkerThatBeganWhileItsPodWasReadBeganThen() {
        var look = Instant.now();
        var begun = new AtomicReference<>("");
        try (var api = new StubApi(request -> {
            if (!request.path().endsWith("/pods/" + WORKER)) return Answer.taken(request);
            var pod = runningPod();
            var started = pod.getMetadata().getCreationTimestamp();
            pod.getMetadata().setCreationTimestamp(look.minusSeconds(60).toString());
            // After the write its pod is read once more.
            begun.compareAndSet("", started);
            return Answer.object(pod);
        })) {
            new Parts(api).loop.handle(reserved(), List::of);

            assertThat(api.requests(Request::isWrite))
                    .singleElement()
                    .satisfies(write ->
                            assertThat(write.field("/status/startedTime")).isEqualTo(begun.get()));
        }
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

    /** A webhook may hold up each write of a namespace for half a minute, and the threads are for all namespaces. */
    @Test
    void aJobWhoseNamespaceHasItsShareOfTheThreadsIsLookedAtWhenItIsItsTurn() {
        try (var api = new StubApi(
                request -> request.path().endsWith(WORKER) ? new Answer(404, "{}") : Answer.taken(request))) {
            var parts = new Parts(api);
            var yesterday = Instant.now().minus(Duration.ofDays(1));
            var late = StubApi.job("a", 3, started().getSpec(), started(yesterday));
            assertThat(parts.looks.take("shop", "another", () -> {})).isTrue();

            assertThat(parts.loop.handle(late, List::of)).isEmpty();
            assertThat(api.requests(request -> true)).isEmpty();
            assertThat(parts.looked).isEmpty();

            parts.looks.give("shop");
            assertThat(parts.looked).containsExactly(late);
            parts.loop.handle(late, List::of);
            assertThat(api.requests(request -> true)).isNotEmpty();
            assertThat(parts.looks.take("shop", "another", () -> {}))
                    .as("its share was given back")
                    .isTrue();
        }
    }

    /** 1. A pod ends. 2. Its watch misses that. 3. A sweep finds the pod at a later version than the watch has shown, and reads it. */
    @Test
    void theEndOfAPodThatItsWatchHasMissedIsFoundByASweep() {
        var ended = Answer.object(endedByItself(Instant.now().toString(), "{\"done\": true}")
                .editMetadata()
                .withResourceVersion("8")
                .endMetadata()
                .build());
        try (var api = new StubApi(request -> {
            if (request.path().endsWith("/pods/" + WORKER)) return ended;
            if (request.path().contains("/pods?")) return listed(WORKER, "pod-uid", "8");
            if (request.path().contains("/syncjobs?")) return listed("a", "uid-a", "3");
            if (request.path().contains("/syncqueues?")) return Answer.object(Map.of("items", List.of()));
            return Answer.taken(request);
        })) {
            var parts = new Parts(api);
            var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
            var feed = new IndexFeed(index, Runnable::run, parts.jobs, new Reservations());
            var io = new ApiIo(
                    api.api(),
                    parts.jobs,
                    List.of(),
                    (namespace, name) -> Optional.empty(),
                    new Reservations(),
                    feed,
                    Runnable::run,
                    InstantSource.system());
            feed.job(started());
            feed.pod(runningPod());
            var nanos = new AtomicLong();
            var looked = new ArrayList<String>();
            var sweep = new Sweep(index, io, nanos::get, job -> looked.add(job.name()));
            sweep.ask("now");
            Awaitility.await().untilAsserted(() -> {
                nanos.addAndGet(2_000_000_000L);
                sweep.step();
                assertThat(looked).contains("a");
            });

            Awaitility.await().untilAsserted(() -> {
                parts.loop.handle(started(), () -> List.of(PodViews.of(runningPod())));
                assertThat(api.requests(Request::isWrite))
                        .extracting(write -> write.field("/status/state"))
                        .contains("Done");
            });
        }
    }

    private static Answer listed(String name, String uid, String version) {
        var metadata = Map.of("namespace", "shop", "name", name, "uid", uid, "resourceVersion", version);
        return Answer.object(Map.of("items", List.of(Map.of("metadata", metadata))));
    }

    /** An event may be lost: the deadline of this one is an hour away. */
    @Test
    void aJobWithWorkIsLookedAtAtLeastEachMinuteAndOneThatWaitsOrIsKeptNotAtAll() {
        var running = Answer.object(runningPod());
        try (var api = new StubApi(request -> request.path().endsWith(WORKER) ? running : Answer.taken(request))) {
            var loop = new Parts(api).loop;
            var done = started();
            done.setStatus(Statuses.after(
                    done, new Step.End(State.DONE, Reason.COMPLETED, "", null, null, null), Instant.now()));

            assertThat(loop.handle(started(), List::of).orElseThrow())
                    .isBetween(Duration.ofSeconds(50), Duration.ofMillis(60_001));
            assertThat(loop.handle(done, List::of)).isEmpty();
            var waiting = StubApi.job("w", 1, done.getSpec(), SyncJobStatus.NEW);
            assertThat(loop.handle(waiting, List::of)).isEmpty();
        }
    }

    /** 1. A probe fails. 2. The kubelet tells the worker to end. 3. The worker ends with 0. 4. Only an event says why. */
    @Test
    void aWorkerThatItsKubeletToldToEndHasFailedThoughItEndedWithZero() {
        var killing = "{\"items\": [{\"type\": \"Normal\", \"reason\": \"Killing\", \"message\": \"Container worker"
                + " failed liveness probe\", \"involvedObject\": {\"fieldPath\": \"spec.containers{worker}\"},"
                + " \"lastTimestamp\": \"" + Instant.now().plusSeconds(1) + "\"}]}";

        assertThat(statesAfter(0, new Answer(200, killing))).containsExactly("Failed");
        assertThat(statesAfter(0, new Answer(200, "{\"items\": []}"))).containsExactly("Done");
    }

    @Test
    void eventsThatCannotBeReadHoldTheEndOfAJobUpForAMinuteAndNoLonger() {
        assertThat(statesAfter(0, Answer.refusal(403, "Forbidden"))).doesNotContain("Done", "Failed");
        assertThat(statesAfter(90, Answer.refusal(403, "Forbidden"))).containsExactly("Done");
    }

    /** A kubelet that falls back to the log does not say which of both a message is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'starting\n' | no such customer 7 | no such customer 7",
                "'starting\n' | Error reading termination message from logs: no file | container worker exited with code 1",
                "'starting\nbye\n' | 'starting\nbye' | container worker exited with code 1",
                "'begin\nValueError: no stock\nbye\n' | 'ValueError: no stock\nbye' | no stock",
                "'starting\n' | '{\"message\": \"order 7 is locked\", \"orderId\": 7}' | order 7 is locked",
                "'starting\n' | '{\"type\": \"about:blank\", \"title\": \"Locked\"}' | Locked"
            })
    void whatTheLogDoesNotHoldIsTheMessageOfTheWorker(String log, String message, String told) {
        var text = new Answer(200, log);
        try (var api = new StubApi(request -> request.path().contains("/log?") ? text : Answer.taken(request))) {
            var pod = endedByItself(Instant.now().toString(), message)
                    .editSpec()
                    .editFirstContainer()
                    .withTerminationMessagePolicy("FallbackToLogsOnError")
                    .endContainer()
                    .endSpec()
                    .editStatus()
                    .editFirstContainerStatus()
                    .editState()
                    .editTerminated()
                    .withExitCode(1)
                    .endTerminated()
                    .endState()
                    .endContainerStatus()
                    .endStatus()
                    .build();
            new Parts(api).loop.handle(started(), () -> List.of(PodViews.of(pod)));

            assertThat(api.requests(Request::isWrite))
                    .extracting(write -> write.field("/status/error/message"))
                    .contains(told);
        }
    }

    /** What a job becomes whose worker has a probe and ended with 0 some seconds ago. */
    private static List<String> statesAfter(long seconds, Answer events) {
        try (var api = new StubApi(request -> request.path().contains("/events?") ? events : Answer.taken(request))) {
            var finished = Instant.now().minusSeconds(seconds).toString();
            var pod = endedByItself(finished, "")
                    .editSpec()
                    .editFirstContainer()
                    .withNewLivenessProbe()
                    .endLivenessProbe()
                    .endContainer()
                    .endSpec()
                    .build();
            new Parts(api).loop.handle(started(), () -> List.of(PodViews.of(pod)));
            return api.requests(Request::isWrite).stream()
                    .map(write -> write.field("/status/state"))
                    .filter(state -> !state.isEmpty())
                    .toList();
        }
    }

    /** What is written about a started job by an operator whose caches are empty, once these pods are gone and, maybe, {@code missed} for a while. */
    private static List<Request> writesWhen(boolean missed, Answer pod, Pod... gone) {
        try (var api =
                new StubApi(request -> request.path().endsWith("/pods/" + WORKER) ? pod : Answer.taken(request))) {
            var parts = new Parts(api);
            for (var one : gone) parts.observer.podGone(one, name -> Optional.of(started()));
            // Its pod has been missed for a while.
            if (missed)
                parts.observer
                        .deletedPods()
                        .mayStillCome(started(), Instant.now().minusSeconds(3));
            parts.loop.handle(started(), List::of);
            return api.requests(Request::isWrite);
        }
    }

    private static final class Parts {
        private final NamespaceShare looks = new NamespaceShare(1);
        private final List<SyncJob> looked = new ArrayList<>();
        private final Jobs jobs;
        private final JobObserver observer;
        private final JobLoop loop;

        Parts(StubApi api) {
            jobs = new Jobs(api.api());
            var reservations = new Reservations();
            var clock = InstantSource.system();
            var containment = new Containment(jobs, () -> {}, clock);
            var applier = new StepApplier(jobs, new Pods(api.api()), events(api), reservations);
            observer = JobLoopTest.observer(api, jobs, reservations, containment);
            loop = new JobLoop(jobs, observer, applier, reservations, containment, looks, looked::add, clock);
        }
    }

    private static Events events(StubApi api) {
        return new Events(api.api(), InstantSource.system(), System::nanoTime, Runnable::run, "operator-a");
    }

    private static JobObserver observer(StubApi api, Jobs jobs, Reservations reservations, Containment containment) {
        var index = new JobIndex(Duration.ZERO, Duration.ZERO);
        var settings = Settings.from(Map.of());
        var pods = new Pods(api.api());
        var workers = new WorkerWatch(
                index,
                new IndexThread(),
                new IndexFeed(index, Runnable::run, jobs, reservations),
                new Workers(api.api()),
                pods,
                settings,
                Runnable::run,
                InstantSource.system(),
                System::nanoTime,
                (namespace, name) -> {});
        return new JobObserver(
                QueueKey::builtIn,
                pods,
                events(api),
                reservations,
                new SlowReads(Runnable::run, new NamespaceShare(1), System::nanoTime),
                workers,
                containment,
                job -> {},
                settings,
                InstantSource.system());
    }

    private static SyncJob reserved() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        var job = StubApi.job("a", 2, spec, SyncJobStatus.NEW);
        var effective = Policies.effective(spec, SyncQueueSpec.BUILT_IN);
        job.setStatus(Statuses.after(job, new Step.Reserve(1, WORKER, effective), Instant.now()));
        return job;
    }

    private static SyncJob started() {
        return StubApi.job("a", 3, reserved().getSpec(), started(Instant.now()));
    }

    private static SyncJobStatus started(Instant when) {
        return Statuses.after(reserved(), new Step.Start(when, "worker"), when);
    }

    private static Pod endedPod() {
        return endedPod(Instant.now().toString(), "{\"done\": true}");
    }

    private static Pod endedPod(String finished, String message) {
        return new PodBuilder(runningPod())
                .editMetadata()
                .withDeletionTimestamp(finished)
                .withDeletionGracePeriodSeconds(1L)
                .endMetadata()
                .editStatus()
                .withContainerStatuses()
                .addNewContainerStatus()
                .withName("worker")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .withStartedAt(finished)
                .withFinishedAt(finished)
                .withMessage(message)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static PodBuilder endedByItself(String finished, String message) {
        return new PodBuilder(endedPod(finished, message))
                .editMetadata()
                .withDeletionTimestamp(null)
                .withDeletionGracePeriodSeconds(null)
                .endMetadata();
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
