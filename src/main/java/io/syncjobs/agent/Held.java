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

    /** After so many conflicts in a row it is more than an old version that stands in the way. */
    private static final int CONFLICTS = 3;

    final String uid;
    private @Nullable RawJson payload;
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
    private int conflicts;

    Held(SyncJob job, Task task) {
        uid = job.getMetadata().getUid();
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

    /** The bytes of the text of the payload, as long as it is kept. */
    int payloadBytes() {
        return payload != null && payload.hasText() ? payload.bytes() : 0;
    }

    /**
     * A running call needs the payload no more, and a worker may have hundreds of calls. That of a job that waits is read again when
     * it is called.
     */
    void forgetPayload() {
        if (payload == null) return;
        payload = payload.measured();
        last.setSpec(last.getSpec().with(payload, last.getSpec().template()));
    }

    /** A request has failed. The next one waits, longer after each failure, and not at all where only the version was out of date. */
    void failed(boolean conflict, long nanos) {
        if (conflict && ++conflicts <= CONFLICTS) return;
        backoff = backoff.failed(nanos);
    }

    /**
     * The next step is done. That the job could be read is no reason to forget the failures before: 1. A write is refused. 2. The job
     * is read. 3. The write is refused again.
     */
    void succeeded() {
        backoff = RETRY;
        conflicts = 0;
    }

    boolean mustPause(long nanos) {
        return !backoff.left(nanos).isZero();
    }
}
