package io.syncjobs.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * /healthz: the process works; /readyz: its watches are synchronised; /metrics, on a port of its own: for Prometheus. Never tied
 * to a backlog. Whoever floods one port does not reach the other.
 */
final class HttpEndpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

    private record Answer(int code, String text) {}

    /** The server reads its bounds once, when it is first used: connections of each port, seconds for a request and its answer. */
    private static final Map<String, String> BOUNDS = Map.of(
            "jdk.httpserver.maxConnections", "64",
            "sun.net.httpserver.maxIdleConnections", "16",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30");

    static {
        BOUNDS.forEach(System::setProperty);
    }

    private final HttpServer probes;
    private final HttpServer metrics;

    /** Serves at once; port 0 is any free one. */
    HttpEndpoints(int healthPort, int metricsPort, BooleanSupplier ready, Supplier<String> page) throws IOException {
        probes = start(healthPort);
        metrics = start(metricsPort);
        serve(probes, "/healthz", () -> new Answer(200, "ok\n"));
        serve(
                probes,
                "/readyz",
                () -> ready.getAsBoolean()
                        ? new Answer(200, "ok\n")
                        : new Answer(503, "the watches are not synchronised yet\n"));
        serve(metrics, "/metrics", () -> new Answer(200, page.get()));
    }

    private static HttpServer start(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), 0);
        // One caller that is slow, or says nothing, must not keep the others waiting.
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    int healthPort() {
        return probes.getAddress().getPort();
    }

    int metricsPort() {
        return metrics.getAddress().getPort();
    }

    private static void serve(HttpServer server, String path, Supplier<Answer> answer) {
        server.createContext(path, exchange -> send(exchange, orTheFailure(path, answer)));
    }

    /** The server itself would close the connection without a word, here and in the log. */
    private static Answer orTheFailure(String path, Supplier<Answer> answer) {
        try {
            return answer.get();
        } catch (RuntimeException e) {
            LOG.error("{} cannot be answered", path, e);
            return new Answer(500, "failed; the operator's log says why\n");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            var bytes = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(answer.code(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        probes.stop(0);
        metrics.stop(0);
    }
}
