package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.Step.End;
import io.syncjobs.core.Step.Retry;
import io.syncjobs.core.Step.Stop;
import io.syncjobs.core.trace.LogError;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How an ended run is judged: what its exit code, termination message and log mean for the job. */
final class Failures {
    private Failures() {}

    static Step success(Fate.Succeeded succeeded) {
        var report = succeeded.report();
        var started = succeeded.end().started().orElse(null);
        var message = Text.message("the worker reported success" + remarks(report));
        return new End(State.DONE, Reason.COMPLETED, message, null, report.result(), started);
    }

    /** What of the termination message could not be taken as it stands. */
    private static String remarks(Report report) {
        return report.remarks().stream().map(remark -> "; " + remark).collect(joining());
    }

    static Step failure(Observation seen, Fate.Failed failed) {
        var retry = Lifecycle.effective(seen).retry();
        var error = error(seen, failed);
        var retryable = failed.end().exitCode() == Limits.EXIT_RETRYABLE && !failed.outOfMemory();
        var reason = failed.outOfMemory() ? Reason.OUT_OF_MEMORY : Reason.JOB_FAILED;
        var started = failed.end().started().orElse(null);
        if (!retryable && !Policies.retriesAny(retry))
            return new End(State.FAILED, reason, told(error, failed.report()), error, null, started);
        var retries = requireNonNullElse(seen.status().retries(), 0);
        if (!Policies.mayRetry(retry, retries)) {
            var message = Text.message("retry.limit is " + retry.limit() + " and used up; the last failure: "
                    + told(error, failed.report()));
            return new End(State.FAILED, Reason.RETRIES_EXHAUSTED, message, exhausted(error), null, started);
        }
        return new Retry(
                notBefore(seen, retry, retries, failed.report().retryAfterSeconds()),
                told(error, failed.report()),
                error,
                started);
    }

    /** A run that took too long is stopped first; what follows is decided now, with the log as it is. */
    static Step deadline(Observation seen, Effective effective) {
        var message = "the attempt ran longer than timeoutSeconds=" + effective.timeoutSeconds();
        var error = new JobError(
                "DeadlineExceeded",
                message,
                seen.log().map(LogError::trace).orElse(""),
                Resolutions.of(Reason.DEADLINE_EXCEEDED),
                null);
        var retries = requireNonNullElse(seen.status().retries(), 0);
        if (Policies.retriesAny(effective.retry()) && Policies.mayRetry(effective.retry(), retries)) {
            return new Stop(
                    State.PENDING,
                    Reason.RETRY_BACKOFF,
                    message,
                    error,
                    notBefore(seen, effective.retry(), retries, null));
        }
        return new Stop(State.FAILED, Reason.DEADLINE_EXCEEDED, message, error, null);
    }

    private static Instant notBefore(
            Observation seen, RetryPolicy retry, int retries, @Nullable Integer retryAfterSeconds) {
        Duration delay = Policies.delay(
                retry, retries + 1, retryAfterSeconds, seen.job().getMetadata().getUid());
        return seen.now().plus(delay);
    }

    /** Only where neither the worker nor the platform knows better. */
    private static JobError exhausted(JobError last) {
        if (!requireNonNullElse(last.resolution(), "").isEmpty()) return last;
        var resolution = Resolutions.of(Reason.RETRIES_EXHAUSTED);
        return new JobError(last.type(), last.message(), last.trace(), resolution, last.exitCode());
    }

    /** The error of a pod that did not start, for this reason. */
    static JobError neverStarted(Reason reason, String message) {
        return new JobError(reason.toString(), message, null, Resolutions.ofNeverStarted(reason, message), null);
    }

    /** The error of something that the platform did: the reason is its type. */
    static JobError platform(Reason reason, String message) {
        return new JobError(reason.toString(), message, null, Resolutions.of(reason), null);
    }

    /** The worker's own words come first, then what its log says, then what the platform knows. */
    private static JobError error(Observation seen, Fate.Failed failed) {
        var report = failed.report();
        var end = failed.end();
        var log = seen.log().orElse(LogError.NONE);
        var exit = "container " + end.container() + " exited with code " + end.exitCode();
        var type = failed.outOfMemory()
                ? Reason.OUT_OF_MEMORY.toString()
                : first(report.type(), log.type(), "ExitCode" + end.exitCode());
        var message = failed.outOfMemory()
                ? "container " + end.container() + " used more memory than its limit and was killed"
                : first(report.message(), log.message(), exit);
        return new JobError(
                Text.cut(type, 256),
                Text.message(message),
                first(report.trace(), log.trace(), ""),
                Text.message(first(
                        report.resolution(),
                        failed.resolution(),
                        report.cut()
                                ? "Shorten the worker's message, a trace belongs in the log: " + Report.CUT + "."
                                : "")),
                end.exitCode());
    }

    /** The error in one line: what stands in {@code status.message}. */
    private static String told(JobError error, Report report) {
        var remarks = remarks(report);
        var what = Stream.of(error.type(), error.message())
                .filter(text -> text != null && !text.isEmpty())
                .reduce((type, message) -> type + ": " + message)
                .orElse("");
        return Text.message(Text.cut(what, Limits.MESSAGE_CHARS - Math.min(remarks.length(), 400)) + remarks);
    }

    private static String first(String... texts) {
        return Stream.of(texts).filter(text -> !text.isEmpty()).findFirst().orElse("");
    }
}
