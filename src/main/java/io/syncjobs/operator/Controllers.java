package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
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
    private final List<String> namespaces;
    private final Caches caches;
    private final Map<String, SyncJobReconciler> reconcilers = new HashMap<>();

    /** {@code namespaces} are those that are served; empty for all. */
    Controllers(List<String> namespaces, Caches caches) {
        this.namespaces = namespaces.isEmpty() ? List.of(Constants.WATCH_ALL_NAMESPACES) : namespaces;
        this.caches = caches;
    }

    void register(Operator operator, Supplier<SyncJobReconciler> reconciler) {
        for (var namespace : namespaces) {
            var jobs = reconciler.get();
            reconcilers.put(namespace, jobs);
            operator.register(
                    jobs,
                    // No other filter: of a job of which it was told nothing the framework drops the events of pods
                    // and timers too. A job that a warm worker has knows neither; see Looks for what wakes it.
                    c -> configure(c, namespace, "syncjobs")
                            .withOnAddFilter(job -> !Lifecycle.isLeftToItsWorker(job))
                            .withOnUpdateFilter((job, before) -> !Lifecycle.isLeftToItsWorker(job))
                            .withItemStore(caches.jobStore()));
            operator.register(
                    new SyncQueueReconciler(caches),
                    // Nothing is to be done for a queue: its status changes wake nobody.
                    c -> configure(c, namespace, "syncqueues")
                            .withTriggerReconcilerOnAllEvents(false)
                            .withGenerationAware(true)
                            .withItemStore(caches.queueStore()));
        }
    }

    void registerPools(
            Operator operator, Supplier<PoolReconciler> reconciler, Supplier<FeedingStore<SyncWorkerPool>> store) {
        for (var namespace : namespaces) {
            operator.register(
                    reconciler.get(),
                    c -> configure(c, namespace, "syncworkerpools").withItemStore(store.get()));
        }
    }

    private <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> controller, String namespace, String name) {
        return controller
                .withName(namespace.equals(Constants.WATCH_ALL_NAMESPACES) ? name : name + "-" + namespace)
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

    /** Has a job looked at, whether or not anything of it has changed. */
    void look(String namespace, String job) {
        var reconciler = reconcilers.getOrDefault(namespace, reconcilers.get(Constants.WATCH_ALL_NAMESPACES));
        if (reconciler != null) reconciler.look(namespace, job);
    }

    /** This operator leads from now on. */
    void begin() {
        reconcilers.values().forEach(SyncJobReconciler::begin);
    }

    /** The API server was away: what it has not told meanwhile is nobody's silence. */
    void watchAnew() {
        reconcilers.values().forEach(SyncJobReconciler::watchAnew);
    }
}
