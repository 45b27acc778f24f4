package io.syncjobs.operator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Happened;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what happened to the jobs of each existing queue. A queue that does not exist has no series, however many jobs name it,
 * and a deleted queue loses its series. So the number of series is bounded by the number of queues.
 */
final class QueueMeters {
    /** From jobs that start at once to jobs that have waited for a day. */
    private static final Duration[] WAITS = seconds(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400);

    private static final Duration[] RUNS = seconds(1, 5, 15, 60, 300, 900, 3_600, 14_400);

    private final MeterRegistry registry;
    private final Map<QueueKey, Set<Meter.Id>> known = new HashMap<>();

    QueueMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the queues that exist now, and drops the series of all others. */
    synchronized void keep(Set<QueueKey> queues) {
        known.entrySet().removeIf(entry -> {
            if (queues.contains(entry.getKey())) return false;
            entry.getValue().forEach(registry::remove);
            return true;
        });
        for (var queue : queues) {
            if (known.containsKey(queue)) continue;
            known.put(queue, new HashSet<>());
            // The counters exist from the first scrape on, so that rates have a starting point.
            for (var name : Counted.values()) {
                if (name != Counted.LOSSES) counter(queue, name, Tags.empty());
            }
            lost(queue, true);
            lost(queue, false);
        }
    }

    /** The counters that each queue has, with their descriptions. */
    private enum Counted {
        ENQUEUED("syncjobs.enqueued", "Places given to waiting jobs by this operator"),
        RETRIES("syncjobs.retries", "Failures that were followed by a wait for the next attempt"),
        LOSSES(
                "syncjobs.worker.losses",
                "Attempts that were lost with their worker; what was planned, or done by a node, is not counted against the job"),
        REQUEUES("syncjobs.requeues", "Requeue commands that took effect");

        private final String name;
        private final String text;

        Counted(String name, String text) {
            this.name = name;
            this.text = text;
        }
    }

    /** Counts what a write of a job's status shows. */
    synchronized void count(SyncJob job, Set<Happened> events) {
        var queue = QueueKey.of(job);
        if (!known.containsKey(queue)) return;
        for (var event : events) count(queue, event);
    }

    private void count(QueueKey queue, Happened event) {
        switch (event) {
            case Happened.Enqueued e ->
                counter(queue, Counted.ENQUEUED, Tags.empty()).increment();
            case Happened.Retried e ->
                counter(queue, Counted.RETRIES, Tags.empty()).increment();
            case Happened.Lost lost -> lost(queue, lost.counted()).increment();
            case Happened.Requeued e ->
                counter(queue, Counted.REQUEUES, Tags.empty()).increment();
            case Happened.Finished finished ->
                counter(
                                queue,
                                "syncjobs.finished",
                                "Jobs that ended, by state and reason",
                                Tags.of("state", finished.state().toString(), "reason", finished.reason()))
                        .increment();
            case Happened.FirstStart start ->
                timer(queue, "syncjobs.wait", "From when a job was created, or from its eta, to its first start", WAITS)
                        .record(start.waited());
            case Happened.Ran ran ->
                timer(queue, "syncjobs.run", "From the start of an attempt to its end, however it ended", RUNS)
                        .record(ran.time());
        }
    }

    /** Counts a finished job that retention has deleted. */
    synchronized void deleted(QueueKey queue, String state) {
        if (!known.containsKey(queue)) return;
        counter(queue, "syncjobs.deleted", "Finished jobs that retention deleted, by state", Tags.of("state", state))
                .increment();
    }

    private Counter lost(QueueKey queue, boolean counted) {
        return counter(queue, Counted.LOSSES, Tags.of("counted", Boolean.toString(counted)));
    }

    private Counter counter(QueueKey queue, Counted counted, Tags tags) {
        return counter(queue, counted.name, counted.text, tags);
    }

    private Counter counter(QueueKey queue, String name, String text, Tags tags) {
        return note(
                queue,
                Counter.builder(name)
                        .description(text)
                        .tags(tags.and(of(queue)))
                        .register(registry));
    }

    private Timer timer(QueueKey queue, String name, String text, Duration[] buckets) {
        return note(
                queue,
                Timer.builder(name)
                        .description(text)
                        .tags(of(queue))
                        .serviceLevelObjectives(buckets)
                        .register(registry));
    }

    private <M extends Meter> M note(QueueKey queue, M meter) {
        known.computeIfAbsent(queue, key -> new HashSet<>()).add(meter.getId());
        return meter;
    }

    static Tags of(QueueKey queue) {
        return Tags.of("namespace", queue.namespace(), "queue", queue.name());
    }

    private static Duration[] seconds(double... seconds) {
        var all = new Duration[seconds.length];
        for (var i = 0; i < seconds.length; i++) all[i] = Duration.ofMillis((long) (seconds[i] * 1_000));
        return all;
    }
}
