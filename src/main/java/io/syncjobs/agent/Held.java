package io.syncjobs.agent;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.worker.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt that the worker has, and the requests that are under way for it. Guarded by the agent's lock. */
final class Held {
    private static final Backoff RETRY = Backoff.before(Duration.ofMillis(100), Duration.ofSeconds(10));

    final String uid;
    final String name;
    final @Nullable RawJson payload;
    Task task;

    /** The last known version of the job. It stays after the job was deleted. */
    SyncJob last;

    /** True while a request to the API server is under way. The next move waits for its answer. */
    boolean busy;

    /** True if the job must be read from the API server before the next move. */
    boolean look;

    /** True while the handler is being asked to give up the call. */
    boolean telling;

    /** The call that is under way. */
    Optional<Calls.Call> call = Optional.empty();

    /** The number of the last call. The answer to an earlier call is ignored. */
    int calls;

    Optional<Instant> unreachedSince = Optional.empty();

    private Backoff backoff = RETRY;
    private Instant notBefore = Instant.MIN;

    Held(SyncJob job, Task task) {
        uid = job.getMetadata().getUid();
        name = job.getMetadata().getName();
        payload = job.getSpec().payload();
        last = job;
        this.task = task;
    }

    /**
     * Takes in a version of the job, unless a newer one is known: the watch may be faster than the answer to a write. Answers of
     * the API server lack the text of the payload, so it is kept from the first version.
     */
    void adopt(SyncJob job) {
        if (JobFields.versionOf(job) < JobFields.versionOf(last)) return;
        var spec = job.getSpec();
        job.setSpec(spec.with(payload, spec.template()));
        last = job;
        task = task.with(job);
    }

    /** A request has failed. The next one waits, longer after each failure. */
    void failed(Instant now) {
        backoff = backoff.failed(0);
        notBefore = now.plus(backoff.length());
    }

    void succeeded() {
        backoff = RETRY;
        notBefore = Instant.MIN;
    }

    boolean mustPause(Instant now) {
        return now.isBefore(notBefore);
    }
}
