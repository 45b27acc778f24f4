package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.kube.Client;
import io.syncjobs.pool.PoolReconciler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The framework's controllers: one of each kind for all namespaces, or one for each served namespace. Several watches must not
 * share a cache, because each removes from it what its own list lacks.
 */
final class Controllers {
    private static final String JOBS = "syncjobs";
    private static final String QUEUES = "syncqueues";
    private static final String POOLS = "syncworkerpools";
    private static final List<String> KINDS = List.of(JOBS, QUEUES, POOLS);

    private final List<String> namespaces;
    private final Caches caches;
    private final Map<String, SyncJobReconciler> reconcilers = new HashMap<>();

    /** {@code namespaces} are the served namespaces; empty for all. */
    Controllers(List<String> namespaces, Caches caches) {
        this.namespaces = namespaces.isEmpty() ? List.of(Constants.WATCH_ALL_NAMESPACES) : namespaces;
        this.caches = caches;
    }

    /** Registers the controllers of jobs and of queues. */
    void jobs(Operator operator, Supplier<SyncJobReconciler> reconciler) {
        for (var namespace : namespaces) {
            var jobs = reconciler.get();
            reconcilers.put(namespace, jobs);
            operator.register(
                    jobs,
                    // Jobs that only wait, and jobs of warm workers, wake nobody: there may be 100,000 of them. A job
                    // that may have pods must wake the reconciler, because the framework drops events of pods whose job
                    // was filtered out.
                    c -> configure(c, namespace, JOBS)
                            .withOnAddFilter(Lifecycle::wakes)
                            .withOnUpdateFilter((job, before) -> Lifecycle.wakes(job))
                            .withItemStore(caches.jobStore()));
            operator.register(
                    new SyncQueueReconciler(caches),
                    // Nothing is done for a queue here, so its status changes wake nobody.
                    c -> configure(c, namespace, QUEUES)
                            .withTriggerReconcilerOnAllEvents(false)
                            .withGenerationAware(true)
                            .withItemStore(caches.queueStore()));
        }
    }

    /** Registers the controllers of pools; each needs a store of its own. */
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
                .withInformerListLimit(Client.PAGE_LIMIT)
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

    /**
     * True while at least one namespace is watched. A namespace that cannot be watched, for example a deleted one, does not stop
     * the others.
     */
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

    /** Has a job looked at, whether or not it has changed. */
    void look(String namespace, String job) {
        var reconciler = reconcilers.getOrDefault(namespace, reconcilers.get(Constants.WATCH_ALL_NAMESPACES));
        if (reconciler != null) caches.job(namespace, job).ifPresent(reconciler::look);
    }

    /** Has this job looked at. */
    void look(SyncJob job) {
        look(job.getMetadata().getNamespace(), job.getMetadata().getName());
    }
}
