package io.syncjobs.operator;

import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Happened;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The operator's metrics for Prometheus. Labels are existing queues, states and reasons, but never jobs. */
final class Metrics {
    /** Descriptions of the framework's series, which the framework itself lacks. */
    private static final Map<String, String> OF_THE_FRAMEWORK = Map.of(
            MicrometerMetricsV2.NUMBER_OF_RESOURCE_GAUGE,
            "Objects that the controller watches",
            MicrometerMetricsV2.RECONCILIATIONS_EXECUTIONS_GAUGE,
            "Objects that are being looked at",
            MicrometerMetricsV2.RECONCILIATIONS_QUEUE_SIZE_GAUGE,
            "Objects that wait to be looked at",
            MicrometerMetricsV2.RECONCILIATIONS_STARTED,
            "Looks at an object that were begun",
            MicrometerMetricsV2.RECONCILIATIONS_SUCCESS,
            "Looks at an object that went well",
            MicrometerMetricsV2.RECONCILIATIONS_FAILED,
            "Looks at an object that failed",
            MicrometerMetricsV2.RECONCILIATIONS_RETRIES_NUMBER,
            "Looks at an object that were repeated",
            MicrometerMetricsV2.RECONCILIATION_EXECUTION_DURATION,
            "Time that one look at an object takes",
            "events.received",
            "Events from watches and timers");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReentrantLock halfway = new ReentrantLock();
    private volatile String page = "";
    private final AtomicInteger schedulerHealthy = new AtomicInteger(1);
    private final QueueMeters queues = new QueueMeters(registry);
    private final IndexMeters gauges;
    private final Timer round;
    private final Timer pass;
    private final Counter passes;
    private final Counter internalErrors;

    Metrics(InstantSource clock) {
        registry.config().meterFilter(new Described());
        gauges = new IndexMeters(registry, queues, clock);
        Gauge.builder("syncjobs.scheduler.healthy", schedulerHealthy, AtomicInteger::get)
                .description("0 while the enqueue CronJob is suspended, missing or without successful runs, else 1")
                .register(registry);
        round = Timer.builder("syncjobs.housekeeping")
                .description("Time of one round of reasons, queues' status, retention, these numbers")
                .register(registry);
        pass = Timer.builder("syncjobs.pass")
                .description("Time of one pass of the eager enqueuer that gave places, without their writes")
                .register(registry);
        passes = Counter.builder("syncjobs.passes")
                .description("Passes of the eager enqueuer, each over the queues in which something changed")
                .register(registry);
        internalErrors = Counter.builder("syncjobs.internal.errors")
                .description("Times that the operator itself failed at one object")
                .register(registry);
    }

    /** The framework's own series; none of them is per object. */
    io.javaoperatorsdk.operator.api.monitoring.Metrics framework() {
        return MicrometerMetricsV2.newBuilder(registry).build();
    }

    /**
     * The page for Prometheus. The lock keeps a scrape from seeing {@link #count} halfway, when one series exists twice, which is
     * an error. Whoever asks while the page is made gets the last one: many that ask must not hold up the enqueuer's thread.
     */
    String page() {
        if (page.isEmpty()) halfway.lock();
        else if (!halfway.tryLock()) return page;
        try {
            page = registry.scrape();
            return page;
        } finally {
            halfway.unlock();
        }
    }

    /** This process has written a job's status: {@code seen} is the job before, {@code now} the status after. */
    void written(SyncJob seen, SyncJobStatus now) {
        if (!JobFields.isWarm(seen)) queues.count(seen, Happened.between(seen, now));
    }

    /** The watch has shown a change of a job. For jobs of warm workers this counts what their agents write. */
    void changed(SyncJob before, SyncJobStatus now) {
        if (JobFields.isWarm(before)) queues.count(before, Happened.between(before, now));
    }

    /** Retention has deleted a finished job. */
    void deleted(QueueKey queue, State state) {
        queues.deleted(queue, state.toString());
    }

    /** The API server has answered; {@code code} is 0 if no answer came. */
    void answered(String verb, int code) {
        Counter.builder("syncjobs.api.requests")
                .description(
                        "Requests to the API server by verb and status code; the code is none where no answer came")
                .tags("verb", verb, "code", code == 0 ? "none" : Integer.toString(code))
                .register(registry)
                .increment();
    }

    void internalError() {
        internalErrors.increment();
    }

    /** A pass of the enqueuer has ended. Its places are counted by queue when they are written. */
    void passed() {
        passes.increment();
    }

    /** Runs a step of the enqueuer and measures it if it was a pass. */
    Duration timed(Supplier<Duration> step) {
        var before = passes.count();
        var began = System.nanoTime();
        var next = step.get();
        if (passes.count() > before) pass.record(Duration.ofNanos(System.nanoTime() - began));
        return next;
    }

    void round(Duration time) {
        round.record(time);
    }

    void schedulerHealthy(boolean healthy) {
        schedulerHealthy.set(healthy ? 1 : 0);
    }

    /** Registers the number of events that were not written. */
    void droppedEvents(ToDoubleFunction<Metrics> count) {
        FunctionCounter.builder("syncjobs.events.dropped", this, count)
                .description("Events not written: too many, or refused")
                .register(registry);
    }

    /** Updates the gauges; false if that has to wait for a scrape. */
    boolean count(JobIndex index) {
        if (!halfway.tryLock()) return false;
        try {
            gauges.count(index);
            return true;
        } finally {
            halfway.unlock();
        }
    }

    /** Gives every metric a description. */
    private static final class Described implements MeterFilter {
        @Override
        public Meter.Id map(Meter.Id id) {
            var text = OF_THE_FRAMEWORK.get(id.getName());
            if (text == null || id.getDescription() != null) return id;
            return new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType());
        }
    }
}
