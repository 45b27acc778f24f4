package io.syncjobs.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** /healthz: the process works; /readyz: its watches are synchronised; /metrics: for Prometheus. Never tied to a backlog. */
final class HttpEndpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

    private record Answer(int code, String text) {}

    private final HttpServer server;

    /** Serves at once; port 0 is any free one. */
    HttpEndpoints(int port, BooleanSupplier ready, Supplier<String> metrics) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        serve("/healthz", () -> new Answer(200, "ok\n"));
        serve(
                "/readyz",
                () -> ready.getAsBoolean()
                        ? new Answer(200, "ok\n")
                        : new Answer(503, "the watches are not synchronised yet\n"));
        serve("/metrics", () -> new Answer(200, metrics.get()));
        // One caller that is slow, or says nothing, must not keep the kubelet's probes waiting.
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void serve(String path, Supplier<Answer> answer) {
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
        server.stop(0);
    }
}
