package io.syncjobs.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** /healthz: the process works; /readyz: its watches are synchronised; /metrics: for Prometheus. Never tied to a backlog. */
final class HttpEndpoints implements AutoCloseable {
    private final HttpServer server;

    HttpEndpoints(int port, BooleanSupplier ready, Supplier<String> metrics) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/healthz", exchange -> answer(exchange, 200, "ok\n"));
        server.createContext("/readyz", exchange -> {
            var isReady = ready.getAsBoolean();
            answer(exchange, isReady ? 200 : 503, isReady ? "ok\n" : "the watches are not synchronised yet\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.get()));
        // One caller that is slow, or says nothing, must not keep the kubelet's probes waiting.
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        try (exchange) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
