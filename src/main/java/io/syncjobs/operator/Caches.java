package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pruned;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The objects that the operator's watches hold, by name. Each watch has a store of its own, which feeds the index. */
final class Caches implements CachedObjects {
    private final Jobs jobs;
    private final IndexFeed feed;
    private final BiConsumer<SyncJob, SyncJob> changed;

    /** By the namespace that is watched; the framework has a special name for all namespaces. */
    private final Map<String, IndexedResourceCache<SyncJob>> jobCaches = new ConcurrentHashMap<>();

    private final Map<String, IndexedResourceCache<SyncQueue>> queueCaches = new ConcurrentHashMap<>();

    /** {@code changed} is told of each change of a job. */
    Caches(Jobs jobs, IndexFeed feed, BiConsumer<SyncJob, SyncJob> changed) {
        this.jobs = jobs;
        this.feed = feed;
        this.changed = changed;
    }

    void jobs(EventSourceContext<SyncJob> watch) {
        jobCaches.put(namespace(watch), watch.getPrimaryCache());
    }

    void queues(EventSourceContext<SyncQueue> watch) {
        queueCaches.put(namespace(watch), watch.getPrimaryCache());
    }

    private static String namespace(EventSourceContext<?> watch) {
        return watch.getControllerConfiguration()
                .getInformerConfig()
                .getNamespaces()
                .iterator()
                .next();
    }

    private static <R extends HasMetadata> Optional<R> find(
            Map<String, IndexedResourceCache<R>> caches, ResourceID name) {
        var namespace = name.getNamespace().orElse("");
        var cache = caches.getOrDefault(namespace, caches.get(Constants.WATCH_ALL_NAMESPACES));
        return cache == null ? Optional.empty() : cache.get(name);
    }

    FeedingStore<SyncJob> jobStore() {
        return new FeedingStore<>(Pruned::of, feed::job, feed::jobGone, changed);
    }

    FeedingStore<Pod> podStore() {
        return new FeedingStore<>(Pruned::of, feed::pod, feed::podGone);
    }

    FeedingStore<SyncQueue> queueStore() {
        return new FeedingStore<>(
                queue -> queue,
                queue -> {
                    // In this order: if a sweep misses the queue meanwhile, both forget it, and the next one finds it.
                    feed.queue(queue);
                    jobs.queues().seen(queue);
                },
                queue -> {
                    jobs.queues().seenGone(queue);
                    feed.queueGone(queue);
                });
    }

    @Override
    public Optional<SyncJob> job(String namespace, String name) {
        return find(jobCaches, new ResourceID(name, namespace)).map(jobs::newest);
    }

    @Override
    public Optional<SyncJob> watched(SyncJob job) {
        return find(jobCaches, ResourceID.fromResource(job));
    }

    @Override
    public Optional<SyncQueue> queue(QueueKey key) {
        return jobs.queues().newest(key, find(queueCaches, new ResourceID(key.name(), key.namespace())));
    }

    @Override
    public List<SyncQueue> queues() {
        return jobs.queues()
                .newest(queueCaches.values().stream()
                        .flatMap(ResourceCache::list)
                        .toList());
    }

    /** The spec of a queue. The queue named default exists without being created. */
    Optional<SyncQueueSpec> queueSpec(QueueKey key) {
        return queue(key).map(SyncQueue::getSpec).or(key::builtIn);
    }
}
