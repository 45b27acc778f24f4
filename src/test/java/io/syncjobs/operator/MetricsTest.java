package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.kube.StubApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What Prometheus gets: always a whole page, or word that there is none. */
class MetricsTest {
    private static final int SCRAPES = 1_000;

    @Test
    void jobsAreCountedByQueueAndState() {
        var metrics = new Metrics();
        metrics.count(List.of(in("orders"), in("orders"), in("stock")), queue -> true);
        metrics.count(List.of(in("orders"), in("orders")), queue -> true);

        assertThat(metrics.page())
                .contains("syncjobs_jobs{namespace=\"shop\",queue=\"orders\",state=\"Pending\"} 2")
                .doesNotContain("stock");
    }

    @Test
    void whatRetentionDeletesIsCountedByState() {
        var metrics = new Metrics();
        metrics.deleted(State.FAILED);
        metrics.deleted(State.FAILED);

        assertThat(metrics.page()).contains("syncjobs_deleted_total{state=\"Failed\"} 2");
    }

    @Test
    void aPageIsWholeThoughTheJobsAreCountedMeanwhile() {
        var metrics = new Metrics();
        var jobs = List.of(in("orders"));
        var enough = new AtomicBoolean();
        var counting = CompletableFuture.runAsync(() -> {
            while (!enough.get()) metrics.count(jobs, queue -> true);
        });
        try {
            for (var i = 0; i < SCRAPES; i++) assertThat(metrics.page()).contains("syncjobs_enqueued_total");
        } finally {
            enough.set(true);
            counting.join();
        }
    }

    @Test
    void queuesThatDoNotExistHaveNoSeriesOfTheirOwn() {
        var metrics = new Metrics();
        metrics.count(
                List.of(in("orders"), in("no-1"), in("no-2")),
                queue -> queue.name().equals("orders"));

        assertThat(metrics.page())
                .contains("queue=\"orders\"")
                .contains("syncjobs_jobs{namespace=\"\",queue=\"\",state=\"Pending\"} 2")
                .doesNotContain("no-1");
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

    private static SyncJob in(String queue) {
        var spec = new SyncJobSpec(queue, "export.order", null, null, null, null, null, null);
        return StubApi.job("a", 1, spec, SyncJobStatus.NEW);
    }
}
