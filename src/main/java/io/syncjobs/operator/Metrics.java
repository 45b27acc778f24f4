package io.syncjobs.operator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.index.QueueIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** What the operator tells Prometheus. Labels are queues, states and reasons, never jobs. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger schedulerHealthy = new AtomicInteger(1);
    private final MultiGauge jobs = MultiGauge.builder("syncjobs.jobs")
            .description("Jobs by queue and state")
            .register(registry);
    private final Counter enqueued = Counter.builder("syncjobs.enqueued")
            .description("Jobs that got a place")
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

    void schedulerHealthy(boolean healthy) {
        schedulerHealthy.set(healthy ? 1 : 0);
    }

    synchronized void count(Collection<QueueIndex> queues) {
        var rows = new ArrayList<Row<?>>();
        for (var queue : queues) {
            for (var state : State.values()) {
                if (queue.count(state) == 0) continue;
                rows.add(Row.of(
                        Tags.of(
                                "namespace",
                                queue.key().namespace(),
                                "queue",
                                queue.key().name(),
                                "state",
                                state.toString()),
                        queue.count(state)));
            }
        }
        jobs.register(rows, true);
    }
}
