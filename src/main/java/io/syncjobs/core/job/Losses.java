package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Scene;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.job.Step.RecordLoss;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Decides what happens to a job whose attempt ended without a result. */
public final class Losses {
    private Losses() {}

    static Step lost(Observation seen, Verdict why, String story) {
        var begun = seen.current().map(PodView::hasBegun).orElse(true);
        return lost(seen.job(), seen.scene(""), begun, why, story, seen.now());
    }

    /**
     * The same for pods and warm workers.
     *
     * @param begun whether the worker had begun, as far as anybody knows
     */
    public static Step.Change lost(SyncJob job, Scene scene, boolean begun, Verdict why, String story, Instant now) {
        var status = JobFields.statusOf(job);
        var losses = requireNonNullElse(status.workerLosses(), 0) + 1;
        var told = why.error(scene).isEmpty() ? story : why.error(scene);
        if (why.counts() && losses >= Limits.WORKER_LOSSES) {
            var reason = why.reason() == Reason.OUT_OF_MEMORY ? why.reason() : Reason.WORKER_LOST;
            var message = Text.message(losses + " attempts were lost with their worker; the last: " + told);
            var error = new JobError(reason.toString(), message, null, why.whenItHasEnded(scene), null);
            return new End(State.FAILED, reason, message, error, null);
        }
        var pause = why.counts() ? Duration.ZERO : pause(status, begun);
        var lead = "attempt " + status.attempt() + " was lost (" + told + "); it runs again"
                + (pause.isZero() ? "" : " in " + pause.toSeconds() + " s");
        var message = Text.withAdvice(lead, why.whileItIsRetried(scene));
        return new RecordLoss(!why.counts(), why.reason(), message, now.plus(pause));
    }

    /**
     * How long the job waits before it runs again. Something may refuse or end all pods for a while, for example a node with a
     * full disk; without the pause this would be a hot loop. A worker that had begun and is lost for the first time is replaced
     * immediately.
     */
    private static Duration pause(SyncJobStatus status, boolean begun) {
        return Refusals.waitAfter(lossesInARow(status) + (begun ? 0 : 1));
    }

    private static int lossesInARow(SyncJobStatus status) {
        var latestFirst = requireNonNullElse(status.history(), List.<SyncJobStatus.Attempt>of())
                .reversed();
        return (int) latestFirst.stream()
                .takeWhile(one -> Statuses.LOST.equals(one.outcome()))
                .count();
    }
}
