package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.kube.StubApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What Prometheus gets: always a whole page, or word that there is none. */
class MetricsTest {
    private static final int SCRAPES = 1_000;

    @Test
    void jobsAreCountedByQueueAndState() {
        var metrics = new Metrics();
        metrics.count(queues("orders", "orders", "stock"));
        metrics.count(queues("orders", "orders"));

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
        var jobs = queues("orders");
        var enough = new AtomicBoolean();
        var counting = CompletableFuture.runAsync(() -> {
            while (!enough.get()) metrics.count(jobs);
        });
        try {
            for (var i = 0; i < SCRAPES; i++) assertThat(metrics.page()).contains("syncjobs_enqueued_total");
        } finally {
            enough.set(true);
            counting.join();
        }
    }

    @Test
    void aPageThatFailsIsAnAnswerToo() throws Exception {
        try (var http = new HttpEndpoints(0, () -> false, () -> {
            throw new IllegalStateException("says the test");
        })) {
            assertThat(get(http, "/metrics").statusCode()).isEqualTo(500);
            assertThat(get(http, "/metrics").body()).contains("log");
            assertThat(get(http, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(http, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(HttpEndpoints http, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + http.port() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    /** The queues of as many jobs. */
    private static Collection<QueueIndex> queues(String... names) {
        var index = new JobIndex(Duration.ZERO, Duration.ZERO);
        for (var i = 0; i < names.length; i++) {
            var spec = new SyncJobSpec(names[i], "export.order", null, null, null, null, null, null);
            index.see(JobEntry.of(StubApi.job("job-" + i, 1, spec, SyncJobStatus.NEW)));
        }
        return index.queues().values();
    }
}
