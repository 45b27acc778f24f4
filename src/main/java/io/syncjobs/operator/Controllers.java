package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.syncjobs.core.Lifecycle;
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
    private static final List<String> KINDS = List.of(JOBS, QUEUES);

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
                    // Jobs that only wait, or are kept after their end, wake nobody: there may be 100,000 of them.
                    c -> configure(c, namespace, JOBS)
                            .withOnAddFilter(Lifecycle::hasWork)
                            .withOnUpdateFilter((job, before) -> Lifecycle.hasWork(job))
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

    private <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> controller, String namespace, String name) {
        return controller
                .withName(name(namespace, name))
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

    private static String name(String namespace, String name) {
        return namespace.equals(Constants.WATCH_ALL_NAMESPACES) ? name : name + "-" + namespace;
    }

    /** True while everything is watched in at least one namespace; where all are watched as one, that is all of them. */
    boolean serve(Map<String, ? extends Map<String, ?>> unhealthy) {
        return namespaces.stream()
                .anyMatch(namespace -> KINDS.stream()
                        .map(kind -> unhealthy.get(name(namespace, kind)))
                        .allMatch(sources -> sources == null || sources.isEmpty()));
    }

    /** Has a job looked at, whether or not anything of it has changed. */
    void look(String namespace, String job) {
        var reconciler = reconcilers.getOrDefault(namespace, reconcilers.get(Constants.WATCH_ALL_NAMESPACES));
        if (reconciler != null) reconciler.look(namespace, job);
    }

    /** The API server was away: what it has not told meanwhile is nobody's silence. */
    void watchAnew() {
        reconcilers.values().forEach(SyncJobReconciler::watchAnew);
    }
}
