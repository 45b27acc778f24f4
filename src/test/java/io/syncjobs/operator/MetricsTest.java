package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.kube.StubApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Prometheus gets: always a whole page, or word that there is none. */
class MetricsTest {
    private static final int SCRAPES = 1_000;
    private static final Instant NOW = Instant.parse("2027-01-31T22:00:00Z");
    private static final QueueKey ORDERS = new QueueKey("shop", "orders");
    private static final Pattern SERIES = Pattern.compile("\\bsyncjobs_[a-z_]+");

    @Test
    void jobsAreCountedByQueueAndState() {
        var metrics = new Metrics(() -> NOW);
        metrics.count(index(List.of("orders", "stock"), "orders", "orders", "stock"));
        metrics.count(index(List.of("orders"), "orders", "orders"));

        assertThat(metrics.page())
                .contains("syncjobs_jobs{namespace=\"shop\",queue=\"orders\",state=\"Pending\"} 2")
                .doesNotContain("stock");
    }

    /** Anybody in the cluster may ask for the page, as often as he likes. */
    @Test
    void whoeverScrapesHoldsUpNeitherOthersNorTheEnqueuersThread() throws InterruptedException {
        var metrics = new Metrics(() -> NOW);
        var before = metrics.page();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        metrics.droppedEvents(m -> {
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        });
        var slow = Thread.ofVirtual().start(metrics::page);
        asked.await();

        assertThat(metrics.page()).isEqualTo(before);
        assertThat(metrics.count(index(List.of("orders")))).isFalse();
        go.countDown();
        slow.join();
        assertThat(metrics.count(index(List.of("orders")))).isTrue();
    }

    @Test
    void ofThousandsOfQueuesInANamespaceOnlySomeHaveSeries() {
        var metrics = new Metrics(() -> NOW);
        var many = IntStream.range(0, 5_000)
                .mapToObj(i -> "queue-%04d".formatted(i))
                .toList();
        metrics.count(index(many, "queue-4999"));
        metrics.written(in("queue-4999"), ended(State.DONE, "Completed"));

        assertThat(metrics.page())
                .contains("syncjobs_queue_capacity{namespace=\"shop\",queue=\"queue-0000\"}")
                .contains("syncjobs_queues_without_series{namespace=\"shop\"} 4500")
                .doesNotContain("queue-4999");
    }

    @Test
    void aStepThatGivesPlacesIsAPassAndTakesItsTime() {
        var metrics = new Metrics(() -> NOW);
        metrics.timed(() -> Duration.ZERO);
        assertThat(metrics.page()).contains("syncjobs_pass_seconds_count 0");

        var next = metrics.timed(() -> {
            metrics.passed();
            return Duration.ofSeconds(3);
        });

        assertThat(next).isEqualTo(Duration.ofSeconds(3));
        assertThat(metrics.page()).contains("syncjobs_pass_seconds_count 1", "syncjobs_passes_total 1.0");
    }

    @Test
    void whatRetentionDeletesIsCountedByState() {
        var metrics = new Metrics(() -> NOW);
        metrics.count(index(List.of("orders"), "orders"));
        metrics.deleted(ORDERS, State.DONE);
        metrics.deleted(ORDERS, State.DONE);

        assertThat(metrics.page())
                .contains("syncjobs_deleted_total{namespace=\"shop\",queue=\"orders\",state=\"Done\"} 2");
    }

    @Test
    void jobsThatNameQueuesWhichDoNotExistMakeNoSeriesForThem() {
        var metrics = new Metrics(() -> NOW);
        var misspelt = IntStream.range(0, 10_000).mapToObj(i -> "misspelt-" + i).toList();
        metrics.count(index(List.of("orders"), misspelt.toArray(String[]::new)));
        for (var queue : misspelt) metrics.written(in(queue), ended(State.DONE, "Completed"));
        var lines = metrics.page().lines().count();
        metrics.deleted(new QueueKey("shop", misspelt.getFirst()), State.DONE);

        assertThat(metrics.page())
                .doesNotContain("misspelt")
                .contains("syncjobs_jobs_without_queue{namespace=\"shop\"} 10000");
        assertThat(metrics.page().lines().count()).isEqualTo(lines).isLessThan(200);
    }

    @Test
    void aQueueThatIsDeletedTakesItsSeriesWithIt() {
        var metrics = new Metrics(() -> NOW);
        metrics.count(index(List.of("orders"), "orders"));
        metrics.written(in("orders"), ended(State.FAILED, "JobFailed"));
        assertThat(metrics.page())
                .contains(
                        "syncjobs_finished_total{namespace=\"shop\",queue=\"orders\",reason=\"JobFailed\",state=\"Failed\"} 1.0")
                .contains("syncjobs_run_seconds_count{namespace=\"shop\",queue=\"orders\"} 1");

        metrics.count(index(List.of(), "orders"));

        assertThat(metrics.page()).doesNotContain("orders");
    }

    @Test
    void capacityUseAndAgeOfTheOldestDueJobAreThoseOfNow() {
        var metrics = new Metrics(() -> NOW);
        var index = index(List.of("orders"), "orders");
        for (var pod : List.of("x", "y", "z")) index.see(new PodEntry(pod, pod, "uid", ORDERS, 1, 1, true));
        metrics.count(index);

        var age = Duration.between(Instant.parse(in("orders").getMetadata().getCreationTimestamp()), NOW)
                .toSeconds();
        assertThat(metrics.page())
                .contains("syncjobs_queue_capacity{namespace=\"shop\",queue=\"orders\"} 7")
                .contains("syncjobs_queue_running{namespace=\"shop\",queue=\"orders\"} 0")
                .contains("syncjobs_queue_oldest_due_age_seconds{namespace=\"shop\",queue=\"orders\"} " + (double) age)
                .contains("syncjobs_objects{kind=\"Pod\"} 3");
    }

