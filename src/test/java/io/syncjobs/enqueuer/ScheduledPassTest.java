package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ScheduledPass.To;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Served;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A minute run that gives places. Of two warm workers one lives, the other is dead, and the Lease of neither says so. */
@Execution(ExecutionMode.CONCURRENT)
class ScheduledPassTest {
    private final AtomicInteger looks = new AtomicInteger();

    /** Only waiting takes time: a slow machine gets as many looks as a fast one. */
    private final Ticker ticker = new Ticker() {
        private final AtomicLong now = new AtomicLong();

        @Override
        public long nanos() {
            return now.get();
        }

        @Override
        public void sleep(Duration time) {
            now.addAndGet(time.toNanos());
        }
    };

    private volatile boolean fenced;

    @Test
    void aWorkerGetsJobsOnceItWasSeenRenewingAndADeadOneGetsNone() throws InterruptedException {
        try (var api = new StubApi(this::answer)) {
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.WORKERS, right(true)))
                    .hasValue(2);

            assertThat(written(api)).hasSize(2).allSatisfy(write -> {
                assertThat(write.field("/status/worker")).isEqualTo("alive");
                assertThat(write.field("/status/state")).isEqualTo("Enqueued");
                assertThat(write.field("/status/effective/workerPool")).isEqualTo("magento");
                assertThat(write.body().at("/status/attempt").asInt()).isEqualTo(1);
            });
        }
    }

    @Test
    void nothingIsWrittenBeforeTheApiServerTakesPlacesFromThisProcess() throws InterruptedException {
        fenced = true;
        try (var api = new StubApi(this::answer)) {
            assertThat(pass(api, Duration.ofSeconds(2)).give(To.WORKERS, right(true)))
                    .isEmpty();
            assertThat(written(api)).isEmpty();
        }
    }

    @Test
    void whoHasLostTheLeaseGivesNothing() throws InterruptedException {
        try (var api = new StubApi(this::answer)) {
            assertThat(pass(api, Duration.ofSeconds(2)).give(To.WORKERS, right(false)))
                    .hasValue(0);
            assertThat(written(api)).isEmpty();
        }
    }

    @Test
    void aJobOfItsOwnPodGetsThePlaceAloneAndTheOperatorReservesThePod() throws InterruptedException {
        try (var api =
                new StubApi(request -> request.path().contains("/syncqueues?") ? isolated(2) : answer(request))) {
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.PODS, right(true)))
                    .hasValue(2);

            assertThat(written(api)).hasSize(2).allSatisfy(write -> {
                assertThat(write.field("/status/state")).isEqualTo("Enqueued");
                assertThat(write.body().at("/status/effective").isObject()).isTrue();
                assertThat(write.body().at("/status/worker").isMissingNode()).isTrue();
            });
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.WORKERS, right(true)))
                    .as("a queue without a pool")
                    .hasValue(0);
        }
    }

    /** The write may still be done. The queue has one place, and another job that got it now would be one too many. */
    @Test
    void aPlaceWhoseWriteGotNoAnswerIsGivenToNobodyElse() throws InterruptedException {
        try (var api = new StubApi(request -> {
            if (request.path().contains("/syncqueues?")) return isolated(1);
            return request.isWrite() && !request.isDryRun() ? Answer.refusal(504, "Timeout") : answer(request);
        })) {
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.PODS, right(true)))
                    .hasValue(0);
            assertThat(written(api)).hasSize(1);
        }
    }

    /** For example one that is too large for any write. The queue has one place. */
    @Test
    void aJobThatCannotBeWrittenHoldsNoPlace() throws InterruptedException {
        for (var code : List.of(413, 409, 403)) {
            try (var api = new StubApi(request -> {
                if (request.path().contains("/syncqueues?")) return isolated(1);
                var refused = request.isWrite()
                        && !request.isDryRun()
                        && request.path().contains("/syncjobs/a/");
                return refused ? Answer.refusal(code, "Refused") : answer(request);
            })) {
                assertThat(pass(api, Duration.ofSeconds(3)).give(To.PODS, right(true)))
                        .as("%d", code)
                        .hasValue(1);
                assertThat(written(api))
                        .extracting(Request::path)
                        .anyMatch(path -> path.contains("/syncjobs/b/"))
                        .noneMatch(path -> path.contains("/syncjobs/c/"));
            }
        }
    }

    /** The API server has said nothing against this process, so the run has not failed. */
    @Test
    void whereAllJobsThatMayRunHaveJustChangedTheNextRunLooksAgain() throws InterruptedException {
        try (var api = new StubApi(request -> {
            if (request.path().contains("/syncqueues?")) return isolated(3);
            return request.isDryRun() ? Answer.refusal(409, "Conflict") : answer(request);
        })) {
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.PODS, right(true)))
                    .hasValue(0);
            assertThat(written(api)).isEmpty();
        }
    }

    private static Answer isolated(int capacity) {
        var queue = object("narrow", Map.of("capacity", capacity, "template", Map.of("spec", Map.of())));
        return Answer.object(Map.of("metadata", Map.of(), "items", List.of(queue)));
    }

    /** Without an operator their jobs wait, and those for workers must not wait with them. */
    @Test
    void aBacklogOfJobsForPodsKeepsNoJobFromAWorker() throws InterruptedException {
        try (var api = new StubApi(request -> {
            if (request.path().contains("/syncqueues?")) return twoQueues();
            return request.path().contains("/syncjobs?") ? manyForPods() : answer(request);
        })) {
            var seen = reader(api, Settings.from(Map.of()));
            assertThat(pass(seen, api, Duration.ofSeconds(3)).give(To.WORKERS, right(true)))
                    .hasValue(2);
            assertThat(written(api))
                    .allSatisfy(
                            write -> assertThat(write.field("/status/worker")).isEqualTo("alive"));
            var pods = Objects.requireNonNull(seen.index().queues().get(new QueueKey("shop", "default")));
            assertThat(pods.occupied()).as("nobody has given these places").isZero();
        }
    }

    private static Answer twoQueues() {
        var pods = object("default", Map.of("capacity", 100, "template", Map.of("spec", Map.of())));
        var workers = object("narrow", Map.of("capacity", 10, "workerPool", "magento"));
        return Answer.object(Map.of("metadata", Map.of(), "items", List.of(pods, workers)));
    }

    private static Answer manyForPods() {
        var spec = new SyncJobSpec("default", "export.order", null, 1, null, null, null, null);
        var pods = IntStream.range(0, 40).mapToObj(n -> StubApi.job("pod-" + n, 1, spec, SyncJobStatus.NEW));
        var workers = Stream.of("a", "b", "c").map(name -> waiting(name, 1));
        return Answer.object(Map.of(
                "metadata", Map.of(), "items", Stream.concat(pods, workers).toList()));
    }

    /** Whoever administers a namespace can take the rights in it away, or change a job all the time. */
    @Test
    void aNamespaceThatIsClosedAndAJobThatAlwaysChangesKeepNobodyElseFromWork() throws InterruptedException {
        var settings = Settings.from(Map.of("SYNCJOBS_WATCH_NAMESPACES", "closed,shop"));
        try (var api = new StubApi(request -> {
            if (request.path().contains("/namespaces/closed/")) return Answer.refusal(403, "Forbidden");
            if (request.isDryRun() && request.path().contains("/syncjobs/a/")) return Answer.refusal(409, "Conflict");
            return answer(request);
        })) {
            assertThat(pass(api, settings, Duration.ofSeconds(3)).give(To.WORKERS, right(true)))
                    .hasValue(2);
        }
    }

    /** A freeze of changes in one namespace, or somebody in it who changes all of its jobs all the time. */
    @ParameterizedTest
    @CsvSource({"403, Forbidden", "409, Conflict"})
    void aNamespaceOfWhichNoJobCanBeWrittenKeepsNoOtherFromItsPlaces(int code, String reason)
            throws InterruptedException {
        try (var api = new StubApi(request -> {
            if (request.path().contains("/syncqueues?")) return isolatedOf("frozen", "shop");
            if (request.path().contains("/syncjobs?")) return jobsOf(Map.of("frozen", 17, "shop", 2));
            if (request.path().contains("/namespaces/frozen/")) return Answer.refusal(code, reason);
            return answer(request);
        })) {
            assertThat(pass(api, Duration.ofSeconds(3)).give(To.PODS, right(true)))
                    .hasValue(2);
        }
    }

    private static Answer isolatedOf(String... namespaces) {
        var queues = Stream.of(namespaces)
                .map(namespace -> Map.of(
                        "metadata",
                        Map.of("name", "narrow", "namespace", namespace, "uid", "u", "resourceVersion", "3"),
                        "spec",
                        Map.of("capacity", 40, "template", Map.of("spec", Map.of()))))
                .toList();
        return Answer.object(Map.of("metadata", Map.of(), "items", queues));
    }

    private static Answer jobsOf(Map<String, Integer> namespaces) {
        var jobs = namespaces.entrySet().stream()
                .flatMap(namespace -> IntStream.range(0, namespace.getValue()).mapToObj(n -> {
                    var job = waiting(namespace.getKey() + "-" + n, 1);
                    job.getMetadata().setNamespace(namespace.getKey());
                    return job;
                }))
                .toList();
        return Answer.object(Map.of("metadata", Map.of(), "items", jobs));
    }

    private ScheduledPass pass(StubApi api, Duration watching) {
        return pass(api, Settings.from(Map.of()), watching);
    }

    private ScheduledPass pass(StubApi api, Settings settings, Duration watching) {
        return pass(reader(api, settings), api, watching);
    }

    private ScheduledPass pass(IndexReader seen, StubApi api, Duration watching) {
        return new ScheduledPass(seen, new Jobs(api.api()), InstantSource.system(), ticker, watching);
    }

    private static IndexReader reader(StubApi api, Settings settings) {
        var served = new Served(settings.watchNamespaces());
        return new IndexReader(api.api(), new Jobs(api.api()), served::each, settings);
    }

    private static List<Request> written(StubApi api) {
        return api.requests(request -> request.isWrite() && request.path().contains("/syncjobs/"));
    }

    private Answer answer(Request request) {
        if (request.isDryRun()) return fenced ? Answer.refusal(403, "not yours") : Answer.taken(request);
        if (!request.method().equals("GET")) return Answer.taken(request);
        return Answer.object(Map.of("metadata", Map.of(), "items", items(request.path())));
    }

    private List<?> items(String path) {
        if (path.contains("/syncjobs?"))
            return Stream.of("a", "b", "c").map(name -> waiting(name, 1)).toList();
        if (path.contains("/syncqueues?"))
            return List.of(object("narrow", Map.of("capacity", 10, "workerPool", "magento")));
        if (path.contains("/syncworkerpools?"))
            return List.of(object("magento", Map.of("replicas", 2, "slots", 2, "handler", Map.of("port", 8080))));
        if (path.contains("/leases?")) return List.of(lease("alive", looks.incrementAndGet()), lease("dead", 0));
        if (path.contains("/pods?") && path.contains("pool")) return List.of(pod("alive"), pod("dead"));
        return List.of();
    }

    private static Map<String, Object> object(String name, Map<String, Object> spec) {
        return Map.of(
                "metadata",
                Map.of("name", name, "namespace", "shop", "uid", "u", "resourceVersion", "3"),
                "spec",
                spec);
    }

    private static Map<String, Object> lease(String name, int renewals) {
        return Map.of(
                "metadata",
                        Map.of(
                                "name", name,
                                "namespace", "shop",
                                "resourceVersion", Integer.toString(10 + renewals),
                                "labels", Map.of("syncjobs.io/pool", "magento"),
                                "annotations", Map.of("syncjobs.io/slots", "2", "syncjobs.io/worker-state", "Ready")),
                "spec",
                        Map.of(
                                "holderIdentity",
                                "i",
                                "leaseDurationSeconds",
                                300,
                                "renewTime",
                                "2026-03-01T12:00:%02d.000000Z".formatted(renewals)));
    }

    private static Map<String, Object> pod(String name) {
        return Map.of(
                "metadata",
                        Map.of(
                                "name",
                                name,
                                "namespace",
                                "shop",
                                "uid",
                                "pod-" + name,
                                "resourceVersion",
                                "4",
                                "labels",
                                Map.of("syncjobs.io/pool", "magento")),
                "spec", Map.of("containers", List.of(Map.of("name", "handler"))),
                "status", Map.of("phase", "Running"));
    }

    private static ScheduledPass.Right right(boolean held) {
        return new ScheduledPass.Right() {
            @Override
            public boolean renew() {
                return held;
            }

            @Override
            public boolean isHeld() {
                return held;
            }
        };
    }
}
