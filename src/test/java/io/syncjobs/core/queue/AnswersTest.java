package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.QUEUE;
import static io.syncjobs.core.job.Given.annotated;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.failed;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.spec;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.Answers.Processes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnswersTest {
    private static final SchedulerHealth SUSPENDED =
            new SchedulerHealth(Optional.of(Reason.SCHEDULER_SUSPENDED), "the CronJob is suspended");
    private static final Processes EAGER = new Processes(true, true, SUSPENDED);
    private static final Processes STRICT = new Processes(true, false, SUSPENDED);
    private static final Processes DOWN = new Processes(false, true, SchedulerHealth.GOOD);
    private static final String NO_OPERATOR = "No operator is running: nothing goes on until one is back";

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void theAnswerSaysHowItIs(String what, SyncJob job, Processes processes, List<String> said) {
        var answer = Answers.of(job, why(job, processes), processes);

        assertThat(answer).contains(said);
        assertThat(answer.contains(NO_OPERATOR))
                .as("it says that nothing goes on")
                .isEqualTo(said.contains(NO_OPERATOR));
    }

    static Stream<Arguments> theAnswerSaysHowItIs() {
        var later = job("later", spec(null, "2099-01-01T00:00:00Z", null));
        var commanded = annotated(later, Names.REQUEUE, "now");
        var underWay = annotated(job("a"), Names.HANDLING, "id:cancel:wrong");
        var huge = job(
                "huge",
                new SyncJobSpec(null, "a", RawJson.of("\"" + "x".repeat(40_000) + "\""), null, null, null, null, null));
        var stopping = with(started("a"), s -> {
            s.reason = "Stopping";
            s.message = "its pod is being deleted";
        });
        var escaping = with(started("a"), s -> {
            s.reason = "Sto\u001b[31mpping";
            s.message = "its pod\u001b]0;x\u0007 ends";
        });
        return Stream.of(
                row("written by a stranger", escaping, EAGER, "Stopping: its pod ends"),
                row("due, eager", job("a"), EAGER, "it has its turn now"),
                row("due, strict", job("a"), STRICT, "Pending, SchedulerSuspended: the CronJob is suspended"),
                row("due, no operator", job("a"), DOWN, "Pending, OperatorNotRunning: no operator is running"),
                row("eta", later, EAGER, "Pending, EtaInFuture: spec.eta is 2099"),
                row("eta, no operator", later, DOWN, "Pending, EtaInFuture: spec.eta is 2099", NO_OPERATOR),
                row("command", commanded, EAGER, "Pending: the command syncjobs.io/requeue waits"),
                row("command, no operator", commanded, DOWN, "the command syncjobs.io/requeue waits", NO_OPERATOR),
                row("command under way", underWay, STRICT, "Pending: the command syncjobs.io/handling waits"),
                row("deleted", deleted(job("gone")), EAGER, "being deleted", "[example.com/keep]"),
                row(
                        "deleted, no operator",
                        deleted(annotated(job("gone"), Names.REQUEUE, "now")),
                        DOWN,
                        "Pending: it is being deleted"),
                row(
                        "payload",
                        huge,
                        EAGER,
                        "Pending: spec.payload is 40002 bytes",
                        "PayloadTooLarge",
                        "Store the data"),
                row("payload, no operator", huge, DOWN, "spec.payload is 40002 bytes", NO_OPERATOR),
                row(
                        "payload, far eta",
                        with(huge, s -> s.nextAttemptTime = NOW.plusSeconds(9)),
                        EAGER,
                        "PayloadTooLarge"),
                row("enqueued", enqueued("a"), EAGER, "Enqueued (attempt 1, pod a-1-"),
                row("enqueued, no operator", enqueued("a"), DOWN, "Enqueued (attempt 1, pod a-1-", NO_OPERATOR),
                row("started, no operator", started("a"), DOWN, "Started (attempt 1, pod a-1-", NO_OPERATOR),
                row("stopping", stopping, EAGER, "Started (", "Stopping: its pod is being deleted"),
                row("stopping, no operator", stopping, DOWN, "Stopping: its pod is being deleted", NO_OPERATOR),
                row("failed, no operator", failed("a"), DOWN, "Failed (attempt 1, pod a-1-", "JobFailed"),
                row("failed and requeued", annotated(failed("a"), Names.REQUEUE, "now"), DOWN, "Failed", NO_OPERATOR));
    }

    private static Optional<Wait> why(SyncJob job, Processes processes) {
        var index = new JobIndex(Duration.ZERO, Limits.MESSAGE_REFRESH);
        index.advance(NOW);
        index.see(QueueKey.of(job), QUEUE, 1);
        index.see(JobEntry.of(job));
        return processes
                .starter()
                .why(index, index.job(job.getMetadata().getUid()).orElseThrow());
    }

    private static Arguments row(String what, SyncJob job, Processes processes, String... said) {
        return arguments(what, job, processes, List.of(said));
    }

    private static SyncJob deleted(SyncJob job) {
        job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withDeletionTimestamp(NOW.toString())
                .withFinalizers("example.com/keep")
                .build());
        return job;
    }
}
