package io.syncjobs.core.worker;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Course;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Failures;
import io.syncjobs.core.job.Failures.Failed;
import io.syncjobs.core.job.Losses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.run.Results;
import io.syncjobs.core.run.Waits;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotHttp;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import java.time.Instant;

/** What a handler's answer means for its job. The same end of a pod would lead to the same step. */
public final class Outcomes {
    private Outcomes() {}

    /** Why an attempt is given back, or why its answer does not count. */
    public enum GiveBack {
        /** The worker is being shut down. */
        DRAINING("Draining", "its worker, or its handler alone, is being shut down", true),
        /**
         * The worker is being shut down as once before during this job, and it lives on: its kubelet restarts the handler alone.
         */
        DRAINING_AGAIN("DrainingAgain", "its handler alone is being shut down during this job, as once before", true),
        /** The handler had not been called when the worker was shut down. */
        NOT_BEGUN("Draining", "its worker, or its handler alone, is being shut down, and had not begun with it", true),
        /** The agent was restarted within its pod, and knows nothing about the call. */
        AGENT_RESTARTED("AgentRestarted", "the agent of its worker was restarted", true),
        /** The agent could not reach the API server for so long that the operator may take the worker for dead. */
        CUT_OFF("CutOff", "its worker was cut off from the API server and gave up the call", true),
        /** The handler accepted no connection for a minute. */
        NOT_READY("NotReady", "its worker's handler accepted no connection", false);

        private final String code;
        private final String story;
        private final boolean begun;

        GiveBack(String code, String story, boolean begun) {
            this.code = code;
            this.story = story;
            this.begun = begun;
        }
    }

    /**
     * What happens to an attempt that its worker gives back. Of all reasons only {@link GiveBack#DRAINING_AGAIN} counts against the
     * job.
     *
     * @param notBefore until then the handler may still be working on it
     */
    public static Step.Change giveBack(
            SyncJob job, Handler handler, GiveBack why, String detail, Instant notBefore, Instant now) {
        var story = detail.isEmpty() ? why.story : why.story + ": " + detail;
        var lost = Losses.lost(job, handler.scene(job), why.begun, verdict(why.code, ""), story, now);
        return lost instanceof Step.RecordLoss lose && lose.notBefore().isBefore(notBefore)
                ? new Step.RecordLoss(lose.planned(), lose.reason(), lose.message(), notBefore)
                : lost;
    }

    /** What an answer means for its job. */
    public static Step.Change of(SyncJob job, Handler handler, HandlerAnswer answer, Instant now) {
        return switch (answer) {
            case Answered answered -> answered(job, handler, answered, now);
            case NotSent notSent -> giveBack(job, handler, GiveBack.NOT_READY, notSent.why(), now, now);
            case Broken broken ->
                Losses.lost(
                        job,
                        handler.scene(job),
                        true,
                        verdict("Broken", broken.why()),
                        "the connection to its handler broke in the middle of the call: " + broken.why(),
                        now);
            case NotHttp notHttp -> {
                var words =
                        "port " + handler.port() + " answered with something that is not HTTP/1.1: " + notHttp.why();
                yield failure(job, handler, verdict("NotHttp", notHttp.why()), Report.EMPTY, "NotHttp", words, now);
            }
        };
    }

    /** True for an answer that says that the work is done. It counts whatever was decided meanwhile. */
    static boolean isSuccess(HandlerAnswer answer) {
        return answer instanceof Answered answered && verdict(answered).course() == Course.SUCCEED;
    }

    private static Verdict verdict(Answered answered) {
        return verdict("HTTP " + answered.status(), "");
    }

    private static Verdict verdict(String code, String words) {
        return Blame.of(Signal.of(Source.HANDLER, code, words));
    }

    private static Step.Change answered(SyncJob job, Handler handler, Answered answered, Instant now) {
        var why = verdict(answered);
        var status = "HTTP " + answered.status();
        var type = "Http" + answered.status();
        return switch (answered.status() / 100) {
            case 2 ->
                why.course() == Course.SUCCEED
                        ? Failures.success(success(answered), null)
                        : failure(job, handler, why, Report.EMPTY, type, "the handler answered " + status, now);
            // The body of a redirect is meant for browsers.
            case 1, 3 -> failure(job, handler, why, Report.EMPTY, type, "the handler answered " + status, now);
            default -> {
                var report = Problems.read(answered).withTraceAtMost(handler.traceBytes());
                if (why.course() == Course.RETRY) {
                    var wait = Waits.seconds(answered.retryAfter(), now).orElse(null);
                    report = report.retryingAfter(wait, answered.retryAfter());
                }
                yield failure(job, handler, why, report, type, "the handler answered " + status, now);
            }
        };
    }

    private static Report success(Answered answered) {
        var kept = answered.whole()
                ? Results.ofText(Bodies.text(answered), Bodies.isOf(answered, "json"))
                : Results.ofTooLong(answered.body().length);
        return Report.succeeding(kept);
    }

    private static Step.Change failure(
            SyncJob job, Handler handler, Verdict why, Report report, String type, String words, Instant now) {
        var failed = new Failed(why, handler.scene(job), report, LogError.NONE, type, words, null, null);
        return Failures.failure(job, HandlerRequest.effective(job).retry(), failed, now);
    }
}
