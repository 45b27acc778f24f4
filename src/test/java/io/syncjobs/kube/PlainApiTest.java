package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API server over the JDK's client, and the watch of a worker's jobs, against a server on a socket. */
class PlainApiTest implements WorkerJobs.Listener {
    /** What a server does with a request. */
    private interface Script {
        void answer(HttpExchange exchange, String target) throws IOException;
    }

    @TempDir
    private Path folder;

    private HttpServer server;
    private PlainApi api;
    private long nanos;
    private volatile Script script = (exchange, target) -> send(exchange, 404, "");
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<SyncJob> jobs = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var target = URLDecoder.decode(exchange.getRequestURI().toString(), UTF_8);
            requests.add(exchange.getRequestMethod() + " " + target);
            ports.add(exchange.getRemoteAddress().getPort());
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            try (exchange) {
                script.answer(exchange, target);
            }
        });
        server.start();
        Files.writeString(folder.resolve("token"), "one\n");
        var address = "http://127.0.0.1:" + server.getAddress().getPort();
        api = new PlainApi(new ClusterAccess(address, folder, () -> nanos), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String job(String name, int version, String state) {
        return """
                {"metadata": {"name": "%s", "namespace": "shop", "uid": "uid-%1$s", "resourceVersion": "%d"},\
                 "spec": {"action": "export.order", "payload": {"order": 1042}},\
                 "status": {"state": %s, "worker": "pod-1"}}""".formatted(name, version, state);
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private void answering(String list, String watch) {
        script = (exchange, target) -> send(exchange, 200, target.contains("watch=1") ? watch : list);
    }

    @Override
    public void listed(List<SyncJob> all) {
        told.add(
                "listed " + all.stream().map(job -> job.getMetadata().getName()).toList());
        jobs.addAll(all);
    }

    @Override
    public void changed(SyncJob job) {
        told.add(JobFields.statusOf(job).state() + " " + job.getMetadata().getName());
        jobs.add(job);
    }

    @Override
    public void left(SyncJob job) {
        told.add("left " + job.getMetadata().getName());
    }

    private WorkerJobs watch() {
        return new WorkerJobs(api, () -> nanos, "shop", "pod-1");
    }

    @Test
    void aPatchSaysWhoWritesAndIsSentOnce() {
        script = (exchange, target) -> {
            if (exchange.getRequestMethod().equals("PATCH")) send(exchange, 500, "oops");
        };

        assertThatThrownBy(() -> api.patch("/apis/x", new byte[] {'{', '}'}))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(500));
        assertThat(requests).containsExactly("PATCH /apis/x?fieldManager=syncjobs&fieldValidation=Ignore");
    }

    @Test
    void aRefusalHasTheWordsOfTheApiServer() {
        script = (exchange, target) ->
                send(exchange, 409, "{\"message\": \"the object has been modified\", \"reason\": \"Conflict\"}");

        assertThatThrownBy(() -> api.get("/apis/x"))
                .hasMessage("the object has been modified")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());
    }

    @Test
    void aConnectionThatBreaksLeavesOpenWhatWasDone() {
        script = (exchange, target) -> {
            throw new IOException("the server falls over");
        };

        assertThatThrownBy(() -> api.patch("/apis/x", new byte[0]))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.mayHaveBeenDone()).isTrue());
    }

    @Test
    void aConnectionIsKeptForTheNextRequestWhateverTheAnswerWas() {
        script = (exchange, target) -> send(exchange, target.endsWith("/no") ? 409 : 200, "{}");

        api.get("/apis/x");
        assertThatThrownBy(() -> api.get("/apis/no")).isInstanceOf(ApiException.class);
        api.patch("/apis/x", new byte[] {'{', '}'});

        assertThat(ports).hasSize(3);
        assertThat(Set.copyOf(ports)).hasSize(1);
    }

    @Test
    void aConnectionWhoseAnswerWasNotReadToItsEndIsNotUsedAgain() {
        script = (exchange, target) -> send(exchange, 200, "x".repeat(100_000));

        api.get("/apis/x", 10);
        api.get("/apis/x", 10);

        assertThat(Set.copyOf(ports)).hasSize(2);
    }

    @Test
    @Timeout(15)
    void anAnswerThatDoesNotEndIsWaitedForNoLongerThanAllowed() {
        var over = new CompletableFuture<Boolean>();
        script = (exchange, target) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            over.join();
        };

        assertThatThrownBy(() -> api.get("/apis/x", 100, Duration.ofMillis(300)))
                .hasMessageContaining("no answer in time")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.mayHaveBeenDone()).isTrue());
        over.complete(true);
    }

    /** Its network goes in the middle of a request. */
    @Test
    void aRequestThatIsNotReadIsWaitedForNoLongerThanAllowed() throws IOException {
        try (var deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var access = new ClusterAccess("http://127.0.0.1:" + deaf.getLocalPort(), folder, () -> nanos);
            var hurried = new PlainApi(access, Duration.ofMillis(300));

            assertThat(CompletableFuture.runAsync(() -> hurried.patch("/a", new byte[16 * 1024 * 1024])))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ApiException.class);
        }
    }

    /** An API server behind a balancer restarts: the other ones would have answered. */
    @Test
    void aConnectionThatTheOtherSideHasClosedMeanwhileIsNotUsedAgain() throws Exception {
        try (var other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var answers = new LinkedBlockingQueue<Socket>();
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        var socket = other.accept();
                        var request = socket.getInputStream();
                        request.read(new byte[4096]);
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(UTF_8));
                        answers.add(socket);
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            var access = new ClusterAccess("http://127.0.0.1:" + other.getLocalPort(), folder, () -> nanos);
            var plain = new PlainApi(access, Duration.ofSeconds(20), (verb, code) -> {}, () -> nanos);
            plain.patch("/a", new byte[] {1});
            requireNonNull(answers.poll(20, TimeUnit.SECONDS)).close();
            nanos += Duration.ofMillis(1_100).toNanos(); // it is looked at only when it was idle for a second

            assertThat(plain.patch("/a", new byte[] {1})).hasSize(2);
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** A connection that leads nowhere. */
    @Test
    void aWatchThatIsSilentForTooLongBreaks() throws IOException {
        var over = new CompletableFuture<Boolean>();
        script = (exchange, target) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(event("BOOKMARK", "{}").getBytes(UTF_8));
            exchange.getResponseBody().flush();
            over.join();
        };
        try (var watch = api.stream("/apis/x?watch=1", Duration.ofMillis(300))) {
            assertThatThrownBy(watch::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            over.complete(true);
        }
    }

    @Test
    void whatIsCheapWithoutTheSecondCompilerIsOfferedFirst() {
        assertThat(Connection.cheapFirst(List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")))
                .containsExactly("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
    }

    @Test
    void anAnswerThatIsTooLongIsDropped() {
        script = (exchange, target) -> send(exchange, 200, "x".repeat(101));

        assertThat(api.get("/apis/x", 100)).isEmpty();
        assertThat(api.get("/apis/x", 101)).isPresent();
    }

    @Test
    void theTokenIsReadAgainWhenItIsOldOrRefused() throws IOException {
        script = (exchange, target) -> send(exchange, tokens.getLast().equals("Bearer two") ? 200 : 401, "{}");
        Files.writeString(folder.resolve("token"), "one");
        assertThatThrownBy(() -> api.get("/apis/x")).isInstanceOf(ApiException.class);
        Files.writeString(folder.resolve("token"), "two");

        api.get("/apis/x");

        assertThat(tokens).containsExactly("Bearer one", "Bearer one", "Bearer one", "Bearer two");
        Files.writeString(folder.resolve("token"), "three");
        script = (exchange, target) -> send(exchange, 200, "{}");
        api.get("/apis/x");
        nanos += Duration.ofSeconds(61).toNanos();
        api.get("/apis/x");
        assertThat(tokens.subList(4, 6)).containsExactly("Bearer two", "Bearer three");
    }

    @Test
    void jobsAreListedAndThenWatchedFromThereWithTheirPayloads() {
        answering(
                "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": [" + job("a", 40, "\"Enqueued\"") + "]}",
                event("ADDED", job("b", 42, "\"Enqueued\""))
                        + event("BOOKMARK", "{\"metadata\": {\"resourceVersion\": \"43\"}}")
                        + event("MODIFIED", job("b", 44, "\"Started\""))
                        + event("DELETED", job("a", 45, "\"Enqueued\"")));

        watch().follow(this);

        assertThat(told).containsExactly("listed [a]", "Enqueued b", "Started b", "left a");
        assertThat(jobs).allSatisfy(job -> assertThat(job.getSpec().payload()).hasToString("{\"order\":1042}"));
        assertThat(requests)
                .first()
                .asString()
                .contains(
                        "/namespaces/shop/syncjobs?limit=2&fieldSelector=status.worker=pod-1,status.state!=Done,status.state!=Failed,status.state!=Cancelled");
        assertThat(requests.getLast()).contains("watch=1", "allowWatchBookmarks=true", "resourceVersion=41");
    }

    /** Two hundred jobs of which each has nearly as much as the API server's store takes. */
    @Test
    void largeJobsAreListedInPagesThatAWorkersMemoryHolds() {
        var large = job("a", 40, "\"Enqueued\"")
                .replace(
                        "\"uid\"",
                        "\"annotations\": {\"erp.example/why\": \"" + "x".repeat(1_400_000) + "\"}, \"uid\"");
        script = (exchange, target) -> {
            if (target.contains("watch=1")) {
                send(exchange, 200, "");
                return;
            }
            var from = target.contains("continue=") ? Integer.parseInt(target.replaceAll(".*continue=", "")) : 0;
            var to = Math.min(200, from + Integer.parseInt(target.replaceAll(".*limit=(\\d+).*", "$1")));
            var next = to < 200 ? "\"continue\": \"" + to + "\"," : "";
            var items = String.join(",", Collections.nCopies(to - from, large));
            send(
                    exchange,
                    200,
                    "{\"metadata\": {" + next + "\"resourceVersion\": \"41\"}, \"items\": [" + items + "]}");
        };

        watch().follow(this);

        assertThat(jobs)
                .hasSize(200)
                .allSatisfy(job -> assertThat(job.getSpec().payload()).hasToString("{\"order\":1042}"));
        assertThat(requests)
                .hasSize(101)
                .filteredOn(request -> request.contains("limit="))
                .allSatisfy(request -> assertThat(request).contains("limit=2&"));
        assertThat(requests.getLast()).contains("watch=1", "resourceVersion=41");
    }

    @Test
    void aWatchThatBeganTooLongAgoIsOver() {
        answering(
                "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": []}",
                event("ERROR", "{\"kind\": \"Status\", \"code\": 410, \"reason\": \"Expired\"}")
                        + event("ADDED", job("b", 42, "\"Enqueued\"")));

        watch().follow(this);

        assertThat(told).containsExactly("listed []");
    }

    @Test
    void aJobThatCannotBeReadDoesNotHideTheOthers() {
        answering(
                "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": []}",
                event("ADDED", job("a", 42, "{\"odd\": 1}")) + event("ADDED", job("b", 43, "\"Enqueued\"")));

        watch().follow(this);

        assertThat(told).contains("Enqueued b");
    }

    @Test
    void anEventMayComeInAnyPieces() {
        var events = event("ADDED", job("ä", 42, "\"Enqueued\"")) + event("ADDED", job("b", 43, "\"Enqueued\""));
        script = (exchange, target) -> {
            if (!target.contains("watch=1")) {
                send(exchange, 200, "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": []}");
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            for (var one : events.getBytes(UTF_8)) {
                exchange.getResponseBody().write(one);
                exchange.getResponseBody().flush();
            }
        };

        watch().follow(this);

        assertThat(told).containsExactly("listed []", "Enqueued ä", "Enqueued b");
    }

    @Test
    void anEventWithoutEndIsNotKept() {
        script = (exchange, target) -> {
            if (!target.contains("watch=1")) {
                send(exchange, 200, "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": []}");
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            while (true) exchange.getResponseBody().write(new byte[65536]);
        };

        assertThatThrownBy(() -> watch().follow(this)).hasMessageContaining("an event is over 4194304 bytes");
    }

    @Test
    void aSilentWatchIsEnded() throws Exception {
        var open = new CompletableFuture<Boolean>();
        var over = new CompletableFuture<Boolean>();
        script = (exchange, target) -> {
            if (!target.contains("watch=1")) {
                send(exchange, 200, "{\"metadata\": {\"resourceVersion\": \"41\"}, \"items\": []}");
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody()
                    .write(event("ADDED", job("b", 42, "\"Enqueued\"")).getBytes(UTF_8));
            exchange.getResponseBody().flush();
            over.join();
        };
        var watch = watch();
        var ended = new CompletableFuture<Boolean>();
        Thread.ofVirtual().start(() -> {
            try {
                watch.follow(new WorkerJobs.Listener() {
                    @Override
                    public void listed(List<SyncJob> all) {}

                    @Override
                    public void changed(SyncJob job) {
                        open.complete(true);
                    }

                    @Override
                    public void left(SyncJob job) {}
                });
            } catch (ApiException e) {
                // as good as an end
            }
            ended.complete(true);
        });
        open.get(20, TimeUnit.SECONDS);
        nanos += Duration.ofSeconds(80).toNanos();
        watch.endWhereSilent();
        assertThat(ended).isNotDone();
        nanos += Duration.ofSeconds(11).toNanos();
        watch.endWhereSilent();

        assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
        over.complete(true);
    }
}
