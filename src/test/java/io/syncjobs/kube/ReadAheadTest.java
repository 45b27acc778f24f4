package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.syncjobs.api.SyncJob;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadAheadTest {
    private static final int PAGES = 4;

    private final Map<String, CountDownLatch> asked = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final String payload = "{\"continue\":\"7\",\"list\":[1]}";
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        client = Client.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
    }

    @AfterEach
    void end() {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var query = exchange.getRequestURI().getRawQuery();
            synchronized (requests) {
                requests.add(query);
            }
            var page = page(query);
            latch(query.contains("labelSelector") ? "labelled " + page : "" + page)
                    .countDown();
            var body = list(page, query.contains("labelSelector") ? "labelled" : "order");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private CountDownLatch latch(String page) {
        return asked.computeIfAbsent(page, any -> new CountDownLatch(1));
    }

    private static int page(String query) {
        var at = query.indexOf("continue=");
        return at < 0 ? 0 : Character.digit(query.charAt(at + "continue=".length()), 10);
    }

    private byte[] list(int page, String name) {
        var token = page + 1 < PAGES ? "\"continue\":\"" + (page + 1) + "\"," : "";
        return ("{\"apiVersion\":\"syncjobs.io/v1alpha1\",\"items\":[{\"metadata\":{\"name\":\"" + name + "-" + page
                        + "\"},\"spec\":{\"action\":\"a\",\"payload\":" + payload + "}}],\"kind\":\"SyncJobList\","
                        + "\"metadata\":{" + token + "\"resourceVersion\":\"5\"}}")
                .getBytes(UTF_8);
    }

    private List<String> read(Optional<String> label, Optional<String> token) {
        var jobs = client.resources(SyncJob.class).inNamespace("erp");
        var options = new ListOptionsBuilder().withLimit(500L).withContinue(token.orElse(null));
        var list = label.isPresent() ? jobs.withLabel(label.get()).list(options.build()) : jobs.list(options.build());
        var names = new ArrayList<>(
                list.getItems().stream().map(job -> job.getMetadata().getName()).toList());
        var next = Optional.ofNullable(list.getMetadata().getContinue());
        if (next.isPresent()) names.addAll(read(label, next));
        return names;
    }

    @Test
    void theNextPageIsAskedForBeforeTheClientAsks() throws InterruptedException {
        var list = client.resources(SyncJob.class)
                .inNamespace("erp")
                .list(new ListOptionsBuilder().withLimit(500L).build());

        assertThat(list.getItems()).hasSize(1);
        assertThat(latch("1").await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void eachPageIsAskedForOnce() {
        assertThat(read(Optional.empty(), Optional.empty()))
                .containsExactly("order-0", "order-1", "order-2", "order-3");
        assertThat(requests).hasSize(PAGES);
    }

    /** Two lists of one path may have come to the same token. */
    @Test
    void aPageOfAnotherListIsNotTaken() throws InterruptedException {
        client.resources(SyncJob.class)
                .inNamespace("erp")
                .list(new ListOptionsBuilder().withLimit(500L).build());
        assertThat(latch("1").await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(read(Optional.of("shop"), Optional.of("1")))
                .containsExactly("labelled-1", "labelled-2", "labelled-3");
    }

    @Test
    void aListThatBeginsAgainTakesNothingOld() throws InterruptedException {
        client.resources(SyncJob.class)
                .inNamespace("erp")
                .list(new ListOptionsBuilder().withLimit(500L).build());
        assertThat(latch("1").await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(read(Optional.empty(), Optional.of("2"))).containsExactly("order-2", "order-3");
        assertThat(read(Optional.empty(), Optional.empty())).hasSize(PAGES);
    }

    /** On two cores the JDK's own pool has a single thread. */
    @Test
    void pagesThatTakeLongToReadHoldUpNoOtherList() throws InterruptedException {
        var readers = ForkJoinPool.getCommonPoolParallelism();
        var begun = new CountDownLatch(readers);
        var mayAnswer = new CompletableFuture<Boolean>();
        // Not a future: where a thread of the JDK's pool waits for one, the pool makes another thread.
        var mayEnd = new Semaphore(0);
        server.createContext("/long", exchange -> {
            mayAnswer.join();
            answer(exchange);
        });
        for (var i = 0; i < readers; i++) {
            var _ = pageOf("long" + i).thenRun(begun::countDown).thenRun(mayEnd::acquireUninterruptibly);
        }
        mayAnswer.complete(true);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(pageOf("other")).succeedsWithin(Duration.ofSeconds(10));

        mayEnd.release(readers);
    }

    private CompletableFuture<HttpResponse<byte[]>> pageOf(String kind) {
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(client.getMasterUrl() + kind + "?limit=500")
                .build();
        return http.sendAsync(request, byte[].class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "{'apiVersion':'v1','items':[{'a':1}],'kind':'L','metadata':{'continue':'abc','resourceVersion':'5'}} | continue=abc",
                "{'kind':'L','apiVersion':'v1','metadata':{'resourceVersion':'5','continue':'a-b_c='},'items':[{'a':1}]} | continue=a-b_c=",
                "{'apiVersion':'v1','items':[{'p':{'continue':'x'}}],'kind':'L','metadata':{'resourceVersion':'5'}} | none",
                "{'kind':'L','metadata':{'resourceVersion':'5'},'items':[{'p':{'continue':'x'}}]} | none",
                "{'kind':'L','metadata':{'continue':'','resourceVersion':'5'},'items':[{'p':{'continue':'x'}}]} | none",
                "{'items':[{'p':['a]']}],'metadata':{'continue':'abc'}} | continue=abc",
                "{'items':[],'metadata':{'continue':'a&watch=true'}} | none",
                "{'kind':'Status','metadata':{},'message':'no'} | none",
                "'' | none",
            })
    void whatIsTheNextPage(String list, String token) {
        var text = list.equals("''") ? "" : list.replace('\'', '"');

        assertThat(ReadAhead.token(text.getBytes(UTF_8)).orElse(null)).isEqualTo(token);
    }
}
