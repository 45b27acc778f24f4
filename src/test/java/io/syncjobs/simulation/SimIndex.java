package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import java.time.Duration;

/** The shipped index of one process, told by its watches and answers. The simulation has one thread, so nothing queues up. */
final class SimIndex {
    private final JobIndex index;
    private final SimCaches caches;
    private long queueVersions;

    SimIndex(SimCaches caches, Duration patience) {
        index = new JobIndex(patience, Limits.MESSAGE_REFRESH);
        this.caches = caches;
    }

    JobIndex index() {
        return index;
    }

    void see(SyncJob job) {
        index.see(JobEntry.of(job));
    }

    void gone(String uid) {
        index.gone(uid, caches.reservations().mayHavePod(uid));
        caches.forget(uid);
    }

    void see(SimPod pod) {
        index.see(entry(pod));
    }

    void podGone(String uid) {
        index.podGone(uid);
    }

    void see(String queue, SyncQueueSpec spec) {
        index.see(new QueueKey(ApiServer.NAMESPACE, queue), spec, ++queueVersions);
    }

    static PodEntry entry(SimPod pod) {
        var view = pod.view();
        return new PodEntry(
                view.uid(),
                view.name(),
                pod.jobUid(),
                pod.queue(),
                view.attempt(),
                Long.parseLong(view.version()),
                view.ended());
    }
}
