package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** It is Failed, what should I do? Each kind of failure tells its type, its message, the end of its log, and what to do. */
@ClusterTest
class FailureIT {
    @Test
    void anExceptionInTheLogIsTheErrorOfTheJob(TestNamespace here) {
        var job = here.create(job("exception").worker("print=connecting", """
                print=Exception in thread "main" java.lang.IllegalStateException: order 1042 has no customer
                \tat shop.Export.run(Export.java:17)""", "exit=1"));

        here.kubectl("wait", "--for=condition=Failed", "--timeout=180s", "syncjob/exception");

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.text("error.type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(failed.text("error.message")).isEqualTo("order 1042 has no customer");
        assertThat(failed.text("error.trace"))
                .startsWith("connecting\n")
                .contains("at shop.Export.run(Export.java:17)");
        assertThat(failed.number("error.exitCode")).isEqualTo(1);
        assertThat(failed.message()).contains("order 1042 has no customer");
        assertThat(failed.outcomes()).containsExactly("Failed");
        assertThat(here.kubectl("describe", "syncjob", "exception"))
                .contains("java.lang.IllegalStateException", "order 1042 has no customer", "Export.java:17");
    }

    /** A backtracking expression overflowed the stack on this line: its job stayed Started for ever, and kept its queue's only place. */
    @Test
    void aLineThatNoExpressionCanReadEndsItsJobAndTheQueueGoesOn(TestNamespace here) {
        here.apply(
                queue("narrow").spec("capacity", 1),
                job("wedge")
                        .spec("queue", "narrow")
                        .spec("priority", 1)
                        .worker("print=" + "a.".repeat(1_900) + "a\n\tat x", "exit=1"),
                job("next").spec("queue", "narrow").spec("priority", 2).worker("exit=0"));

        var failed = here.job("wedge").await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.text("error.trace")).endsWith("\tat x");
        here.job("next").await(State.DONE);
    }

    @Test
    void whatTheWorkerReportsGoesBeforeItsLog(TestNamespace here) {
        var job = here.create(job("report")
                .worker(
                        "print=ValueError: something else",
                        "message={\"type\":\"UnknownCategory\",\"message\":\"category 7 is not in the shop\",\"trace\":\"push.py line 3\",\"resolution\":\"add the category\"}",
                        "exit=4"));

        var failed = job.await(State.FAILED);
        assertThat(failed.text("error.type")).isEqualTo("UnknownCategory");
        assertThat(failed.text("error.message")).isEqualTo("category 7 is not in the shop");
        assertThat(failed.text("error.trace")).isEqualTo("push.py line 3");
        assertThat(failed.text("error.resolution")).isEqualTo("add the category");
        assertThat(failed.number("error.exitCode")).isEqualTo(4);
    }

    @Test
    void aTerminationMessageThatIsNoJsonIsTheMessage(TestNamespace here) {
        var job = here.create(job("words").worker("message=the shop is closed", "exit=1"));

        assertThat(job.await(State.FAILED).text("error.message")).isEqualTo("the shop is closed");
    }

    @Test
    void ofTwoMegabytesOfLogTheLastWholeLinesAreTheTrace(TestNamespace here) {
        var job = here.create(job("verbose").worker("log=2000000", "print=the bottom line", "exit=1"));

        var failed = job.await(State.FAILED);
        var trace = failed.text("error.trace");
        assertThat(trace.stripTrailing()).endsWith("the bottom line");
        assertThat(trace.getBytes(UTF_8)).hasSizeBetween(15 * 1024, 16 * 1024);
        assertThat(trace.lines().toList().subList(0, 100))
                .allMatch(line -> line.matches("line \\d{8}: Größe 42 €, übertragen → ja"));
        assertThat(failed.text("error.message")).contains("exited with code 1");
    }

    @Test
    void oneHugeLineIsCutToItsEnd(TestNamespace here) {
        var job = here.create(job("wide").worker("print=" + "ü".repeat(30_000) + "end", "exit=1"));

        var trace = job.await(State.FAILED).text("error.trace");
        assertThat(trace.getBytes(UTF_8).length).isBetween(1, 16 * 1024);
        assertThat(trace.stripTrailing()).endsWith("ü" + "end");
        assertThat(trace).doesNotContain("\uFFFD");
    }

