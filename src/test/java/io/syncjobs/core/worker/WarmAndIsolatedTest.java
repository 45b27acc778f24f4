package io.syncjobs.core.worker;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Attempt;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.core.job.Observation;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.job.Step.Change;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.Reservation.Created;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.core.trace.LogTail;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.Outcomes.GiveBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Isolated and warm under one contract: the same end of the work, told in either way, leaves the same job. */
class WarmAndIsolatedTest {
    private static final Handler HANDLER = new Handler("catalogue", "worker", 8080, "/", Optional.empty(), 16_384);
    private static final String TRACE = """
            Traceback (most recent call last):
              File "shop.py", line 7, in export
                raise ValueError("no stock")
            ValueError: no stock
            """;

    /** One end of an attempt in both ways: how a pod tells it, and how a handler does. */
    record Outcome(String name, Function<SyncJob, Change> isolated, Function<SyncJob, Change> warm) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 16_384})
    void ofATraceAsMuchIsKeptAsTheInstallationSays(int bytes) {
        var kept = Map.of(0, "", 7, "", 8, "at third", 16_384, "at first\nat second\nat third")
                .get(bytes);
        var told = ", \"trace\": \"at first\\nat second\\nat third\"";
        var job = started("a");
        var settings = Settings.from(Map.of("SYNCJOBS_TRACE_BYTES", Integer.toString(bytes)));
        var pods = List.of(pod(job, exit(1, report("NoStock", "none left", told))));
        var seen = new Observation(
                job,
                Optional.of(Given.QUEUE),
                pods,
                new Run.PodRun(new Created(Duration.ZERO, Instant.EPOCH)),
                Given.EVERYTHING,
                settings,
                Instant.EPOCH,
                NOW);
        var handler = new Handler("catalogue", "worker", 8080, "/", Optional.empty(), bytes);

        var isolated = Statuses.after(job, (Change) Lifecycle.next(seen), NOW);
        var warm = Statuses.after(
                job, Outcomes.of(job, handler, answer(500, problem("NoStock", "none left", told)), NOW), NOW);

        for (var status : List.of(isolated, warm)) {
            assertThat(requireNonNull(status.error()).message()).isEqualTo("none left");
            assertThat(requireNonNullElse(status.error().trace(), "")).isEqualTo(kept);
        }
    }

    @Test
    void whatIsLeftOutOfATraceDoesNotStandInTheMessage() {
        var handler = new Handler("catalogue", "worker", 8080, "/", Optional.empty(), 0);
        var job = started("a");

        var alone = Outcomes.of(job, handler, answer(500, "{\"trace\": \"secret\"}"), NOW);
        var beside = Outcomes.of(job, handler, answer(500, "{\"trace\": \"secret\", \"code\": 7}"), NOW);

        assertThat(requireNonNull(Statuses.after(job, alone, NOW).error()).message())
                .isEqualTo("the handler answered HTTP 500");
        assertThat(requireNonNull(Statuses.after(job, beside, NOW).error()).message())
                .isEqualTo("{\"code\":7}");
    }

    private static Change isolated(SyncJob job, Container end, String log) {
        var seen = seen(job, pod(job, end));
        return (Change) Lifecycle.next(
                log.isEmpty() ? seen : seen.with(seen.inspected().and(LogErrors.read(new LogTail(log, false)))));
    }

    private static Outcome outcome(String name, int exitCode, String message, String log, Answered answer) {
        return new Outcome(
                name,
                job -> isolated(job, exit(exitCode, message), log),
                job -> Outcomes.of(job, HANDLER, answer, NOW));
    }

    private static Answered answer(int status, String body) {
        return new Answered(status, "application/json", "", body.getBytes(UTF_8), true);
    }

    private static Answered again(int status, String retryAfter, String body) {
        return new Answered(status, "application/problem+json", retryAfter, body.getBytes(UTF_8), true);
    }

    private static String problem(String type, String detail, String more) {
        return "{\"type\": \"" + type + "\", \"detail\": \"" + detail + "\"" + more + "}";
    }

    private static String report(String type, String message, String more) {
        return "{\"type\": \"" + type + "\", \"message\": \"" + message + "\"" + more + "}";
    }

    static List<Outcome> outcomes() {
        var big = "\"" + "x".repeat(4_060) + "\"";
        var busy = "Busy";
        return List.of(
                outcome("success without a result", 0, "", "", answer(204, "")),
                outcome("success with a result", 0, "{\"result\": {\"sku\": 7}}", "", answer(200, "{\"sku\": 7}")),
                outcome("success with text", 0, "{\"result\": \"seven\"}", "", answer(200, "\"seven\"")),
                outcome(
                        "a number that the API server does not keep",
                        0,
                        "{\"result\": 89490200001234567890}",
                        "",
                        answer(200, "89490200001234567890")),
                outcome("a result that is no JSON", 0, "{\"result\": NaN}", "", answer(200, "NaN")),
                outcome("a long result", 0, "{\"result\": " + big + "}", "", answer(200, big)),
                outcome(
                        "failure in full",
                        1,
                        report("NoStock", "none left", ", \"trace\": \"at a\\nat b\", \"resolution\": \"Order some.\""),
                        "",
                        answer(
                                422,
                                problem(
                                        "NoStock",
                                        "none left",
                                        ", \"trace\": \"at a\\nat b\", \"resolution\": \"Order some.\""))),
                outcome(
                        "failure without a resolution",
                        1,
                        report("NoStock", "none left", ""),
                        "",
                        answer(500, problem("NoStock", "none left", ""))),
                outcome(
                        "failure with a trace as text",
                        1,
                        "",
                        TRACE,
                        new Answered(500, "text/plain", "", TRACE.getBytes(UTF_8), true)),
                outcome("retryable", 75, report(busy, "later", ""), "", again(503, "", problem(busy, "later", ""))),
                outcome(
                        "retryable with a time",
                        75,
                        report(busy, "later", ", \"retryAfterSeconds\": 120"),
                        "",
                        again(429, "120", problem(busy, "later", ""))),
                outcome(
                        "retryable until a date",
                        75,
                        report(busy, "later", ", \"retryAfterSeconds\": 119"),
                        "",
                        again(503, "Sun, 01 Mar 2026 12:01:59 GMT", problem(busy, "later", ""))),
                new Outcome(
                        "lost with its worker",
                        job -> (Change) Lifecycle.next(seen(job)),
                        job -> Outcomes.of(job, HANDLER, new Broken("Connection reset"), NOW)),
                new Outcome(
                        "taken away in a drain",
                        job -> (Change) Lifecycle.next(
                                seen(job, Given.disrupted(pod(job, Given.running()), "EvictionByEvictionAPI"))),
                        job -> Outcomes.giveBack(job, HANDLER, GiveBack.DRAINING, "", NOW, NOW)),
                new Outcome("stopped", job -> new Step.FinishStop(), job -> new Step.FinishStop()));
    }

    /** Policies and counters with which each outcome is tried. */
    static List<SyncJob> jobs() {
        var jobs = new ArrayList<SyncJob>();
        for (var when : List.of("Retryable", "Any")) {
            for (var limit : List.of(5, 2, 0, -1)) {
                for (var losses : List.of(0, 2)) {
                    var policy = new RetryPolicy(limit, 60, List.of(), when);
                    jobs.add(with(started("a"), status -> {
                        status.effective = new Effective(10, 3600, policy, null);
                        status.retries = 2;
                        status.workerLosses = losses;
                        status.error = new JobError("Before", "an older failure", null, null, 1);
                    }));
                }
            }
        }
        return jobs;
    }

    /** All of a status that does not name the way in which the attempt was executed. */
    record Left(
            String state,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Integer retries,
            @Nullable Integer losses,
            @Nullable Instant again,
            @Nullable JsonNode result,
            @Nullable JobError error,
            List<Attempt> history,
            List<String> conditions) {}

    @ParameterizedTest
    @MethodSource("outcomes")
    void theSameEndLeavesTheSameJob(Outcome outcome) {
        for (var job : jobs()) {
            var one = outcome.name().equals("stopped") ? stopping(job) : job;
            var isolated = after(one, outcome.isolated());
            var warm = after(one, outcome.warm());
            if (outcome.name().contains("lost") || outcome.name().contains("taken")) {
                // Who lost it, pod or connection, is told in words.
                assertThat(withoutWords(warm)).isEqualTo(withoutWords(isolated));
            } else assertThat(warm).as(String.valueOf(one.getStatus())).isEqualTo(isolated);
        }
    }

    private static SyncJob stopping(SyncJob job) {
        return with(
                job,
                status -> status.stop =
                        new SyncJobStatus.Stop(State.CANCELLED, "CancelledByUser", "by hand", NOW.minusSeconds(5)));
    }

    private static Left after(SyncJob job, Function<SyncJob, Change> outcome) {
        var status = Statuses.after(job, outcome.apply(job), NOW);
        var error = status.error();
        // A handler has no exit code.
        var told = error == null
                ? null
                : new JobError(
                        error.type(), error.message(), requireNonNullElse(error.trace(), ""), error.resolution(), null);
        return new Left(
                status.state().toString(),
                status.reason(),
                status.message(),
                status.retries(),
                status.workerLosses(),
                status.nextAttemptTime(),
                status.result(),
                told,
                requireNonNullElse(status.history(), List.of()),
                requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
                        .map(one -> one.getType() + "=" + one.getStatus() + " " + one.getReason())
                        .toList());
    }

    private static Left withoutWords(Left left) {
        var error = left.error();
        var history = left.history().stream()
                .map(one -> new Attempt(
                        one.attempt(),
                        one.worker(),
                        one.startedTime(),
                        one.finishedTime(),
                        one.outcome(),
                        one.reason(),
                        "",
                        null,
                        null))
                .toList();
        return new Left(
                left.state(),
                left.reason(),
                "",
                left.retries(),
                left.losses(),
                left.again(),
                left.result(),
                error == null ? null : new JobError(error.type(), "", "", "", null),
                history,
                left.conditions());
    }
}
