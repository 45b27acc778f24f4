package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.pool.PoolReconciler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The framework's controllers: one of each kind for all namespaces, or one for each namespace that is served. Several watches must
 * not share a cache: each drops from it what its own list does not have.
 */
final class Controllers {
    private static final String JOBS = "syncjobs";
    private static final String QUEUES = "syncqueues";
    private static final String POOLS = "syncworkerpools";
    private static final List<String> KINDS = List.of(JOBS, QUEUES, POOLS);

    private final List<String> namespaces;
    private final Caches caches;
    private final Map<String, SyncJobReconciler> reconcilers = new HashMap<>();

    /** {@code namespaces} are those that are served; empty for all. */
    Controllers(List<String> namespaces, Caches caches) {
        this.namespaces = namespaces.isEmpty() ? List.of(Constants.WATCH_ALL_NAMESPACES) : namespaces;
        this.caches = caches;
    }

    /** Registers those of jobs and of queues. */
    void jobs(Operator operator, Supplier<SyncJobReconciler> reconciler) {
        for (var namespace : namespaces) {
            var jobs = reconciler.get();
            reconcilers.put(namespace, jobs);
            operator.register(
                    jobs,
                    // Jobs that only wait, and those of warm workers, wake nobody: there may be 100,000 of them. One
                    // that may
                    // have pods does: of a job of which it was told nothing the framework drops what its pods do.
                    c -> configure(c, namespace, JOBS)
                            .withOnAddFilter(Lifecycle::wakes)
                            .withOnUpdateFilter((job, before) -> Lifecycle.wakes(job))
                            .withItemStore(caches.jobStore()));
            operator.register(
                    new SyncQueueReconciler(caches),
                    // Nothing is to be done for a queue: its status changes wake nobody.
                    c -> configure(c, namespace, QUEUES)
                            .withTriggerReconcilerOnAllEvents(false)
                            .withGenerationAware(true)
                            .withItemStore(caches.queueStore()));
        }
    }

    /** Registers those of pools; each needs a store of its own. */
    void pools(Operator operator, Supplier<PoolReconciler> reconciler, Supplier<FeedingStore<SyncWorkerPool>> stores) {
        for (var namespace : namespaces)
            operator.register(
                    reconciler.get(), c -> configure(c, namespace, POOLS).withItemStore(stores.get()));
    }

    private <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> controller, String namespace, String name) {
        return controller
                .withName(name(name, namespace))
                .settingNamespace(namespace)
                .withGenerationAware(false)
                .withTriggerReconcilerOnAllEvents(true)
                .withInformerListLimit(500L)
                .withReconciliationMaxInterval(null)
                .withRetry(new GenericRetry()
                        .setInitialInterval(500)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(30_000)
                        .setMaxAttempts(-1));
    }

    private static String name(String kind, String namespace) {
        return namespace.equals(Constants.WATCH_ALL_NAMESPACES) ? kind : kind + "-" + namespace;
    }

    /** True while at least one namespace is watched: one that cannot be, such as one that was deleted, does not take away the others. */
    boolean serve(Map<String, Map<String, EventSourceHealthIndicator>> unhealthy) {
        return serve(namespaces, unhealthy);
    }

    static boolean serve(
            List<String> namespaces, Map<String, Map<String, EventSourceHealthIndicator>> unhealthyByController) {
        return namespaces.stream()
                .anyMatch(namespace -> KINDS.stream()
                        .allMatch(kind -> unhealthyByController
                                .getOrDefault(name(kind, namespace), Map.of())
                                .isEmpty()));
    }

    /** Has a job looked at, whether or not anything of it has changed. */
    void look(String namespace, String job) {
        var reconciler = reconcilers.getOrDefault(namespace, reconcilers.get(Constants.WATCH_ALL_NAMESPACES));
        if (reconciler != null) caches.job(namespace, job).ifPresent(reconciler::look);
    }

    /** The same for one that is at hand. */
    void look(SyncJob job) {
        look(job.getMetadata().getNamespace(), job.getMetadata().getName());
    }
}
