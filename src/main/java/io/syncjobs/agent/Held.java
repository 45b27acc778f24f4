package io.syncjobs.agent;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.worker.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt, and what is under way for it. Guarded by the agent's lock. */
final class Held {
    private static final int LONGEST_PAUSE_MILLIS = 10_000;

    final String uid;
    final String name;
    final @Nullable RawJson payload;
    Task task;

    /** The job as it was when it was known last. */
    SyncJob last;

    /** A request about it is under way: whatever else is to be done is done after that. */
    boolean busy;

    /** What the job is now must be read. */
    boolean look;

    /** The handler is being told to give it up. */
    boolean telling;

    /** The call under way; none of an older number is listened to. */
    Optional<Calls.Call> call = Optional.empty();

    int calls;
    Optional<Instant> unreachedSince = Optional.empty();

    private int failures;
    private Instant notBefore = Instant.MIN;

    Held(SyncJob job, Task task) {
        uid = job.getMetadata().getUid();
        name = job.getMetadata().getName();
        payload = job.getSpec().payload();
        last = job;
        this.task = task;
    }

    /** A version of the job that is known now; answers of the API server come without the payload's text. */
    void adopt(SyncJob job) {
        var spec = job.getSpec();
        job.setSpec(spec.with(payload, spec.template()));
        last = job;
        task = task.with(job);
    }

    boolean isOlderThan(SyncJob job) {
        return Observation.versionOf(job) > Observation.versionOf(last);
    }

    /** A request failed: the next one waits a little, and longer each time. */
    void failed(Instant now) {
        notBefore = now.plus(Duration.ofMillis(Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(failures++, 7))));
    }

    void succeeded() {
        failures = 0;
        notBefore = Instant.MIN;
    }

    boolean mustPause(Instant now) {
        return now.isBefore(notBefore);
    }
}