    @Test
    void aWorkerThatSaysNothingFailsWithItsExitCode(TestNamespace here) {
        var job = here.create(job("silent").worker("exit=3"));

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.text("error.message")).contains("exited with code 3");
        assertThat(failed.text("error.trace")).isEmpty();
        assertThat(failed.number("error.exitCode")).isEqualTo(3);
    }

    @Test
    void binaryOutputBecomesReadableText(TestNamespace here) {
        var job = here.create(job("binary").worker("binary=100000", "print=", "print=the bottom line", "exit=1"));

        var failed = job.await(State.FAILED);
        var trace = failed.text("error.trace");
        assertThat(trace.getBytes(UTF_8).length).isLessThanOrEqualTo(16 * 1024);
        assertThat(trace.chars()).noneMatch(c -> c < ' ' && c != '\n' && c != '\t');
        assertThat(trace.stripTrailing()).endsWith("the bottom line");
        here.kubectl("describe", "syncjob", "binary");
    }

    @Test
    void aCommandThatIsNotInTheImageIsNamed(TestNamespace here) {
        var job = here.create(job("nocommand")
                .worker("exit=0")
                .spec("template.spec.containers.0.command", List.of("/no/such/program")));

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.text("error.message")).contains("/no/such/program");
        assertThat(failed.text("error.resolution")).contains("command");
    }

    @ParameterizedTest
    @CsvSource({
        "126, cannot be executed: check its permissions and architecture",
        "127, The command was not found: check command and args in the template of the job",
        "137, was killed (SIGKILL)",
        "139, crashed (SIGSEGV): look at its native libraries",
        "143, told to stop (SIGTERM) by something inside the pod"
    })
    void anExitCodeOfShellOrKernelHasItsResolution(int code, String resolution, TestNamespace here) {
        var job = here.create(job("code").worker("exit=" + code));

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.number("error.exitCode")).isEqualTo(code);
        assertThat(failed.text("error.resolution")).contains(resolution);
    }

    @Test
    void aWorkerThatNeedsMoreMemoryThanItsLimitFailsWithOutOfMemory(TestNamespace here) {
        var job = here.create(job("hungry")
                .worker("print=loading everything", "memory")
                .spec("template.spec.containers.0.resources", Map.of("limits", Map.of("memory", "48Mi"))));

        var failed = job.await(State.FAILED);
        // On a busy machine the container runtime may never hear why it ended, and tells the exit code alone.
        for (var attempt = 2; attempt <= 4 && failed.text("error.type").equals("ExitCode137"); attempt++) {
            var next = attempt;
            job.annotate(Names.REQUEUE, "now");
            failed = job.await("attempt " + next + " fails", s -> s.attempt() == next && s.state() == State.FAILED);
        }
        assertThat(failed.reason()).as(failed.json().toPrettyString()).isEqualTo("OutOfMemory");
        assertThat(failed.text("error.resolution")).contains("resources.limits.memory");
        assertThat(failed.text("error.trace")).contains("loading everything");
        for (var fields : List.of("status.error.type=OutOfMemory", "status.reason=OutOfMemory,spec.action=test.hungry"))
            assertThat(here.kubectl("get", "syncjobs", "--field-selector", fields, "-o", "name"))
                    .as(fields)
                    .isEqualToIgnoringWhitespace("syncjob.syncjobs.io/hungry");
    }

    @Test
    void aWorkerThatHangsAndIgnoresSigtermIsEndedAtItsDeadline(TestNamespace here) {
        var job = here.create(job("hangs")
                .spec("timeoutSeconds", 2)
                .worker("print=waiting for the shop", "hang")
                .spec("template.spec.terminationGracePeriodSeconds", 4));

        var stopping = job.awaitReason("Stopping");
        assertThat(stopping.state()).isEqualTo(State.STARTED);
        assertThat(stopping.text("stop.target")).isEqualTo("Failed");

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("DeadlineExceeded");
        assertThat(failed.message()).contains("timeoutSeconds=2");
        assertThat(failed.text("error.trace")).contains("waiting for the shop");
        assertThat(failed.text("error.resolution")).contains("timeoutSeconds");
        assertThat(failed.at("stop").isMissingNode()).isTrue();
        assertThat(job.pods()).as("its worker has ended before the job says so").noneMatch(TestJob::runs);
    }

    @Test
    void successAfterTheDeadlineDoesNotCount(TestNamespace here) {
        var job = here.create(job("late").spec("timeoutSeconds", 2).worker("term=0"));

        assertThat(job.await(State.FAILED).reason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void aPayloadOverThirtyTwoKilobytesFailsBeforeItRuns(TestNamespace here) {
        here.apply(
                job("fits").spec("payload", "x".repeat(32 * 1024 - 2)).worker("exit=0"),
                job("toolarge").spec("payload", "x".repeat(32 * 1024 - 1)).worker("exit=0"));

        var failed = here.job("toolarge").await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("PayloadTooLarge");
        assertThat(failed.message()).contains("32769", "32768");
        assertThat(failed.text("error.resolution")).isNotEmpty();
        assertThat(failed.attempt()).isZero();
        here.job("fits").await(State.DONE);
    }

    @Test
    void aFailingSidecarDoesNotDecide(TestNamespace here) {
        var job = here.create(job("sidecar")
                .worker("sleep=1s", "exit=0")
                .spec(
                        "template.spec.containers",
                        List.of(
                                Manifest.container(Images.TEST_WORKER, "sleep=1s", "exit=0"),
                                Map.of("name", "beside", "image", Images.TEST_WORKER, "args", List.of("exit=1")))));

        assertThat(job.await(State.DONE).reason()).isEqualTo("Completed");
    }

    @Test
    void aFailingInitContainerFailsTheJobAndIsNamed(TestNamespace here) {
        var job = here.create(job("init")
                .worker("exit=0")
                .spec(
                        "template.spec.initContainers",
                        List.of(Map.of(
                                "name",
                                "prepare",
                                "image",
                                Images.TEST_WORKER,
                                "args",
                                List.of("print=no disk to prepare", "exit=9")))));

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("JobFailed");
        assertThat(failed.text("error.message")).contains("no disk to prepare");
        assertThat(failed.number("error.exitCode")).isEqualTo(9);
    }
}
