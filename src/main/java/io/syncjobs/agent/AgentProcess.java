package io.syncjobs.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncjobs.kube.ClusterAccess;
import io.syncjobs.kube.PlainApi;
import io.syncjobs.kube.Ticker;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The agent as a process: its loops and its HTTP endpoints. */
public final class AgentProcess implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final long DEAF_NANOS = Duration.ofSeconds(20).toNanos();

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final AgentLife life;
    private final HttpServer server;

    /** {@code port} 0 picks a free port. */
    public AgentProcess(AgentSettings settings, ClusterAccess access, int port) throws IOException {
        life = new AgentLife(
                settings,
                new PlainApi(access, REQUEST),
                new HttpCalls(settings.handler().port()),
                UUID.randomUUID().toString(),
                InstantSource.system(),
                Ticker.SYSTEM,
                executor);
        server = listen(port);
        server.setExecutor(executor);
        server.createContext("/live", exchange -> answer(exchange, life.silentNanos() < DEAF_NANOS));
        server.createContext("/ready", exchange -> answer(exchange, life.isReady()));
        server.createContext(settings.drainPath(), exchange -> answer(exchange, life.drain()));
    }

    private static HttpServer listen(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(port), 0);
        } catch (BindException e) {
            throw new IllegalStateException(
                    "port " + port + " is taken: let no other container of the pod listen on it; with hostNetwork"
                            + " no other program of the node may",
                    e);
        }
    }

    /** Runs until the process is told to end. */
    public void run() throws InterruptedException {
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(life::shutDown, "shut down"));
        life.run();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean good) throws IOException {
        try (exchange) {
            var text = (good ? "ok\n" : "no\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 200 : 503, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        life.end();
        server.stop(0);
        executor.shutdownNow();
    }
}
