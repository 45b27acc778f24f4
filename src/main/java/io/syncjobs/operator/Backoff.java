package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How long to wait before a refused pod is tried again: doubling, per job. */
final class Backoff {
    private final Map<String, Duration> waits = new ConcurrentHashMap<>();

    Duration next(SyncJob job) {
        return waits.merge(job.getMetadata().getUid(), Limits.POD_REFUSED_FIRST, (last, first) -> {
            var doubled = last.multipliedBy(2);
            return doubled.compareTo(Limits.POD_REFUSED_MAX) < 0 ? doubled : Limits.POD_REFUSED_MAX;
        });
    }

    void forget(SyncJob job) {
        waits.remove(job.getMetadata().getUid());
    }

    void retain(Set<String> uids) {
        waits.keySet().retainAll(uids);
    }
}
