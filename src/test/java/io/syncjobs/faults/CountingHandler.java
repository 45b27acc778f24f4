package io.syncjobs.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncjobs.cluster.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler within the test: it outlives its agents, as the container beside them does, and counts by job and attempt. */
final class CountingHandler implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

    CountingHandler() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/jobs", this::handle);
        server.createContext("/cancel", this::cancel);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /**
     * The payload is what it does: {@code status} is answered, {@code wait} waits until it is told to end, but not again after a
     * person has requeued it.
     */
    private void handle(HttpExchange call) throws IOException {
        try (call) {
            var job = header(call, "SyncJob-Name");
            var attempt = attempt(call);
            count(calls, attempt);
            var todo = Json.read(new String(call.getRequestBody().readAllBytes(), UTF_8));
            if (todo.path("wait").asBoolean() && header(call, "Idempotency-Key").endsWith("-0")) {
                waiting.computeIfAbsent(attempt, name -> new CountDownLatch(1)).await();
                answer(call, 409, "told to end");
                return;
            }
            count(effects, job);
            if (todo.path("retryAfter").isNumber())
                call.getResponseHeaders()
                        .set("Retry-After", todo.path("retryAfter").asText());
            answer(call, todo.path("status").asInt(200), "done");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(HttpExchange call) throws IOException {
        try (call) {
            waiting.computeIfAbsent(attempt(call), name -> new CountDownLatch(1))
                    .countDown();
            answer(call, 200, "");
        }
    }

    private static void count(Map<String, AtomicInteger> counts, String what) {
        counts.computeIfAbsent(what, key -> new AtomicInteger()).incrementAndGet();
    }

    private static String attempt(HttpExchange call) {
        return header(call, "SyncJob-Name") + " " + header(call, "SyncJob-Attempt");
    }

    private static String header(HttpExchange call, String name) {
        return String.valueOf(call.getRequestHeaders().getFirst(name));
    }

    private static void answer(HttpExchange call, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
    }

    /** How often it was called for one attempt of a job, at most. */
    int mostCallsOfAnAttempt() {
        return most(calls);
    }

    /** How often it has done the work of a job, at most. */
    int mostEffectsOfAJob() {
        return most(effects);
    }

    /** How often it has done work that was done before. */
    int repeatedEffects() {
        return effects.values().stream().mapToInt(count -> count.get() - 1).sum();
    }

    private static int most(Map<String, AtomicInteger> counts) {
        return counts.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
