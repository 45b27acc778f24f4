package io.syncjobs.operator;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.QueueKey;
import io.syncjobs.enqueuer.ClusterSnapshot;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the operator's watches hold, as the framework gives it to each reconciler at its start. */
final class Caches {
    private final Jobs jobs;
    private final Reservations reservations;
    private final boolean jobTemplates;
    private @Nullable IndexedResourceCache<SyncJob> jobCache;
    private @Nullable IndexedResourceCache<SyncQueue> queueCache;
    private @Nullable InformerEventSource<Pod, SyncJob> podCache;

    /** {@code jobTemplates} tells whether jobs' own templates are run. */
    Caches(Jobs jobs, Reservations reservations, boolean jobTemplates) {
        this.jobs = jobs;
        this.reservations = reservations;
        this.jobTemplates = jobTemplates;
    }

    synchronized void jobs(IndexedResourceCache<SyncJob> cache, InformerEventSource<Pod, SyncJob> pods) {
        jobCache = cache;
        podCache = pods;
    }

    synchronized void queues(IndexedResourceCache<SyncQueue> cache) {
        queueCache = cache;
    }

    /** All jobs, each as new as this process knows it. */
    synchronized List<SyncJob> jobs() {
        return requireNonNull(jobCache).list().map(jobs::newest).toList();
    }

    synchronized List<SyncQueue> queues() {
        return requireNonNull(queueCache).list().toList();
    }

    /** How many pods there are. */
    synchronized int pods() {
        return (int) requireNonNull(podCache).list().count();
    }

    /** The spec of a queue; the one named default exists without being created. */
    Optional<SyncQueueSpec> queueSpec(QueueKey key) {
        return queues().stream()
                .filter(queue -> QueueKey.of(queue).equals(key))
                .findFirst()
                .map(SyncQueue::getSpec)
                .or(() -> EnqueuePass.builtIn(key));
    }

    /** Everything, for a pass. */
    Snapshot snapshot() {
        Stream<Pod> pods;
        synchronized (this) {
            pods = requireNonNull(podCache).list();
        }
        // Before the pods: one that is gone must not be taken for one that still comes.
        var places = reservations.places();
        return ClusterSnapshot.of(jobs(), queues(), pods.toList(), places).withJobTemplates(jobTemplates);
    }
}
