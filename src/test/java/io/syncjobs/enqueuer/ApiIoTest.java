package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Remedy;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.enqueuer.EnqueueIo.Kind;
import io.syncjobs.enqueuer.EnqueueIo.Listed;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.enqueuer.EnqueueIo.Places;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.lang.reflect.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent, and what an answer means for the index. */
class ApiIoTest {
    private static final String PATH = "/apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/a";

    private volatile Instant now = GivenJobs.NOW;
    private final Map<String, SyncJob> cache = new HashMap<>();
    private volatile Function<Request, Answer> answers = Answer::taken;
    private final StubApi api = new StubApi(request -> answers.apply(request));
    private final Jobs jobs = new Jobs(api.api());
    private final Reservations reservations = new Reservations();
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final IndexFeed feed = new IndexFeed(index, Runnable::run, jobs, reservations);
    private final ApiIo io = new ApiIo(
            api.api(),
            jobs,
            List.of(),
            (namespace, name) -> Optional.ofNullable(cache.get(name)),
            reservations,
            feed,
            Runnable::run,
            () -> now);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aPlaceIsWrittenUnderTheVersionThatWasDecidedOn() {
        var job = known(waiting("a", 10));

        var written = (Outcome.Written) admit(job, true);

        var write = api.requests(Request::isWrite).getFirst();
        assertThat(write.path()).isEqualTo(PATH + "/status");
        assertThat(write.field("/metadata/resourceVersion")).isEqualTo("1");
        assertThat(write.field("/status/state")).isEqualTo("Enqueued");
        assertThat(write.field("/status/worker")).startsWith("a-1-");
        assertThat(written.now().state()).isEqualTo(State.ENQUEUED);
        assertThat(written.now().version()).isEqualTo(2);
        assertThat(reservations.of(jobs.newest(job))).isInstanceOf(Reservation.Mine.class);
    }

    @Test
    void aPlanThatIsNoLongerValidSendsNothing() {
        var job = known(waiting("a", 10));

        assertThat(admit(job, false)).isInstanceOf(Outcome.Withheld.class);

        assertThat(api.requests(request -> true)).isEmpty();
        assertThat(reservations.uids()).isEmpty();
    }

    @Test
    void aJobThatIsNoLongerAsItWasDecidedOnIsReadAndNotWrittenTo() {
        var entry = JobEntry.of(known(waiting("a", 10)));
        cache.clear();
        var now = waiting("a", 10);
        now.getMetadata().setResourceVersion("5");
        answers = request -> Answer.object(now);

        assertThat(admit(entry, true)).isEqualTo(new Outcome.Refused(Refusal.CHANGED));

        assertThat(index.job("uid-a").orElseThrow().version()).isEqualTo(5);
        assertThat(api.requests(Request::isWrite)).isEmpty();
    }

