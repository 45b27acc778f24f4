package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.settings.PoolTiming;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Pruned;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The framework's watches of pools and of the pods and Leases of workers. They feed the index and wake no job. */
final class WorkerSources {
    private final IndexFeed feed;
    private final PoolTiming timing;

    WorkerSources(IndexFeed feed, PoolTiming timing) {
        this.feed = feed;
        this.timing = timing;
    }

    List<EventSource<?, SyncJob>> sources(EventSourceContext<SyncJob> context) {
        return List.of(
                source("workers", Pod.class, feed::worker, feed::workerGone, context),
                source("leases", Lease.class, feed::lease, feed::leaseGone, context));
    }

    private static <R extends HasMetadata> EventSource<R, SyncJob> source(
            String name, Class<R> kind, Consumer<R> seen, Consumer<R> gone, EventSourceContext<SyncJob> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, SyncJob.class)
                        .withName(name)
                        .withLabelSelector(Names.POOL)
                        .withSecondaryToPrimaryMapper(object -> Set.of())
                        .withNamespacesInheritedFromController()
                        .withComparableResourceVersion(false)
                        .withInformerListLimit(Client.PAGE_LIMIT)
                        .withItemStore(new FeedingStore<>(Pruned::any, seen, gone))
                        .build(),
                context);
    }

    /** The store of the watch of pools. */
    FeedingStore<SyncWorkerPool> poolStore() {
        return new FeedingStore<>(Pruned::any, pool -> feed.pool(pool, timing), feed::poolGone);
    }
}