    @Test
    void everyFamilySaysWhatItIsAndIsInTheDocumentation() throws IOException {
        var page = full();
        var documented = Files.readString(Path.of("docs/metrics.md"));

        for (var line : page.lines().filter(l -> l.startsWith("# TYPE ")).toList()) {
            var family = line.substring("# TYPE ".length(), line.lastIndexOf(' '));
            assertThat(page).as(family).containsPattern("# HELP " + family + " \\S");
            assertThat(documented).as("docs/metrics.md").contains("`" + family.replaceFirst("_(max)$", ""));
        }
    }

    /** Whatever alerts and dashboard ask for is there to be asked for. */
    @Test
    void alertsAndDashboardAskForSeriesThatExist() throws IOException {
        var page = full();
        for (var file : List.of("alerts.yaml", "dashboard.json")) {
            var text = Files.readString(Path.of("helm/syncjobs/files", file));
            var names = SERIES.matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList();
            assertThat(names)
                    .as(file)
                    .hasSizeGreaterThan(5)
                    .allSatisfy(name -> assertThat(page).containsPattern("(?m)^" + name + "[ {]"));
        }
    }

    @Test
    void eachAlertIsProvokedByATest() throws IOException {
        var alerts = Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(Path.of("helm/syncjobs/files/alerts.yaml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        var tests = Files.readString(Path.of("src/test/prometheus/alerts-test.yaml"));

        assertThat(alerts)
                .hasSizeGreaterThan(5)
                .allSatisfy(alert ->
                        assertThat(tests).containsPattern("alertname: " + alert + "\\n\\s+exp_alerts:\\n\\s+- "));
    }

    /** A page with every family on it. */
    static String full() {
        var metrics = new Metrics(() -> NOW);
        var framework = metrics.framework();
        var of = Map.<String, Object>of("controller.name", "syncjobreconciler");
        framework.reconciliationSucceeded(in("orders"), of);
        framework.reconciliationFailed(in("orders"), null, new IllegalStateException("says the test"), of);
        framework.eventReceived(new Event(new ResourceID("a", "shop")), of);
        var index = index(List.of("orders"), "orders", "none");
        index.workers().see(new PoolKey("shop", "warm"), new PoolSpec(1, 4, Duration.ofMinutes(5), ""));
        index.workers()
                .see(new WorkerPod("shop", "warm-1", "uid", "warm", 1, "node", "handler", Optional.empty(), false));
        metrics.count(index);
        metrics.written(in("orders"), ended(State.DONE, "Completed"));
        metrics.deleted(ORDERS, State.DONE);
        metrics.answered("PATCH", 200);
        metrics.passed();
        metrics.round(Duration.ofMillis(3));
        return metrics.page();
    }

    @Test
    void aPageIsWholeThoughTheJobsAreCountedMeanwhile() {
        var metrics = new Metrics(() -> NOW);
        var jobs = index(List.of("orders"), "orders");
        var enough = new AtomicBoolean();
        var counting = CompletableFuture.runAsync(() -> {
            while (!enough.get()) metrics.count(jobs);
        });
        try {
            for (var i = 0; i < SCRAPES; i++) assertThat(metrics.page()).contains("syncjobs_scheduler_healthy");
        } finally {
            enough.set(true);
            counting.join();
        }
    }

    @Test
    void aPageThatFailsIsAnAnswerToo() throws Exception {
        try (var http = new HttpEndpoints(0, 0, () -> false, () -> {
            throw new IllegalStateException("says the test");
        })) {
            assertThat(get(http.metricsPort(), "/metrics").statusCode()).isEqualTo(500);
            assertThat(get(http.metricsPort(), "/metrics").body()).contains("log");
            assertThat(get(http.healthPort(), "/metrics").statusCode()).isEqualTo(404);
            assertThat(get(http.healthPort(), "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(http.healthPort(), "/healthz").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    /** Queues that exist, and a job in each of the others. */
    private static JobIndex index(List<String> existing, String... queues) {
        var index = new JobIndex(Duration.ZERO, Duration.ZERO);
        for (var name : existing)
            index.see(new QueueKey("shop", name), new SyncQueueSpec(7, null, null, null, null), 1);
        for (var i = 0; i < queues.length; i++) {
            index.see(JobEntry.of(StubApi.job("job-" + i, 1, spec(queues[i]), SyncJobStatus.NEW)));
        }
        return index;
    }

    private static SyncJobStatus ended(State state, String reason) {
        var text = """
                {"state": "%s", "reason": "%s", "attempt": 1, "startedTime": "%3$s", "finishedTime": "%4$s",
                 "history": [{"attempt": 1, "outcome": "%1$s", "startedTime": "%3$s", "finishedTime": "%4$s"}]}""".formatted(state, reason, NOW.minusSeconds(20), NOW);
        return Serialization.unmarshal(text, SyncJobStatus.class);
    }

    private static SyncJob in(String queue) {
        return StubApi.job("a", 1, spec(queue), SyncJobStatus.NEW);
    }

    private static SyncJobSpec spec(String queue) {
        return new SyncJobSpec(queue, "export.order", null, null, null, null, null, null);
    }
}
