package io.syncjobs.pool;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolStatus;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.pool.PoolObjects.Worker;
import io.syncjobs.core.pool.PoolReports;
import io.syncjobs.core.pool.PoolUsage;
import io.syncjobs.core.pool.PoolView;
import io.syncjobs.core.settings.AgentDefaults;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.PoolViews;
import io.syncjobs.kube.Pools;
import io.syncjobs.kube.Pruned;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the objects of a pool as its spec says, and writes its status. */
public final class PoolReconciler implements Reconciler<SyncWorkerPool> {
    private static final Logger LOG = LoggerFactory.getLogger(PoolReconciler.class);

    /** How old the numbers in a pool's status may be. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** The same per pool, for namespaces with hundreds of pools. */
    private static final Duration LOOK_EACH = Duration.ofMillis(20);

    /** The limit for pools that are handled at once, because jobs use the same threads. */
    private static final int AT_ONCE = 16;

    private static final Duration BUSY = Duration.ofSeconds(1);

    /** The same for one namespace: a webhook there may hold up each write for half a minute. */
    private static final int OF_A_NAMESPACE = AT_ONCE / NamespaceShare.PARTS;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final NamespaceShare share = new NamespaceShare(OF_A_NAMESPACE);

    private final Pools pools;
    private final Children children;
    private final PoolUsage usage;
    private final Supplier<? extends Collection<SyncQueue>> queues;
    private final Events events;
    private final InstantSource clock;

    /** {@code queues} supplies all served queues. */
    public PoolReconciler(
            Pools pools,
            AgentDefaults settings,
            PoolUsage usage,
            Supplier<? extends Collection<SyncQueue>> queues,
            Events events,
            InstantSource clock) {
        this.pools = pools;
        children = new Children(pools, settings);
        this.usage = usage;
        this.queues = queues;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, SyncWorkerPool>> prepareEventSources(EventSourceContext<SyncWorkerPool> context) {
        return List.of(
                source(Deployment.class, "deployments", Pruned::of, context),
                source(Pod.class, "workers", Pruned::of, context));
    }

    private static <R extends HasMetadata> EventSource<R, SyncWorkerPool> source(
            Class<R> type, String name, UnaryOperator<R> prune, EventSourceContext<SyncWorkerPool> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, SyncWorkerPool.class)
                        .withName(name)
                        .withLabelSelector(Names.POOL)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(PoolReconciler::poolOf)
                        .withComparableResourceVersion(false)
                        .withInformerListLimit(Client.PAGE_LIMIT)
                        .withItemStore(new TransformingItemStore<>(prune))
                        .build(),
                context);
    }

    private static Set<ResourceID> poolOf(HasMetadata object) {
        var labels = requireNonNullElse(object.getMetadata().getLabels(), Map.<String, String>of());
        return Set.of(new ResourceID(
                labels.getOrDefault(Names.POOL, ""), object.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<SyncWorkerPool> reconcile(SyncWorkerPool pool, Context<SyncWorkerPool> context) {
        if (context.isPrimaryResourceDeleted() || pool.isMarkedForDeletion()) {
            children.forget(pool);
            return UpdateControl.noUpdate();
        }
        if (pool.getSpec() == null) return UpdateControl.noUpdate();
        var namespace = pool.getMetadata().getNamespace();
        // Thousands of pools must not keep jobs waiting, neither when an operator starts nor later.
        if (!inTurn(namespace, () -> look(pool, context)))
            return UpdateControl.<SyncWorkerPool>noUpdate().rescheduleAfter(BUSY);
        return UpdateControl.<SyncWorkerPool>noUpdate().rescheduleAfter(children.pause(namespace, LOOK, LOOK_EACH));
    }

    /** False if it is not the namespace's turn, and nothing was done. */
    boolean inTurn(String namespace, Runnable look) {
        if (!share.tryTake(namespace)) return false;
        try {
            if (!turns.tryAcquire()) return false;
            try {
                look.run();
            } finally {
                turns.release();
            }
        } finally {
            share.give(namespace);
        }
        return true;
    }

    private void look(SyncWorkerPool pool, Context<SyncWorkerPool> context) {
        var now = clock.instant();
        var deployment = context.getSecondaryResources(Deployment.class).stream()
                .filter(found -> isOf(found, pool))
                .findFirst();
        var pods = context.getSecondaryResources(Pod.class);
        var refused = children.keep(pool, deployment, workers(pods), now);
        var view = view(pool, deployment, pods);
        write(pool, PoolReports.of(pool, view, refused, now));
    }

    private static SortedMap<String, Worker> workers(Collection<Pod> pods) {
        var workers = new TreeMap<String, Worker>();
        pods.forEach(pod -> workers.put(pod.getMetadata().getUid(), PoolViews.worker(pod)));
        return workers;
    }

    /** The owner is checked too, because anybody can put the label on a Deployment. */
    private static boolean isOf(Deployment found, SyncWorkerPool pool) {
        var uid = pool.getMetadata().getUid();
        return found.getMetadata().getName().equals(pool.getMetadata().getName())
                && requireNonNullElse(found.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                        .anyMatch(owner -> uid.equals(owner.getUid()));
    }

    private PoolView view(SyncWorkerPool pool, Optional<Deployment> deployment, Collection<Pod> pods) {
        var meta = pool.getMetadata();
        return new PoolView(
                deployment.map(PoolViews::of),
                pods.stream().flatMap(pod -> PoolViews.of(pod).stream()).toList(),
                usage.of(meta.getNamespace(), meta.getName()),
                queues.get().stream()
                        .filter(queue ->
                                meta.getNamespace().equals(queue.getMetadata().getNamespace())
                                        && queue.getSpec() != null
                                        && meta.getName().equals(queue.getSpec().workerPool()))
                        .map(queue ->
                                new PoolView.Queue(queue.getMetadata().getName(), Policies.capacity(queue.getSpec())))
                        .toList());
    }

    private void write(SyncWorkerPool pool, SyncWorkerPoolStatus next) {
        var before = Optional.ofNullable(pool.getStatus()).map(SyncWorkerPoolStatus::reason);
        try {
            if (!pools.writeStatus(pool, next)) return;
        } catch (ApiException e) {
            // Somebody has just changed the pool, or it is gone. The event about that is on its way.
            if (!e.isConflict() && !e.isNotFound()) throw e;
            return;
        }
        if (next.reason() == null || Objects.equals(before.orElse(null), next.reason())) return;
        LOG.atWarn()
                .addKeyValue(
                        "pool",
                        pool.getMetadata().getNamespace() + "/"
                                + pool.getMetadata().getName())
                .log("{}: {}", next.reason(), next.message());
        events.warn(pool, next.reason(), String.valueOf(next.message()));
    }
}
