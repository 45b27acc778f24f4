package io.syncjobs.core.worker;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import java.time.Instant;
import java.util.Optional;

/**
 * One attempt that an agent has.
 *
 * @param job the last known version of the job; empty once its deletion is known
 * @param attempt the number of the attempt that was assigned
 * @param since when the agent first saw it; as all times of a task it is one of {@link Situation#steady}
 * @param cancelled set if the handler was asked to give it up
 * @param suspect true if the handler alone was shut down once before while it worked on the job: its pod, and this agent, live on
 */
public record Task(
        Optional<SyncJob> job,
        int attempt,
        Instant since,
        Progress progress,
        Optional<Cancelled> cancelled,
        boolean suspect) {
    /**
     * The last time that the handler was asked to give up the call.
     *
     * @param end true if the attempt must end; false if only the worker may not go on for now, so that a later end asks again
     */
    public record Cancelled(Instant since, boolean end) {}

    /** An attempt that the agent sees for the first time. */
    public static Task of(SyncJob job, Instant now, boolean suspect) {
        var status = JobFields.statusOf(job);
        var progress = status.state() == State.STARTED ? new Progress.Foreign() : new Progress.Waiting();
        return new Task(Optional.of(job), JobFields.attemptOf(job), now, progress, Optional.empty(), suspect);
    }

    /** The same attempt with this progress. */
    public Task with(Progress next) {
        return new Task(job, attempt, since, next, cancelled, suspect);
    }

    /** The same attempt with another version of its job. */
    public Task with(SyncJob newer) {
        return new Task(Optional.of(newer), attempt, since, progress, cancelled, suspect);
    }

    /** The same attempt after the job was deleted. */
    public Task deleted() {
        return new Task(Optional.empty(), attempt, since, progress, cancelled, suspect);
    }

    /** The same attempt after its handler was asked to give it up; {@code end} as in {@link Cancelled}. */
    public Task cancelled(Instant now, boolean end) {
        return new Task(job, attempt, since, progress, Optional.of(new Cancelled(now, end)), suspect);
    }

    /** True if this worker of a pool has the job. */
    public static boolean isOf(SyncJob job, String worker) {
        var status = JobFields.statusOf(job);
        return status.state().occupying()
                && worker.equals(status.worker())
                && status.effective() != null
                && status.effective().workerPool() != null;
    }

    /** True while the attempt is this worker's. */
    public boolean isStillOf(String worker) {
        return job.filter(seen -> isOf(seen, worker) && JobFields.attemptOf(seen) == attempt)
                .isPresent();
    }
}
