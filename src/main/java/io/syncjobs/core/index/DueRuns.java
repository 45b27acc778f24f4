package io.syncjobs.core.index;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.Limits;
import io.syncjobs.core.run.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The jobs of warm workers for which the operator has something to do. These jobs wake no reconciler, so they are looked for
 * here. There are never more of them than there are slots.
 */
public final class DueRuns {
    private DueRuns() {}

    /** {@code deadAfter} is the longest wait for a run that must end. */
    public static List<JobEntry> of(JobIndex index, Duration deadAfter, Instant now) {
        return index.warmJobs().stream()
                .filter(job -> isDue(index, job, deadAfter, now))
                .toList();
    }

    /**
     * Started jobs whose status says that the operator failed at them, although their worker is heard. While this operator fails, it
     * tries again by itself; but the one that failed may have been another one.
     */
    public static List<JobEntry> failedAt(JobIndex index, Instant now) {
        return index.warmJobs().stream()
                .filter(job -> job.state() == State.STARTED
                        && Reason.INTERNAL_ERROR.toString().equals(job.told()))
                .filter(job -> index.workers()
                                .view(
                                        job.namespace(),
                                        job.warmRun().orElseThrow().slot().worker(),
                                        now)
                        instanceof WorkerView.Alive)
                .toList();
    }

    private static boolean isDue(JobIndex index, JobEntry job, Duration deadAfter, Instant now) {
        var run = job.warmRun().orElseThrow();
        var isOver = run.stopped()
                .map(stop -> stop.plus(deadAfter))
                .or(() -> job.state() == State.ENQUEUED
                        ? run.enqueued().map(given -> given.plus(Limits.TAKEN_WITHIN))
                        : run.deadline());
        if (isOver.isPresent() && !now.isBefore(isOver.get())) return true;
        var toldOfSilence = Reason.WORKER_DIED.toString().equals(job.told());
        return switch (index.workers().view(job.namespace(), run.slot().worker(), now)) {
            case WorkerView.Gone gone -> true;
            case WorkerView.Silent silent ->
                !now.isBefore(silent.deadAt()) || (!now.isBefore(silent.timeOver()) && !toldOfSilence);
            case WorkerView.Alive alive -> toldOfSilence && job.state() == State.STARTED;
            case WorkerView.Unknown unknown -> false;
        };
    }
}
