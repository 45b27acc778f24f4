package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.syncjobs.api.SyncJob;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watches of the library's client, against a server on a socket. */
@Timeout(60)
class DirectWatchesTest implements Watcher<SyncJob> {
    /** What a server does with a watch. */
    private interface Script {
        void answer(HttpExchange exchange) throws Exception;
    }

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final CompletableFuture<@Nullable WatcherException> closed = new CompletableFuture<>();
    private final CountDownLatch handled = new CountDownLatch(1);
    private HttpServer server;
    private KubernetesClient client;
    private volatile Script script = exchange -> exchange.sendResponseHeaders(500, -1);
    private volatile boolean slow;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            var direct = "syncjobs".equals(headers.getFirst("User-Agent")) && !headers.containsKey("Upgrade");
            requests.add((direct ? "direct " : "client ") + headers.getFirst("Authorization"));
            try (exchange) {
                script.answer(exchange);
            } catch (Exception e) {
                requests.add("broken: " + e);
            }
        });
        server.start();
        client = Client.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withOauthToken("one")
                .withWatchReconnectInterval(10)
                .withRequestRetryBackoffLimit(0)
                .build());
    }

    @AfterEach
    void stop() {
        handled.countDown();
        client.close();
        server.stop(0);
    }

    @Override
    public void eventReceived(Action action, SyncJob job) {
        if (slow) awaitHandled();
        told.add(
                action + " " + job.getMetadata().getName() + " " + job.getSpec().action());
    }

    private void awaitHandled() {
        try {
            handled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onClose() {
        closed.complete(null);
    }

    @Override
    public void onClose(WatcherException cause) {
        closed.complete(cause);
    }

    private static byte[] event(String name, int version, String action) {
        return """
                {"type":"ADDED","object":{"apiVersion":"syncjobs.io/v1alpha1","kind":"SyncJob","metadata":{"name":"%s",\
                "namespace":"shop","uid":"uid-%1$s","resourceVersion":"%d"},"spec":{"action":"%s"}}}
                """.formatted(name, version, action).getBytes(UTF_8);
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
    }

    private static void send(HttpExchange exchange, byte[] bytes) throws IOException {
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
    }

    private String next(BlockingQueue<String> queue) throws InterruptedException {
        return String.valueOf(queue.poll(20, TimeUnit.SECONDS));
    }

    /** A letter of two bytes may arrive in two parts. */
    @Test
    void eventsArriveOneAfterTheOtherHoweverTheyAreCut() throws Exception {
        var second = event("b", 8, "täglich");
        var within = new String(second, UTF_8).indexOf('ä') + 1;
        script = exchange -> {
            begin(exchange);
            send(exchange, event("a", 7, "export"));
            send(exchange, Arrays.copyOf(second, within));
            assertThat(next(told)).isEqualTo("ADDED a export");
            send(exchange, Arrays.copyOfRange(second, within, second.length));
            handled.await();
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            assertThat(next(told)).isEqualTo("ADDED b täglich");
            assertThat(next(requests)).isEqualTo("direct Bearer one");
        }
        assertThat(closed.get(20, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aWatchThatEndsIsBegunAgain() throws Exception {
        script = exchange -> {
            begin(exchange);
            send(exchange, event("a", 7, "export"));
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            assertThat(next(requests)).startsWith("direct");
            assertThat(next(requests)).startsWith("direct");
            assertThat(next(told)).isEqualTo("ADDED a export");
            assertThat(next(told)).isEqualTo("ADDED a export");
        }
    }

    @Test
    void whoClosesTheWatchClosesItsConnection() throws Exception {
        var gone = new CompletableFuture<Boolean>();
        script = exchange -> {
            begin(exchange);
            try {
                while (true) send(exchange, event("a", 7, "export"));
            } catch (IOException e) {
                gone.complete(true);
            }
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            assertThat(next(told)).isEqualTo("ADDED a export");
        }
        assertThat(gone.get(20, TimeUnit.SECONDS)).isTrue();
    }

    /** The API server does not know this version any more: the library lists again. */
    @Test
    void aRefusalIsToldInTheClientsOwnWay() throws Exception {
        script = exchange -> {
            var status =
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410,\"reason\":\"Expired\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(410, status.length);
            exchange.getResponseBody().write(status);
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            assertThat(closed.get(20, TimeUnit.SECONDS)).isNotNull();
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining("410");
        }
        assertThat(next(requests)).startsWith("direct");
        assertThat(next(requests)).startsWith("client");
    }

    /** A pod may have a megabyte of letters for which JSON takes six bytes each. */
    @Test
    void anEventOfNineMegabytesIsOneAsAnyOther() throws Exception {
        script = exchange -> {
            begin(exchange);
            send(exchange, event("a", 7, "\\u003c".repeat(1_500_000)));
            handled.await();
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            assertThat(next(told)).startsWith("ADDED a <<<").hasSizeGreaterThan(1_500_000);
        }
    }

    /** Whatever the API server tells meanwhile stays where it is, and not in this process. */
    @Test
    void oneEventIsHandedOverBeforeTheNext() throws Exception {
        slow = true;
        var written = new LinkedBlockingQueue<Integer>();
        var padding = "x".repeat(1 << 20);
        script = exchange -> {
            begin(exchange);
            for (var number = 0; number < 64; number++) {
                send(exchange, event("a" + number, 7 + number, padding));
                written.add(number);
            }
        };
        try (var _ = client.resources(SyncJob.class).inNamespace("shop").watch(this)) {
            while (written.poll(1, TimeUnit.SECONDS) != null) {
                // as long as it takes more
            }
            assertThat(requests).hasSize(1);
            assertThat(told).isEmpty();
            slow = false;
            handled.countDown();
            for (var number = 0; number < 64; number++) assertThat(next(told)).startsWith("ADDED a" + number + " x");
        }
    }
}
