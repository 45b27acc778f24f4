package io.syncjobs.core.index;

import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.run.Assignment.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run of a job that a warm worker has: the worker, and the times that decide when the operator looks at the job. The job has
 * no pod of its own whose events would wake the operator.
 *
 * @param enqueued when the worker was given the job
 * @param deadline when the time of a started run is over
 * @param stopped since when the run has to end
 */
public record WarmRun(Slot slot, Optional<Instant> enqueued, Optional<Instant> deadline, Optional<Instant> stopped) {

    static @Nullable WarmRun of(SyncJobStatus status) {
        var effective = status.effective();
        var pool = JobFields.poolOf(status);
        var worker = status.worker();
        if (!status.state().occupying() || effective == null || pool.isEmpty() || worker == null) return null;
        var timeout = Duration.ofSeconds(effective.timeoutSeconds());
        return new WarmRun(
                new Slot(worker, pool.get()),
                Optional.ofNullable(status.enqueuedTime()),
                Optional.ofNullable(status.startedTime()).map(began -> began.plus(timeout)),
                Optional.ofNullable(status.stop()).map(SyncJobStatus.Stop::time));
    }
}
