package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.QueueKey;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Jobs;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the operator's watches hold, by name; each of them feeds the index. */
final class Caches {
    private final Jobs jobs;
    private final IndexFeed feed;
    private final BiConsumer<SyncJob, SyncJob> changed;
    private volatile @Nullable IndexedResourceCache<SyncJob> jobCache;
    private volatile @Nullable IndexedResourceCache<SyncQueue> queueCache;

    Caches(Jobs jobs, IndexFeed feed) {
        this(jobs, feed, (before, now) -> {});
    }

    /** {@code changed} is told of each change of a job. */
    Caches(Jobs jobs, IndexFeed feed, BiConsumer<SyncJob, SyncJob> changed) {
        this.jobs = jobs;
        this.feed = feed;
        this.changed = changed;
    }

    void jobs(IndexedResourceCache<SyncJob> cache) {
        jobCache = cache;
    }

    void queues(IndexedResourceCache<SyncQueue> cache) {
        queueCache = cache;
    }

    FeedingStore<SyncJob> jobStore() {
        return new FeedingStore<>(Client::prune, feed::job, feed::jobGone, changed);
    }

    FeedingStore<Pod> podStore() {
        return new FeedingStore<>(Client::prune, feed::pod, feed::podGone);
    }

    FeedingStore<SyncQueue> queueStore() {
        return new FeedingStore<>(queue -> queue, feed::queue, feed::queueGone);
    }

    /** A job as new as this process knows it. */
    Optional<SyncJob> job(String namespace, String name) {
        return watched(new ResourceID(name, namespace)).map(jobs::newest);
    }

    /** A job as the watch has told it last. */
    Optional<SyncJob> watched(SyncJob job) {
        return watched(ResourceID.fromResource(job));
    }

    private Optional<SyncJob> watched(ResourceID name) {
        var cache = jobCache;
        return cache == null ? Optional.empty() : cache.get(name);
    }

    Optional<SyncQueue> queue(QueueKey key) {
        var cache = queueCache;
        return cache == null ? Optional.empty() : cache.get(new ResourceID(key.name(), key.namespace()));
    }

    List<SyncQueue> queues() {
        var cache = queueCache;
        return cache == null ? List.of() : cache.list().toList();
    }

    /** The spec of a queue; the one named default exists without being created. */
    Optional<SyncQueueSpec> queueSpec(QueueKey key) {
        return queue(key).map(SyncQueue::getSpec).or(() -> EnqueuePass.builtIn(key));
    }
}
