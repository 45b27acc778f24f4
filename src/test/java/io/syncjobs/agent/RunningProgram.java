package io.syncjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.core.worker.Outcomes;
import io.syncjobs.kube.MemoryApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A handler that somebody has written, run by its real runtime and called as an agent calls it. */
final class RunningProgram implements AutoCloseable {
    /** What is waited for comes, or the program ends. After this time it does neither, however slow the machine is. */
    static final Duration HUNG = Duration.ofMinutes(20);

    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** What it takes to have the runtime where it is missing; none is left out. */
    private static final Map<String, String> PACKAGES =
            Map.of("python3", "python3", "node", "nodejs", "go", "golang-go", "php", "php-cli");

    private final Process process;
    private final Path log;
    private final Handler handler;
    private final HttpCalls calls;

    private RunningProgram(Process process, Path log, Handler handler) {
        this.process = process;
        this.log = log;
        this.handler = handler;
        calls = new HttpCalls(handler.port());
    }

    /** {@code JAVA} in the command is the one that runs this. */
    static RunningProgram start(Path folder, Handler handler, Map<String, String> environment, String command)
            throws IOException {
        var log = folder.resolve("log");
        var words = List.of(command.split(" ")).stream()
                .map(word -> word.equals("JAVA") ? System.getProperty("java.home") + "/bin/java" : word)
                .toList();
        var builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            var program = new RunningProgram(builder.start(), log, handler);
            await().atMost(HUNG).until(() -> program.calls.isReady() || !program.process.isAlive());
            assertThat(program.process.isAlive()).as(program.log()).isTrue();
            return program;
        } catch (IOException e) {
            return fail(
                    words.getFirst() + " is missing: apt-get install " + PACKAGES.get(words.getFirst())
                            + ", as .ci/run does",
                    e);
        }
    }

    static int freePort() throws IOException {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    /** True if it answers at another address than the one at which the agent calls it: then other pods can call it too. */
    boolean isReachedFromElsewhere() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.2", handler.port()), (int) ELSEWHERE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The status of a job of that payload after its call. */
    SyncJobStatus call(String payload) {
        try {
            return begin(payload).get(HUNG.toMinutes(), TimeUnit.MINUTES);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer: " + log(), e);
        }
    }

    CompletableFuture<SyncJobStatus> begin(String payload) {
        var job = job(payload);
        var answer = new CompletableFuture<HandlerAnswer>();
        calls.start(HandlerRequest.call(job, handler), answer::complete);
        return answer.thenApply(given -> Statuses.after(job, Outcomes.of(job, handler, given, NOW), NOW));
    }

    void cancel(String payload) {
        calls.tell(HandlerRequest.cancel(job(payload), handler.cancelPath().orElseThrow()));
    }

    private static SyncJob job(String payload) {
        var api = new MemoryApi();
        api.put(TestWorker.JOBS + "a", """
                {"metadata": {"name": "a", "namespace": "shop", "uid": "uid-a", "generation": 1},
                 "spec": {"action": "push.product", "payload": %s},
                 "status": {"state": "Started", "worker": "catalogue-7f-1", "attempt": 1,
                  "startedTime": "2026-03-01T12:00:00Z"}}""".formatted(payload));
        return api.job(TestWorker.JOBS + "a");
    }

    static Handler handler(int port, String path) {
        return new Handler("catalogue", "shop", port, path, Optional.of("/cancel"), 16_384);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
