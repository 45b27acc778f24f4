package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus gets: always a whole page, or word that there is none. */
class MetricsTest {
    private static final int SCRAPES = 1_000;
    private static final Instant NOW = Instant.parse("2027-01-31T22:00:00Z");
    private static final Pattern SERIES = Pattern.compile("\\bsyncjobs_[a-z_]+");

    @Test
    void jobsAreCountedByQueueAndState() {
        var metrics = new Metrics();
        metrics.count(
                List.of(in("orders"), in("orders"), in("stock")), List.of(queue("orders"), queue("stock")), 0, NOW);
        metrics.count(List.of(in("orders"), in("orders")), List.of(queue("orders")), 0, NOW);

        assertThat(metrics.page())
                .contains("syncjobs_jobs{namespace=\"shop\",queue=\"orders\",state=\"Pending\"} 2")
                .doesNotContain("stock");
    }

    @Test
    void whatRetentionDeletesIsCountedByState() {
        var metrics = new Metrics();
        metrics.count(List.of(in("orders")), List.of(queue("orders")), 0, NOW);
        metrics.deleted(in("orders"));
        metrics.deleted(in("orders"));

        assertThat(metrics.page())
                .contains("syncjobs_deleted_total{namespace=\"shop\",queue=\"orders\",state=\"Pending\"} 2");
    }

    @Test
    void jobsThatNameQueuesWhichDoNotExistMakeNoSeriesForThem() {
        var metrics = new Metrics();
        var jobs = new ArrayList<SyncJob>();
        for (var i = 0; i < 10_000; i++) jobs.add(in("misspelt-" + i));
        metrics.count(jobs, List.of(queue("orders")), 0, NOW);
        for (var job : jobs) metrics.written(job, ended(State.DONE, "Completed"));
        var lines = metrics.page().lines().count();
        metrics.deleted(jobs.getFirst());

        assertThat(metrics.page())
                .doesNotContain("misspelt")
                .contains("syncjobs_jobs_without_queue{namespace=\"shop\"} 10000");
        assertThat(metrics.page().lines().count()).isEqualTo(lines).isLessThan(200);
    }

    @Test
    void aQueueThatIsDeletedTakesItsSeriesWithIt() {
        var metrics = new Metrics();
        metrics.count(List.of(in("orders")), List.of(queue("orders")), 0, NOW);
        metrics.written(in("orders"), ended(State.FAILED, "JobFailed"));
        assertThat(metrics.page())
                .contains(
                        "syncjobs_finished_total{namespace=\"shop\",queue=\"orders\",reason=\"JobFailed\",state=\"Failed\"} 1.0")
                .contains("syncjobs_run_seconds_count{namespace=\"shop\",queue=\"orders\"} 1");

        metrics.count(List.of(in("orders")), List.of(), 0, NOW);

        assertThat(metrics.page()).doesNotContain("orders");
    }

    @Test
    void capacityUseAndAgeOfTheOldestDueJobAreThoseOfNow() {
        var metrics = new Metrics();
        metrics.count(List.of(in("orders")), List.of(queue("orders")), 3, NOW);

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
        var metrics = new Metrics();
        metrics.framework();
        metrics.count(List.of(in("orders"), in("none")), List.of(queue("orders")), 1, NOW);
        metrics.written(in("orders"), ended(State.DONE, "Completed"));
        metrics.deleted(in("orders"));
        metrics.answered("PATCH", 200);
        metrics.passed(1);
        metrics.round(Duration.ofMillis(3));
        return metrics.page();
    }

    @Test
    void aPageIsWholeThoughTheJobsAreCountedMeanwhile() {
        var metrics = new Metrics();
        var jobs = List.of(in("orders"));
        var enough = new AtomicBoolean();
        var counting = CompletableFuture.runAsync(() -> {
            while (!enough.get()) metrics.count(jobs, List.of(queue("orders")), 0, NOW);
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

    private static SyncQueue queue(String name) {
        var queue = new SyncQueue();
        queue.getMetadata().setNamespace(in(name).getMetadata().getNamespace());
        queue.getMetadata().setName(name);
        queue.setSpec(new SyncQueueSpec(7, null, null, null, null));
        return queue;
    }

    private static SyncJobStatus ended(State state, String reason) {
        var text = """
                {"state": "%s", "reason": "%s", "attempt": 1, "startedTime": "%3$s", "finishedTime": "%4$s",
                 "history": [{"attempt": 1, "outcome": "%1$s", "startedTime": "%3$s", "finishedTime": "%4$s"}]}""".formatted(state, reason, NOW.minusSeconds(20), NOW);
        return Serialization.unmarshal(text, SyncJobStatus.class);
    }

    private static SyncJob in(String queue) {
        var spec = new SyncJobSpec(queue, "export.order", null, null, null, null, null, null);
        return StubApi.job("a", 1, spec, SyncJobStatus.NEW);
    }
}