    @Test
    void aJobThatIsGoneIsForgotten() {
        var entry = JobEntry.of(known(waiting("a", 10)));
        cache.clear();
        answers = request -> Answer.refusal(404, "NotFound");

        assertThat(admit(entry, true)).isEqualTo(new Outcome.Refused(Refusal.CHANGED));

        assertThat(index.job("uid-a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "409, Conflict, CHANGED",
        "404, NotFound, CHANGED",
        "403, Forbidden, FOR_NOW",
        "429, TooManyRequests, FOR_NOW",
        "413, RequestEntityTooLarge, FOR_GOOD",
        "500, InternalError, ",
        "504, Timeout, ",
    })
    void whatIsNotDoneIsToldFromWhatMayHaveBeenDone(int code, String reason, Refusal how) {
        var job = known(waiting("a", 10));
        answers = request -> Answer.refusal(code, reason);

        var outcome = admit(job, true);

        assertThat(outcome).isEqualTo(how == null ? new Outcome.Unknown() : new Outcome.Refused(how));
        assertThat(reservations.uids()).as("nobody waits for what may not come").isEmpty();
    }

    @Test
    void askingWritesNothing() {
        var job = known(waiting("a", 10));
        assertThat(this.<Boolean>await(then -> io.ask(admission(job), then))).isTrue();
        answers = request -> Answer.refusal(403, "Forbidden");
        assertThat(this.<Boolean>await(then -> io.ask(admission(job), then))).isFalse();

        assertThat(api.requests(Request::isDryRun)).hasSize(2);
        assertThat(api.requests(Request::isWrite)).isEmpty();
        assertThat(reservations.uids()).isEmpty();
    }

    /** Whoever waits for the places, or for the end of a sweep, would wait for ever. */
    @Test
    void whateverIsThrownWhileAllIsReadIsTold() {
        var broken = (Api)
                Proxy.newProxyInstance(Api.class.getClassLoader(), new Class<?>[] {Api.class}, (api, method, args) -> {
                    throw new StackOverflowError();
                });
        var failing = new ApiIo(
                broken,
                jobs,
                List.of(),
                (namespace, name) -> Optional.empty(),
                reservations,
                feed,
                Runnable::run,
                () -> now);

        assertThat(this.<Boolean>await(then -> failing.list(some -> {}, then))).isFalse();
        assertThat(this.<Boolean>await(then -> failing.readPlaces(places -> {}, () -> then.accept(true))))
                .isTrue();
    }

    @Test
    void onePlaceThatIsTakenEndsTheRefusals() {
        var job = known(waiting("a", 10));
        answers = request -> Answer.refusal(403, "Forbidden");
        for (var second = 0; second <= 65; second += 5) {
            this.<Boolean>await(then -> io.ask(admission(job), then));
            now = now.plusSeconds(5);
        }
        assertThat(io.isRefused()).isTrue();

        answers = Answer::taken;
        this.<Boolean>await(then -> io.ask(admission(job), then));

        assertThat(io.isRefused()).isFalse();
    }

    @Test
    void whyAJobWaitsIsWrittenWithWhatCanBeDone() {
        var job = known(waiting("a", 10));
        var why = wait(Reason.QUEUE_PAUSED, "queue narrow is paused");

        assertThat(explain(job, why)).isInstanceOf(Outcome.Written.class);

        var write = api.requests(Request::isWrite).getFirst();
        assertThat(write.field("/status/reason")).isEqualTo("QueuePaused");
        assertThat(write.field("/status/message")).startsWith("queue narrow is paused; it goes on with kubectl patch");
    }

    @Test
    void wordsThatStandAreNotReplaced() {
        var told = waiting("a", 10);
        told.setStatus(Statuses.after(told, new Step.Explain(Reason.RETRY_BACKOFF, "exit code 1"), GivenJobs.NOW));
        var job = known(told);

        assertThat(explain(job, wait(Reason.RETRY_BACKOFF, ""))).isInstanceOf(Outcome.Written.class);

        assertThat(api.requests(Request::isWrite))
                .noneMatch(write -> !write.field("/status/message").isEmpty());
    }

    @Test
    void whatTakesUpAPlaceIsReadPodsFirst() {
        answers = request -> Answer.object(Map.of(
                "metadata",
                Map.of(),
                "items",
                request.path().contains("/pods") ? List.of(StubApi.pod("p").build()) : List.of(waiting("a", 10))));

        var places =
                this.<Places>await(then -> io.readPlaces(then, () -> then.accept(new Places(List.of(), List.of()))));

        assertThat(places.jobs()).extracting(JobEntry::name).containsExactly("a");
        assertThat(places.pods()).extracting(PodEntry::name).containsExactly("p");
        var paths = api.requests(request -> true).stream().map(Request::path).toList();
        assertThat(paths.getFirst()).startsWith("/api/v1/pods?");
        assertThat(URLDecoder.decode(paths.getLast(), StandardCharsets.UTF_8))
                .contains("fieldSelector=status.state!=Pending,status.state!=Done");
    }

    @Test
    void aReadThatFailsIsTold() {
        answers = request -> Answer.refusal(403, "Forbidden");

        var failed =
                this.<String>await(then -> io.readPlaces(places -> then.accept("read"), () -> then.accept("failed")));

        assertThat(failed).isEqualTo("failed");
    }

    @Test
    void aListTellsNamesAndVersionsOfAllKindsAndWhetherItIsWhole() {
        answers = request -> Answer.object(Map.of("metadata", Map.of(), "items", List.of(waiting("a", 10))));
        var listed = new ArrayList<Listed>();

        assertThat(this.<Boolean>await(then -> io.list(listed::addAll, then))).isTrue();
        answers = request -> Answer.refusal(403, "Forbidden");
        assertThat(this.<Boolean>await(then -> io.list(listed::addAll, then))).isFalse();

        assertThat(listed).extracting(Listed::kind).containsExactly(Kind.POD, Kind.QUEUE, Kind.JOB);
        assertThat(listed.getLast()).isEqualTo(new Listed(Kind.JOB, "shop", "a", "uid-a", 1));
    }

    @Test
    void whatASweepFindsIsReadAnewOrForgotten() {
        answers = request -> Answer.object(waiting("b", 10));
        refreshed(
                new Listed(Kind.JOB, "shop", "b", "uid-b", 1),
                now -> now.job("uid-b").isPresent());

        answers = request -> Answer.refusal(404, "NotFound");
        index.see(new PodEntry("uid-p", "p", "uid-x", new QueueKey("shop", "narrow"), 1, 1, false));
        index.see(new QueueKey("shop", "wide"), SyncQueueSpec.BUILT_IN, 1);
        refreshed(
                new Listed(Kind.JOB, "shop", "b", "uid-b", 1),
                now -> now.job("uid-b").isEmpty());
        refreshed(
                new Listed(Kind.POD, "shop", "p", "uid-p", 1),
                now -> now.pod("uid-p").isEmpty());
        refreshed(
                new Listed(Kind.QUEUE, "shop", "wide", "", 1),
                now -> !now.queues().containsKey(new QueueKey("shop", "wide")));
    }

    /** The job is handled with the pods that the watch has shown, and this watch has missed what became of one. */
    @Test
    void whatASweepFindsOfAPodIsKnownToWhoHandlesItsJob() {
        var shown = ofJob("7");
        answers = request -> Answer.object(ofJob("8"));
        refreshed(
                new Listed(Kind.POD, "shop", "p", "pod-uid", 8),
                now -> now.pod("pod-uid").isPresent());
        assertThat(jobs.pods().newest("uid-a", List.of(PodViews.of(shown))))
                .extracting(PodView::version)
                .containsExactly("8");

        answers = request -> Answer.refusal(404, "NotFound");
        refreshed(
                new Listed(Kind.POD, "shop", "p", "pod-uid", 8),
                now -> now.pod("pod-uid").isEmpty());
        assertThat(jobs.pods().newest("uid-a", List.of(PodViews.of(shown)))).isEmpty();

        feed.podGone(shown);
        assertThat(jobs.uids()).isEmpty();
    }

    /** The pods of its jobs are made from the queue that the watch has shown, and this watch has missed what became of it. */
    @Test
    void whatASweepFindsOfAQueueIsKnownToWhoHandlesItsJobs() {
        var wide = new QueueKey("shop", "wide");
        var shown = queue("7");
        answers = request -> Answer.object(queue("8"));
        refreshed(
                new Listed(Kind.QUEUE, "shop", "wide", "", 8),
                now -> now.queues().containsKey(wide));
        assertThat(jobs.queues().newest(wide, Optional.of(shown)))
                .hasValueSatisfying(each ->
                        assertThat(each.getMetadata().getResourceVersion()).isEqualTo("8"));

        answers = request -> Answer.refusal(404, "NotFound");
        refreshed(
                new Listed(Kind.QUEUE, "shop", "wide", "", 8),
                now -> !now.queues().containsKey(wide));
        assertThat(jobs.queues().newest(wide, Optional.of(shown))).isEmpty();
    }

    private static SyncQueue queue(String version) {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withName("wide")
                .withNamespace("shop")
                .withUid("uid-wide")
                .withResourceVersion(version)
                .build());
        queue.setSpec(SyncQueueSpec.BUILT_IN);
        return queue;
    }

