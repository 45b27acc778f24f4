package io.syncjobs.core.worker;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt that an agent has.
 *
 * @param job as it was seen last; empty once it is known to be deleted
 * @param attempt the one that was assigned
 * @param since when the agent saw it first
 * @param cancelled when the handler was told to give it up
 */
public record Task(Optional<SyncJob> job, int attempt, Instant since, Progress progress, Optional<Instant> cancelled) {
    /** An attempt that is seen for the first time. */
    public static Task of(SyncJob job, Instant now) {
        var status = Observation.statusOf(job);
        var progress = status.state() == State.STARTED ? new Progress.Foreign() : new Progress.Waiting();
        return new Task(Optional.of(job), attempt(job), now, progress, Optional.empty());
    }

    /** The number of a job's attempt. */
    static int attempt(SyncJob job) {
        return Objects.requireNonNullElse(Observation.statusOf(job).attempt(), 0);
    }

    public Task with(Progress next) {
        return new Task(job, attempt, since, next, cancelled);
    }

    public Task with(SyncJob newer) {
        return new Task(Optional.of(newer), attempt, since, progress, cancelled);
    }

    /** The same of a job that is no more. */
    public Task deleted() {
        return new Task(Optional.empty(), attempt, since, progress, cancelled);
    }

    public Task cancelledAt(Instant now) {
        return new Task(job, attempt, since, progress, Optional.of(now));
    }

    /** True for a job that a worker of a pool has, and is to execute or is executing. */
    public static boolean isOf(SyncJob job, String worker) {
        var status = Observation.statusOf(job);
        return status.state().occupying()
                && worker.equals(status.worker())
                && status.effective() != null
                && status.effective().workerPool() != null;
    }

    /** True while the attempt is this worker's. */
    public boolean isStillOf(String worker) {
        return job.filter(seen -> isOf(seen, worker) && attempt(seen) == attempt)
                .isPresent();
    }
}
