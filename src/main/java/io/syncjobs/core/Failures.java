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
import io.syncjobs.core.blame.Course;
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
        var why = failed.why();
        var scene = seen.scene(failed.end().container());
        var started = failed.end().started().orElse(null);
        if (why.course() != Course.RETRY && !Policies.retriesAny(retry)) {
            var error = error(seen, failed, why.whenItHasEnded(scene));
            return new End(State.FAILED, why.reason(), told(error, failed.report()), error, null, started);
        }
        var error = error(seen, failed, why.whileItIsRetried(scene));
        var retries = requireNonNullElse(seen.status().retries(), 0);
        if (!Policies.mayRetry(retry, retries)) {
            var message = Text.message("retry.limit is " + retry.limit() + " and used up; the last failure: "
                    + told(error, failed.report()));
            return new End(State.FAILED, Reason.RETRIES_EXHAUSTED, message, exhausted(seen, error), null, started);
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
                Signals.ofOperator("DeadlineExceeded", false).whenItHasEnded(seen.scene("")),
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

    static Instant notBefore(Observation seen, RetryPolicy retry, int retries, @Nullable Integer retryAfterSeconds) {
        Duration delay = Policies.delay(
                retry, retries + 1, retryAfterSeconds, seen.job().getMetadata().getUid());
        return seen.now().plus(delay);
    }

    /** Only where neither the worker nor the platform knows better. */
    private static JobError exhausted(Observation seen, JobError last) {
        if (!requireNonNullElse(last.resolution(), "").isEmpty()) return last;
        var resolution =
                Signals.ofOperator(Reason.RETRIES_EXHAUSTED.toString(), false).whenItHasEnded(seen.scene(""));
        return new JobError(last.type(), last.message(), last.trace(), resolution, last.exitCode());
    }

    /** The platform's own words come first, then the worker's, then what its log says. */
    private static JobError error(Observation seen, Fate.Failed failed, String resolution) {
        var report = failed.report();
        var end = failed.end();
        var log = seen.log().orElse(LogError.NONE);
        var platform = failed.why().error(seen.scene(end.container()));
        var exit = "container " + end.container() + " exited with code " + end.exitCode();
        var type = platform.isEmpty()
                ? first(report.type(), log.type(), "ExitCode" + end.exitCode())
                : platformType(failed);
        return new JobError(
                Text.cut(type, 256),
                Text.message(first(platform, report.message(), log.message(), exit)),
                first(report.trace(), log.trace(), ""),
                Text.message(first(
                        report.resolution(),
                        resolution,
                        report.cut()
                                ? "Shorten the worker's message, a trace belongs in the log: " + Report.CUT + "."
                                : "")),
                end.exitCode());
    }

    private static String platformType(Fate.Failed failed) {
        return failed.why().reason() == Reason.JOB_FAILED
                ? "DeadlineExceeded"
                : failed.why().reason().toString();
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
