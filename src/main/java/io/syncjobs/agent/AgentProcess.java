package io.syncjobs.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.ClusterAccess;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PlainApi;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerJobs;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Owner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent as a process: its loops and its endpoints, put together and ended. */
public final class AgentProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final long TICK_MILLIS = 250;
    private static final long TOLD_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long DEAF_NANOS = Duration.ofSeconds(20).toNanos();

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AgentSettings settings;
    private final Pulse pulse;
    private final Agent agent;
    private final WorkerJobs watch;
    private final HttpServer server;
    private volatile long ticked = System.nanoTime();

    /** {@code port} 0 is any free one. */
    public AgentProcess(AgentSettings settings, ClusterAccess access, int port) throws IOException {
        this.settings = settings;
        var clock = InstantSource.system();
        var api = new PlainApi(access, REQUEST);
        var calls = new HttpCalls(settings.handler().port());
        var owner = new Owner(
                settings.namespace(),
                settings.pod(),
                settings.podUid(),
                settings.handler().pool(),
                UUID.randomUUID().toString(),
                settings.deadAfter(),
                settings.slots());
        pulse = new Pulse(settings, new WorkerLease(api, clock, owner), calls, clock, Ticker.SYSTEM, executor);
        agent = new Agent(settings, new Jobs(api), calls, pulse, clock, executor);
        watch = new WorkerJobs(api, Ticker.SYSTEM, settings.namespace(), settings.pod());
        pulse.onTrouble(watch::again, ended::countDown);
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(executor);
        server.createContext("/live", exchange -> answer(exchange, System.nanoTime() - ticked < DEAF_NANOS));
        server.createContext("/ready", exchange -> answer(exchange, pulse.isReady()));
        server.createContext("/drain", exchange -> answer(exchange, drain()));
    }

    /** Works until the process is told to end. */
    public void run() throws InterruptedException {
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "drain"));
        Thread.ofVirtual().name("watch").start(this::follow);
        var told = false;
        while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            agent.tick();
            if (!told && pulse.isFresh()) {
                told = true;
                tellReady();
            }
            watch.endWhereSilent();
            ticked = System.nanoTime();
        }
    }

    private static void tellReady() {
        ProcessHandle.current()
                .info()
                .startInstant()
                .ifPresent(start -> LOG.info(
                        "ready in {} ms", Duration.between(start, Instant.now()).toMillis()));
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void follow() {
        var failures = 0;
        while (ended.getCount() > 0) {
            try {
                watch.follow(agent);
                failures = 0;
            } catch (ApiException e) {
                LOG.warn("jobs cannot be watched: {}", e.getMessage());
                pause(Math.min(5_000, 100L << Math.min(failures++, 6)));
            } catch (RuntimeException e) {
                LOG.error("jobs cannot be watched", e);
                pause(1_000);
            }
        }
    }

    /** Returns when nothing is left, or when the pod's grace period is over. */
    private boolean drain() {
        pulse.drain();
        var since = System.nanoTime();
        while (!isDrained(System.nanoTime() - since)) {
            if (System.nanoTime() - since > settings.grace().toNanos()) return false;
            pause(20);
        }
        return true;
    }

    /** Without a word on the Lease more jobs would come; but an API server that is away must hold up nobody. */
    private boolean isDrained(long nanos) {
        return agent.isIdle() && (pulse.hasToldDraining() || nanos > TOLD_NANOS);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        ended.countDown();
        watch.again();
        server.stop(0);
        executor.shutdownNow();
    }
}
