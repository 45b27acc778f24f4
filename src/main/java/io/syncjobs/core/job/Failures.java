package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Course;
import io.syncjobs.core.blame.Scene;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.job.Step.Retry;
import io.syncjobs.core.job.Step.Stop;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.run.Signals;
import io.syncjobs.core.trace.LogError;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a failed or successful run means for its job, from its end, its report and its log; for pods and warm workers
 * alike.
 */
public final class Failures {
    private Failures() {}

    /**
     * A run that ended by itself with a failure.
     *
     * @param type the type of the error, used where neither the worker's report nor its log names one
     * @param words the message, used in the same case
     * @param started when the worker began, if that was not recorded before
     */
    public record Failed(
            Verdict why,
            Scene scene,
            Report report,
            LogError log,
            String type,
            String words,
            @Nullable Integer exitCode,
            @Nullable Instant started) {}

    static Step success(PodOutcome.Succeeded succeeded) {
        return success(succeeded.report(), succeeded.end().started().orElse(null));
    }

    /** The job is Done, with the worker's result. */
    public static End success(Report report, @Nullable Instant started) {
        var message = Text.message("the worker reported success" + remarks(report));
        return new End(State.DONE, Reason.COMPLETED, message, null, report.result(), started);
    }

    /** What could not be read from the termination message. */
    private static String remarks(Report report) {
        return report.remarks().stream().map(remark -> "; " + remark).collect(joining());
    }

    static Step failure(Observation seen, PodOutcome.Failed failed) {
        var end = failed.end();
        var report = seen.inspected().own() ? Report.parse(end.messageOrLog(), end.finished()) : failed.report();
        var run = new Failed(
                failed.why(),
                seen.scene(end.container()),
                report.withTraceAtMost(seen.settings().traceBytes()),
                seen.inspected().log(),
                "ExitCode" + end.exitCode(),
                "container " + end.container() + " exited with code " + end.exitCode(),
                end.exitCode(),
                end.started().orElse(null));
        return failure(seen.job(), Lifecycle.effective(seen).retry(), run, seen.now());
    }

    /** The job is Failed or retried, as its policy says. */
    public static Step.Change failure(SyncJob job, RetryPolicy retry, Failed failed, Instant now) {
        var why = failed.why();
        var report = failed.report();
        var started = failed.started();
        if (why.course() != Course.RETRY && !Policies.retriesAny(retry)) {
            var error = error(failed, why.whenItHasEnded(failed.scene()));
            return new End(State.FAILED, why.reason(), told(error, report), error, null, started);
        }
        var error = error(failed, why.whileItIsRetried(failed.scene()));
        var retries = JobFields.retriesOf(job);
        if (!Policies.mayRetry(retry, retries)) {
            var message = Text.message(
                    "retry.limit is " + retry.limit() + " and used up; the last failure: " + told(error, report));
            return new End(
                    State.FAILED, Reason.RETRIES_EXHAUSTED, message, exhausted(failed.scene(), error), null, started);
        }
        var notBefore = notBefore(job, retry, retries, report.retryAfterSeconds(), now);
        return new Retry(notBefore, told(error, report), error, started);
    }

    /** The run took too long. It is stopped first; what follows is decided now, with the log as it is now. */
    static Step deadline(Observation seen, Effective effective) {
        var message = "the attempt ran longer than timeoutSeconds=" + effective.timeoutSeconds();
        var error = new JobError(
                "DeadlineExceeded",
                message,
                seen.inspected().log().trace(),
                Signals.ofOperator("DeadlineExceeded", false).whenItHasEnded(seen.scene("")),
                null);
        var retries = JobFields.retriesOf(seen.job());
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
        return notBefore(seen.job(), retry, retries, retryAfterSeconds, seen.now());
    }

    private static Instant notBefore(
            SyncJob job, RetryPolicy retry, int retries, @Nullable Integer retryAfterSeconds, Instant now) {
        return now.plus(Policies.delay(
                retry, retries + 1, retryAfterSeconds, job.getMetadata().getUid()));
    }

    /** Used only if neither the worker nor the platform has given a resolution. */
    private static JobError exhausted(Scene scene, JobError last) {
        if (!requireNonNullElse(last.resolution(), "").isEmpty()) return last;
        var resolution =
                Signals.ofOperator(Reason.RETRIES_EXHAUSTED.toString(), false).whenItHasEnded(scene);
        return new JobError(last.type(), last.message(), last.trace(), resolution, last.exitCode());
    }

    /** The platform's message takes precedence, then the worker's report, then the log. */
    private static JobError error(Failed failed, String resolution) {
        var report = failed.report();
        var log = failed.log();
        var platform = failed.why().error(failed.scene());
        var type = platform.isEmpty() ? first(report.type(), log.type(), failed.type()) : platformType(failed);
        return new JobError(
                Text.cut(Text.clean(type).strip().replace('\n', ' ').replace('\t', ' '), Limits.ERROR_TYPE_CHARS),
                Text.message(first(platform, report.message(), log.message(), failed.words())),
                Text.clean(first(report.trace(), log.trace(), "")),
                Text.message(first(
                        report.resolution(),
                        resolution,
                        report.cut()
                                ? "Shorten the worker's message, a trace belongs in the log: " + Report.CUT + "."
                                : "")),
                failed.exitCode());
    }

    private static String platformType(Failed failed) {
        return failed.why().reason() == Reason.JOB_FAILED
                ? "DeadlineExceeded"
                : failed.why().reason().toString();
    }

    /** The error in one line, for {@code status.message}. */
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
