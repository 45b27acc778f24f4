package io.syncjobs.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is thrown while one job is handled touches that job alone. */
class ContainmentTest {
    private final StubApi api = new StubApi(Answer::taken);
    private int counted;
    private final Containment containment =
            new Containment(new Jobs(api.api()), () -> counted++, InstantSource.system());

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void anExceptionIsToldOnceAndTriedAgainAfterGrowingPauses() {
        var job = job();
        var pauses = new ArrayList<Duration>();
        for (var i = 0; i < 8; i++) {
            pauses.add(containment
                    .handle(job, failing(new IllegalStateException("\u001b[31mred")))
                    .orElseThrow());
            job.setStatus(toldStatus());
        }

        assertThat(pauses.stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(api.requests(Request::isWrite)).singleElement().satisfies(write -> {
            assertThat(write.field("/status/reason")).isEqualTo("InternalError");
            assertThat(write.field("/status/message"))
                    .contains("IllegalStateException: red")
                    .contains("since ");
        });
        assertThat(counted).isEqualTo(8);
    }

    /** The framework would repeat it for ever, and only the log would say so. */
    @Test
    void whatTheApiServerRefusesIsToldOnTheJobWithItsWords() {
        var refused = new ApiException(403, "Forbidden", "pods \"a-1\" is forbidden: no right to get it");

        assertThat(containment.handle(job(), failing(refused))).isPresent();

        assertThat(api.requests(Request::isWrite))
                .singleElement()
                .satisfies(write -> assertThat(write.field("/status/message"))
                        .contains("the API server refuses it: pods \"a-1\" is forbidden", "helm upgrade")
                        .doesNotContain("report"));
    }

    @Test
    void whatPassesIsLeftToWhoeverRepeatsIt() {
        for (var passes : List.of(
                new ApiException(409, "changed"),
                new ApiException(404, "gone"),
                new ApiException(429, "busy"),
                new ApiException(500, "broken"),
                new ApiException("no answer", new IOException()))) {
            assertThatThrownBy(() -> containment.handle(job(), failing(passes))).isSameAs(passes);
        }
        assertThat(api.requests(Request::isWrite)).isEmpty();
    }

    @Test
    void aStackThatOverflowsIsContained() {
        assertThat(containment.handle(job(), () -> endless(0))).isPresent();
        assertThat(api.requests(Request::isWrite)).hasSize(1);
    }

    @Test
    void anAssertionIsContained() {
        assertThat(containment.handle(job(), failing(new AssertionError("no")))).isPresent();
    }

    @Test
    void aJobThatCannotBeReadSaysWhat() {
        var job = job();
        job.getMetadata().setAnnotations(new HashMap<>());
        job.getMetadata().getAnnotations().put(Names.UNREADABLE, "spec cannot be read: x");

        containment.handle(job, Optional::empty);

        assertThat(api.requests(Request::isWrite))
                .singleElement()
                .satisfies(write -> assertThat(write.field("/status/message"))
                        .contains("spec cannot be read: x", "no command reaches it")
                        .doesNotContain("commands work"));
    }

    @Test
    void aPartThatFailsIsReplacedByWhatThereIsToSay() {
        assertThat(containment.orElse(job(), "its log", () -> endless(0).toString(), why -> "no log: " + why))
                .startsWith("no log: StackOverflowError");
    }

    /** A process that ends interrupts what it is in the middle of. The next one handles the job, and nothing is wrong with it. */
    @Test
    void whatFailsBecauseTheProcessEndsIsNotTold() {
        Thread.currentThread().interrupt();
        try {
            assertThat(containment.handle(job(), failing(new IllegalStateException("interrupted"))))
                    .isPresent();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(api.requests(Request::isWrite)).isEmpty();
        assertThat(counted).isZero();
    }

    /** Each in a process of its own, because it ends the process. */
    @ParameterizedTest
    @CsvSource({
        "job, java.lang.OutOfMemoryError, 1",
        "job, java.lang.StackOverflowError, 0",
        "thread, java.lang.NoClassDefFoundError, 1"
    })
    void anErrorThatLeavesTheProcessInDoubtEndsIt(String where, String error, int exit)
            throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Failing.class.getName(), where, error)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(exit);
        assertThat(said).contains(exit == 0 ? "goes on" : "in doubt");
    }

    /** A process that fails at one job, or in some thread. */
    static final class Failing {
        private Failing() {}

        public static void main(String[] args) throws ReflectiveOperationException {
            var error = Class.forName(args[1])
                    .asSubclass(Error.class)
                    .getConstructor()
                    .newInstance();
            Containment.watchThreads();
            if (args[0].equals("job")) {
                var jobs = new Jobs(new MemoryApi());
                new Containment(jobs, () -> {}, InstantSource.system()).handle(job(), failing(error));
            } else {
                var thread = Thread.startVirtualThread(() -> {
                    throw error;
                });
                while (thread.isAlive()) LockSupport.parkNanos(1_000_000);
            }
            System.out.println("goes on");
        }
    }

    private static Supplier<Optional<Duration>> failing(RuntimeException error) {
        return () -> {
            throw error;
        };
    }

    private static Supplier<Optional<Duration>> failing(Error error) {
        return () -> {
            throw error;
        };
    }

    private static Optional<Duration> endless(int depth) {
        return depth < 0 ? Optional.empty() : endless(depth + 1);
    }

    private static SyncJob job() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        return StubApi.job("a", 1, spec, SyncJobStatus.NEW);
    }

    private static SyncJobStatus toldStatus() {
        return Statuses.after(job(), new Step.Explain(Reason.INTERNAL_ERROR, "x"), Instant.EPOCH);
    }
}
