package io.syncjobs.agent;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.kube.Jobs;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** What a worker asks of the API server about its jobs. Each method waits for its turn, and for the answer. */
final class Requests {
    /** Each request has a connection of its own, whose buffers are large for a process as small as this one. */
    private static final int AT_ONCE = 32;

    private final Jobs jobs;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    Requests(Jobs jobs) {
        this.jobs = jobs;
    }

    SyncJob writeStatus(SyncJob seen, SyncJobStatus next) {
        return inTurn(() -> jobs.writeStatus(seen, next));
    }

    /** The job as it is now; empty if it was deleted, also if another one has its name. */
    Optional<SyncJob> read(SyncJob last) {
        var seen = last.getMetadata();
        return inTurn(() -> jobs.read(seen.getNamespace(), seen.getName()))
                .filter(job -> job.getMetadata().getUid().equals(seen.getUid()));
    }

    /** The job with its payload, which is read again only if it was left out. */
    SyncJob whole(SyncJob job) {
        var payload = job.getSpec().payload();
        var isWhole = payload == null || payload.text().isPresent();
        return isWhole ? job : inTurn(() -> jobs.contents().whole(job));
    }

    private <T> T inTurn(Supplier<T> request) {
        turns.acquireUninterruptibly();
        try {
            return request.get();
        } finally {
            turns.release();
        }
    }
}
