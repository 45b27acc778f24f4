package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.placed;
import static io.syncjobs.enqueuer.GivenJobs.running;
import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A minute run that finds no operator: it tells the jobs so, as long as that is true. */
@Execution(ExecutionMode.CONCURRENT)
class ScheduledEnqueueTest {
    private static final int JOBS = 20;
    private static final int TOLD_BEFORE = 2;

    private volatile String operator = "";

    /** As the enqueuer's Lease says; none before it exists. */
    private volatile Optional<String> holder = Optional.empty();

    @Test
    void theEnqueuersLeaseIsFreeBeforeAnyJobIsToldThatNoOperatorRuns() throws InterruptedException {
        try (var api = new StubApi(this::answer)) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            var writes = api.requests(Request::isWrite);
            assertThat(writes.get(1).path()).contains("/syncleases/");
            assertThat(writes.get(1).body().at("/spec/holderIdentity").asText("none"))
                    .isEmpty();
            assertThat(told(api)).hasSize(JOBS);
        }
    }

    @Test
    void eachQueueIsToldThatItsNumbersAreNotThoseOfNow() throws InterruptedException {
        try (var api = new StubApi(this::answer)) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            var told = api.requests(request -> request.path().contains("/syncqueues/") && request.isWrite());
            assertThat(told)
                    .singleElement()
                    .satisfies(write -> assertThat(
                                    write.body().at("/status/conditions/0/type").asText())
                            .isEqualTo("OperatorRunning"));
        }
    }

    /** A minute run gave it a place, and the operator went away before it made a pod. */
    @Test
    void aJobThatHasAPlaceAndNoPodIsToldTooAndOneThatHasAPodIsNot() throws InterruptedException {
        try (var api = new StubApi(request -> request.path().contains("/syncjobs?")
                ? Answer.object(Map.of("metadata", Map.of(), "items", List.of(placed("placed"), running("running"))))
                : answer(request))) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(told(api))
                    .singleElement()
                    .satisfies(write -> assertThat(write.path()).endsWith("/placed/status"));
        }
    }

    @Test
    void onceAnOperatorIsBackNobodyIsToldThatNoneRuns() throws InterruptedException {
        try (var api = new StubApi(request -> {
            var answer = answer(request);
            if (request.path().endsWith("/job-" + TOLD_BEFORE + "/status")) operator = "operator-b";
            return answer;
        })) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(told(api)).hasSizeBetween(TOLD_BEFORE, JOBS / 2);
        }
    }

    /** Its worker could run it without an operator. */
    @Test
    void aJobThatAWarmWorkerWouldRunIsToldWhatItReallyWaitsFor() throws InterruptedException {
        try (var api = new StubApi(request ->
                request.path().contains("/syncqueues?") ? queue(Map.of("workerPool", "magento")) : answer(request))) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(told(api, "NoWorkers")).hasSize(JOBS);
            assertThat(told(api)).isEmpty();
        }
    }

    /** Its eta was edited while no operator ran. */
    @Test
    void aReasonWhoseDetailsAreLongOutOfDateIsToldAnew() throws InterruptedException {
        var old = waiting("old", 10);
        var later = new SyncJobSpec("narrow", "export.order", null, 10, "2099-01-01T00:00:00Z", null, null, null);
        var told = new Step.Explain(Reason.ETA_IN_FUTURE, "spec.eta is 2098-01-01T00:00:00Z");
        var job = StubApi.job("old", 2, later, Statuses.after(old, told, GivenJobs.NOW));
        try (var api =
                new StubApi(request -> request.path().contains("/syncjobs?") ? list(List.of(job)) : answer(request))) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(api.requests(request -> request.path().endsWith("/old/status")))
                    .singleElement()
                    .satisfies(
                            write -> assertThat(write.field("/status/message")).contains("2099"));
        }
    }

    /** Without its queues it would be told that they do not exist. */
    @Test
    void jobsOfANamespaceOfWhichAPartCannotBeReadAreToldNothing() throws InterruptedException {
        var settings = Settings.from(Map.of("SYNCJOBS_POD", "minute-run", "SYNCJOBS_WATCH_NAMESPACES", "half,shop"));
        try (var api = new StubApi(request -> {
            if (request.path().contains("/namespaces/half/syncqueues")) return Answer.refusal(403, "Forbidden");
            if (request.path().contains("/namespaces/half/syncjobs?")) return list(List.of(of("half")));
            return request.path().contains("/syncjobs?") ? list(List.of(of("shop"))) : answer(request);
        })) {
            new ScheduledEnqueue(api.api(), settings, InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(api.requests(request -> request.path().contains("/syncjobs/")))
                    .singleElement()
                    .satisfies(write -> assertThat(write.path()).contains("/namespaces/shop/"));
        }
    }

    private static SyncJob of(String namespace) {
        return of(namespace, 10);
    }

    private static SyncJob of(String namespace, int priority) {
        var job = waiting("job-" + priority + "-of-" + namespace, priority);
        job.getMetadata().setNamespace(namespace);
        return job;
    }

    /** The first of them has changed since it was read, the second is too large for any write. */
    @Test
    void aJobThatAcceptsNoReasonDoesNotKeepTheOthersFromTheirs() throws InterruptedException {
        try (var api = new StubApi(request -> {
            if (request.path().endsWith("/job-1/status")) return Answer.refusal(409, "Conflict");
            if (request.path().endsWith("/job-2/status")) return Answer.refusal(413, "RequestEntityTooLarge");
            return answer(request);
        })) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(told(api)).as("each of them is tried once").hasSize(JOBS);
        }
    }

    /** A webhook of one namespace is down, or does not answer in time. Each write there may take half a minute. */
    @ParameterizedTest
    @ValueSource(ints = {429, 500, 504})
    void aNamespaceThatTakesNoWriteKeepsNoOtherFromItsReasons(int code) throws InterruptedException {
        var jobs = IntStream.rangeClosed(1, 4)
                .mapToObj(number -> of(number < 4 ? "broken" : "shop", number))
                .toList();
        try (var api = new StubApi(request -> {
            if (request.path().contains("/namespaces/broken/") && request.isWrite())
                return Answer.refusal(code, "failed calling webhook");
            return request.path().contains("/syncjobs?") ? list(jobs) : answer(request);
        })) {
            new ScheduledEnqueue(api.api(), settings(), InstantSource.system(), Ticker.SYSTEM).run();

            assertThat(api.requests(request -> request.path().contains("/syncjobs/")))
                    .as("one try there, and the other namespace's job")
                    .extracting(Request::path)
                    .satisfiesExactly(
                            path -> assertThat(path).contains("/namespaces/broken/"),
                            path -> assertThat(path).contains("/namespaces/shop/"));
        }
    }

    private static List<Request> told(StubApi api) {
        return told(api, "OperatorNotRunning");
    }

    private static List<Request> told(StubApi api, String reason) {
        return api.requests(request -> request.path().contains("/syncjobs/")
                && request.field("/status/reason").equals(reason));
    }

    private static Settings settings() {
        return Settings.from(Map.of("SYNCJOBS_POD", "minute-run", "SYNCJOBS_REASON_WRITES_PER_SECOND", "5"));
    }

    private Answer answer(Request request) {
        var isLease = request.path().contains("/syncleases");
        if (!request.method().equals("GET")) {
            if (isLease) holder = Optional.of(request.field("/spec/holderIdentity"));
            return Answer.taken(request);
        }
        if (request.path().endsWith("/leases/syncjobs-operator")) {
            return Answer.object(Map.of(
                    "metadata",
                    Map.of("resourceVersion", "5"),
                    "spec",
                    Map.of("holderIdentity", operator, "renewTime", "")));
        }
        if (isLease) {
            return holder.map(name -> Answer.object(
                            Map.of("metadata", Map.of("resourceVersion", "5"), "spec", Map.of("holderIdentity", name))))
                    .orElse(Answer.refusal(404, "NotFound"));
        }
        return Answer.object(Map.of("metadata", Map.of(), "items", items(request.path())));
    }

    private static List<?> items(String path) {
        if (path.contains("/syncjobs?"))
            return IntStream.rangeClosed(1, JOBS)
                    .mapToObj(number -> waiting("job-" + number, number))
                    .toList();
        if (!path.contains("/syncqueues?")) return List.of();
        return List.of(queueObject(Map.of("capacity", JOBS, "template", Map.of("spec", Map.of()))));
    }

    private static Answer queue(Map<String, ?> spec) {
        return list(List.of(queueObject(spec)));
    }

    private static Answer list(List<?> items) {
        return Answer.object(Map.of("metadata", Map.of(), "items", items));
    }

    private static Map<String, ?> queueObject(Map<String, ?> spec) {
        return Map.of(
                "metadata",
                Map.of("name", "narrow", "namespace", "shop", "uid", "q", "resourceVersion", "3"),
                "spec",
                spec);
    }
}
