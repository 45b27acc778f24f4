package io.syncjobs.agent;

import io.syncjobs.core.pool.AgentContainer;
import io.syncjobs.kube.ClusterAccess;
import io.syncjobs.kube.PlainApi;
import io.syncjobs.kube.Ticker;
import io.syncjobs.probe.ProbeServer;
import io.syncjobs.probe.ProbeServer.Answer;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The agent as a process: its loops and its HTTP endpoints. */
public final class AgentProcess implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final long DEAF_NANOS = Duration.ofSeconds(20).toNanos();

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final AgentLife life;
    private final ProbeServer server;

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
        server = listen(
                port,
                Map.of(
                        AgentContainer.LIVE_PATH,
                        () -> answer(life.silentNanos() < DEAF_NANOS),
                        AgentContainer.READY_PATH,
                        () -> answer(life.isReady()),
                        settings.drainPath(),
                        () -> answer(life.drain())));
    }

    private static ProbeServer listen(int port, Map<String, Supplier<Answer>> answers) throws IOException {
        try {
            return new ProbeServer(port, answers);
        } catch (BindException e) {
            throw new IllegalStateException(
                    "port " + port + " is taken: let no other container of the pod listen on it; with hostNetwork"
                            + " no other program of the node may",
                    e);
        }
    }

    /** Runs until the process is told to end. */
    public void run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(life::shutDown, "shut down"));
        life.run();
    }

    int port() {
        return server.port();
    }

    private static Answer answer(boolean good) {
        return good ? new Answer(200, "ok\n") : new Answer(503, "no\n");
    }

    @Override
    public void close() {
        life.end();
        server.close();
        executor.shutdownNow();
    }
}
