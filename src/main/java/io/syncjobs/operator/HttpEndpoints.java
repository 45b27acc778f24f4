package io.syncjobs.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncjobs.probe.ProbeServer;
import io.syncjobs.probe.ProbeServer.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The HTTP endpoints. /healthz says that the process works, and /readyz that its watches are synchronised; neither depends on the
 * backlog. /metrics, for Prometheus, has a port of its own, so that a flood of requests on one port does not reach the other.
 */
final class HttpEndpoints implements AutoCloseable {
    /**
     * Limits for connections of the metrics' port, and seconds for a request and for its answer. The JDK's server reads them once,
     * when it is first used.
     */
    private static final Map<String, String> BOUNDS = Map.of(
            "jdk.httpserver.maxConnections", "64",
            "sun.net.httpserver.maxIdleConnections", "16",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30");

    static {
        BOUNDS.forEach(System::setProperty);
    }

    private final ProbeServer probes;
    private final HttpServer metrics;

    /** Serves immediately; port 0 picks a free port. */
    HttpEndpoints(int healthPort, int metricsPort, BooleanSupplier ready, Supplier<String> page) throws IOException {
        probes = new ProbeServer(
                healthPort,
                Map.of(
                        "/healthz",
                        () -> new Answer(200, "ok\n"),
                        "/readyz",
                        () -> ready.getAsBoolean()
                                ? new Answer(200, "ok\n")
                                : new Answer(503, "the watches are not synchronised yet\n")));
        metrics = HttpServer.create(new InetSocketAddress(metricsPort), 0);
        // A caller that is slow or silent must not keep others waiting.
        metrics.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        metrics.createContext(
                "/metrics",
                exchange -> send(exchange, ProbeServer.orTheFailure("/metrics", () -> new Answer(200, page.get()))));
        metrics.start();
    }

    int healthPort() {
        return probes.port();
    }

    int metricsPort() {
        return metrics.getAddress().getPort();
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
        probes.close();
        metrics.stop(0);
    }
}