    private static Pod ofJob(String version) {
        return StubApi.pod("p")
                .editMetadata()
                .addToLabels(Names.JOB_UID, "uid-a")
                .addNewOwnerReference()
                .withUid("uid-a")
                .endOwnerReference()
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }

    @Test
    void aJobOfTheSameNameIsAnotherOne() {
        index.see(JobEntry.of(waiting("a", 10)));
        var other = waiting("a", 10);
        other.getMetadata().setUid("uid-other");
        answers = request -> Answer.object(other);

        refreshed(
                new Listed(Kind.JOB, "shop", "a", "uid-a", 1),
                now -> now.job("uid-a").isEmpty());

        assertThat(index.job("uid-other")).isPresent();
    }

    /** Known to cache and index. */
    private SyncJob known(SyncJob job) {
        cache.put(job.getMetadata().getName(), job);
        index.see(JobEntry.of(job));
        return job;
    }

    private Outcome admit(SyncJob job, boolean valid) {
        return admit(JobEntry.of(job), valid);
    }

    private Outcome admit(JobEntry job, boolean valid) {
        return await(then -> io.admit(Admission.toPod(job, SyncQueueSpec.BUILT_IN), () -> valid, then));
    }

    private Outcome explain(SyncJob job, Wait why) {
        return await(then -> io.explain(JobEntry.of(job), why, then));
    }

    private static Admission admission(SyncJob job) {
        return Admission.toPod(JobEntry.of(job), SyncQueueSpec.BUILT_IN);
    }

    private static Wait wait(Reason reason, String facts) {
        return new Wait(reason, facts, List.of(new Remedy.Resume("erp", "narrow")));
    }

    /** A refresh has no answer of its own: it is over when the index knows. */
    private void refreshed(Listed object, Predicate<JobIndex> until) {
        io.refresh(object);
        Awaitility.await().until(() -> until.test(index));
    }

    private <T> T await(Consumer<Consumer<T>> call) {
        var answer = new CompletableFuture<T>();
        call.accept(answer::complete);
        return Objects.requireNonNull(answer.orTimeout(30, SECONDS).join());
    }
}
