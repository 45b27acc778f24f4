package io.syncjobs.operator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Observation;
import io.syncjobs.core.QueueKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What the operator tells Prometheus. Labels are queues, states and reasons, never jobs. */
final class Metrics {
    private record Series(QueueKey queue, String state) {}

    private static final QueueKey NONE = new QueueKey("", "");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger schedulerHealthy = new AtomicInteger(1);
    private final MultiGauge jobs = MultiGauge.builder("syncjobs.jobs")
            .description("Jobs by queue and state")
            .register(registry);
    private final Counter enqueued = Counter.builder("syncjobs.enqueued")
            .description("Jobs that got a place")
            .register(registry);
    private final Counter internalErrors = Counter.builder("syncjobs.internal.errors")
            .description("Times that the operator itself failed at one object")
            .register(registry);

    Metrics() {
        registry.gauge("syncjobs.scheduler.healthy", schedulerHealthy);
    }

    /** The page for Prometheus. A scrape that meets {@link #count} halfway would see a series twice, which is an error. */
    synchronized String page() {
        return registry.scrape();
    }

    void enqueued(int count) {
        enqueued.increment(count);
    }

    void finished(SyncJobStatus status) {
        registry.counter(
                        "syncjobs.finished",
                        "state",
                        status.state().toString(),
                        "reason",
                        String.valueOf(status.reason()))
                .increment();
    }

    /** Retention has deleted a finished job. */
    void deleted(State state) {
        registry.counter("syncjobs.deleted", "state", state.toString()).increment();
    }

    void internalError() {
        internalErrors.increment();
    }

    void schedulerHealthy(boolean healthy) {
        schedulerHealthy.set(healthy ? 1 : 0);
    }

    /** Events that were not written. */
    void droppedEvents(ToDoubleFunction<Metrics> count) {
        FunctionCounter.builder("syncjobs.events.dropped", this, count)
                .description("Events not written: too many, or refused")
                .register(registry);
    }

    /** Jobs of queues that do not exist are counted together: anybody can think of names without end. */
    synchronized void count(Collection<SyncJob> all, Predicate<QueueKey> exists) {
        var counts = new HashMap<Series, Integer>();
        for (var job : all) {
            counts.merge(
                    new Series(
                            exists.test(QueueKey.of(job)) ? QueueKey.of(job) : NONE,
                            Observation.statusOf(job).state().toString()),
                    1,
                    Integer::sum);
        }
        var rows = new ArrayList<Row<?>>();
        counts.forEach((series, count) -> rows.add(Row.of(
                Tags.of(
                        "namespace",
                        series.queue().namespace(),
                        "queue",
                        series.queue().name(),
                        "state",
                        series.state()),
                count)));
        jobs.register(rows, true);
    }
}
