package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.FakePod;
import io.syncjobs.cluster.TestNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Failures that may pass: what is retried, when, and how often. */
@ClusterTest
class RetryIT {
    @Test
    void exitCode75IsRetriedUntilItSucceeds(TestNamespace here) {
        var job = here.create(job("again").spec("retry.delaySeconds", 1).worker("print=busy", "fail=2:75"));

        var done = job.awaitDone(3);
        assertThat(done.outcomes()).containsExactly("Retried", "Retried", "Done");
        assertThat(done.number("retries")).isEqualTo(2);
        assertThat(done.at("error").isMissingNode()).isTrue();
        assertThat(job.events("CommandRefused")).isEmpty();
    }

    @Test
    void theWorkerSaysHowLongToWait(TestNamespace here) {
        var job = here.create(job("later").worker("message={\"message\":\"429\",\"retryAfterSeconds\":40}", "exit=75"));

        var waiting = job.awaitReason("RetryBackoff");
        assertThat(waiting.state()).isEqualTo(State.PENDING);
        assertThat(waiting.message()).contains("429");
        assertThat(waiting.text("error.message")).isEqualTo("429");
        var wait = Duration.between(waiting.time("reasonTime"), waiting.time("nextAttemptTime"));
        assertThat(wait).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(45));
    }

    @Test
    void theBuiltInWaitIsTenMinutesMoreOrLess(TestNamespace here) {
        var waiting = here.create(job("patient").worker("exit=75")).awaitReason("RetryBackoff");

        var wait = Duration.between(waiting.time("reasonTime"), waiting.time("nextAttemptTime"));
        assertThat(wait).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
    }

    @Test
    void theTiersOfAPatternDecideByTheNumberOfTheRetry(TestNamespace here) {
        var tiers = List.of(Map.of("fromRetry", 1, "seconds", 0), Map.of("fromRetry", 3, "seconds", 100));
        var job = here.create(job("tiers").spec("retry.pattern", tiers).worker("exit=75"));

        var waiting = job.await("the third retry waits", s -> s.number("retries") == 3);
        var wait = Duration.between(waiting.time("reasonTime"), waiting.time("nextAttemptTime"));
        assertThat(wait).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(110));
        assertThat(waiting.attempt()).isEqualTo(3);
    }

    @Test
    void afterItsLimitTheJobFailsWithTheLastError(TestNamespace here) {
        var job = here.create(job("exhausted")
                .spec("retry.limit", 2)
                .spec("retry.delaySeconds", 0)
                .worker("print=still busy", "exit=75"));

        var failed = job.await(State.FAILED);
        assertThat(failed.reason()).isEqualTo("RetriesExhausted");
        assertThat(failed.attempt()).isEqualTo(3);
        assertThat(failed.number("retries")).isEqualTo(2);
        assertThat(failed.message()).contains("retry.limit is 2", "still busy");
        assertThat(failed.text("error.message")).isEqualTo("still busy");
        assertThat(failed.number("error.exitCode")).isEqualTo(75);
        assertThat(failed.text("error.resolution")).contains("status.history");
        assertThat(failed.outcomes()).containsExactly("Retried", "Retried", "Failed");
        assertThat(failed.condition("Failed")).isEqualTo("True");
    }

    @Test
    void aLimitOfZeroRetriesNothing(TestNamespace here) {
        var failed = here.create(job("once").spec("retry.limit", 0).worker("exit=75"))
                .await(State.FAILED);

        assertThat(failed.reason()).isEqualTo("RetriesExhausted");
        assertThat(failed.attempt()).isEqualTo(1);
    }

    @Test
    void withRetryWhenAnyEveryFailureIsRetried(TestNamespace here) {
        var any = Map.of("when", "Any", "delaySeconds", 0);
        here.apply(
                job("exit").spec("retry", any).worker("fail=1:1"),
                job("deadline").spec("retry", any).spec("timeoutSeconds", 2).worker("hang=1:"),
                FakePod.queue("fake")
                        .spec("template.spec.containers.0.resources", Map.of("limits", Map.of("memory", "48Mi"))),
                job("memory")
                        .spec("queue", "fake")
                        .spec("retry", Map.of("when", "Any", "delaySeconds", 0, "limit", 1)));

        // By hand: a real runtime on a busy machine may never tell that memory was the cause.
        for (var attempt = 1; attempt <= 2; attempt++) {
            var pod = FakePod.of(here, here.job("memory"), attempt);
            pod.runs();
            here.job("memory").awaitStarted(attempt);
            pod.exits(137, "OOMKilled");
        }
        assertThat(here.job("exit").awaitDone(2).outcomes()).containsExactly("Retried", "Done");
        assertThat(here.job("deadline").awaitDone(2).number("retries")).isEqualTo(1);
        var hungry = here.job("memory").await(State.FAILED);
        assertThat(hungry.reason()).isEqualTo("RetriesExhausted");
        assertThat(hungry.text("error.type")).isEqualTo("OutOfMemory");
    }

    @Test
    void theQueuesDefaultsWinOverTheBuiltInOnesAndTheJobsOverTheQueues(TestNamespace here) {
        here.apply(
                queue("strict")
                        .spec("defaults.timeoutSeconds", 77)
                        .spec("defaults.priority", 3)
                        .spec("defaults.retry", Map.of("limit", 1, "delaySeconds", 0)),
                job("queues").spec("queue", "strict").worker("exit=75"),
                job("own")
                        .spec("queue", "strict")
                        .spec("priority", 0)
                        .spec("retry.limit", 0)
                        .worker("exit=75"),
                job("builtin").worker("exit=0"));

        var queues = here.job("queues").await(State.FAILED);
        assertThat(queues.attempt()).isEqualTo(2);
        assertThat(queues.number("effective.timeoutSeconds")).isEqualTo(77);
        assertThat(queues.number("effective.priority")).isEqualTo(3);
        assertThat(queues.number("effective.retry.limit")).isEqualTo(1);

        var own = here.job("own").await(State.FAILED);
        assertThat(own.attempt()).isEqualTo(1);
        assertThat(own.number("effective.timeoutSeconds")).isEqualTo(77);
        assertThat(own.number("effective.priority")).isZero();

        var builtIn = here.job("builtin").await(State.DONE);
        assertThat(builtIn.number("effective.timeoutSeconds")).isEqualTo(3600);
        assertThat(builtIn.number("effective.priority")).isEqualTo(10);
        assertThat(builtIn.number("effective.retry.limit")).isEqualTo(5);
        assertThat(builtIn.number("effective.retry.delaySeconds")).isEqualTo(600);
        assertThat(builtIn.text("effective.retry.when")).isEqualTo("Retryable");
    }

    @Test
    void aJobThatWaitsForItsRetryRunsAtOnceWhenItIsRequeued(TestNamespace here) {
        var job = here.create(job("impatient").worker("fail=1:75"));
        var waiting = job.awaitReason("RetryBackoff");
        assertThat(waiting.time("nextAttemptTime")).isAfter(Instant.now().plusSeconds(300));

        job.annotate("syncjobs.io/requeue", "now");

        assertThat(job.awaitDone(2).number("retries"))
                .as("a requeue by a person counts anew")
                .isZero();
    }
}
