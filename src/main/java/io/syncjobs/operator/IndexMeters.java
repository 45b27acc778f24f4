package io.syncjobs.operator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.syncjobs.api.State;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.WorkerEntry.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The metrics that show what the index knows: jobs, queues and workers as they are now. */
final class IndexMeters {
    /** The limit for queues or pools of one namespace that have series. */
    private static final int MOST_OF_A_NAMESPACE = 500;

    private final MultiGauge jobs;
    private final MultiGauge stray;
    private final MultiGauge unseen;
    private final MultiGauge capacity;
    private final MultiGauge running;
    private final MultiGauge oldest;
    private final MultiGauge workers;
    private final MultiGauge slots;
    private final MultiGauge busy;
    private final MultiGauge objects;
    private final QueueMeters queues;
    private final InstantSource clock;

    /** {@code queues} has the series of the same queues. */
    IndexMeters(MeterRegistry registry, QueueMeters queues, InstantSource clock) {
        this.queues = queues;
        this.clock = clock;
        jobs = gauge(registry, "syncjobs.jobs", "Jobs by queue and state");
        stray = gauge(
                registry, "syncjobs.jobs.without.queue", "Unfinished jobs that name a queue which does not exist");
        unseen = gauge(
                registry,
                "syncjobs.queues.without.series",
                "Queues beyond the " + MOST_OF_A_NAMESPACE + " of a namespace that have series");
        capacity = gauge(registry, "syncjobs.queue.capacity", "Jobs that may be Enqueued or Started at once");
        running = gauge(registry, "syncjobs.queue.running", "Jobs that are Enqueued or Started");
        oldest = gauge(
                registry,
                "syncjobs.queue.oldest.due.age.seconds",
                "How long the longest waiting due job has been due; 0 where none waits");
        workers = gauge(registry, "syncjobs.workers", "Warm workers by pool and by how they stand towards new jobs");
        slots = gauge(
                registry, "syncjobs.worker.slots", "Jobs that the workers which take jobs can have at once, by pool");
        busy = gauge(registry, "syncjobs.worker.slots.busy", "Jobs that those have, by pool");
        objects = gauge(registry, "syncjobs.objects", "Objects that the operator keeps in memory, by kind");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String text) {
        return MultiGauge.builder(name).description(text).register(registry);
    }

    void count(JobIndex index) {
        countQueues(index);
        countWorkers(index);
        var created =
                index.queues().values().stream().filter(QueueIndex::isCreated).count();
        var kept = Map.of(
                "SyncJob", index.jobs().size(),
                "SyncQueue", (int) created,
                "Pod", index.pods().size());
        objects.register(rows("kind", kept), true);
    }

    /** Only queues that exist have series, because a job can name any queue. */
    private void countQueues(JobIndex index) {
        var known = new TreeSet<QueueKey>();
        var strays = new TreeMap<String, Integer>();
        var states = new ArrayList<Row<?>>();
        var capacities = new ArrayList<Row<?>>();
        var runs = new ArrayList<Row<?>>();
        var ages = new ArrayList<Row<?>>();
        var ofNamespace = new TreeMap<String, Integer>();
        for (var queue : index.queues().values()) {
            if (queue.spec().isEmpty()) {
                var unfinished = queue.count(State.PENDING) + running(queue);
                if (unfinished > 0) strays.merge(queue.key().namespace(), unfinished, Integer::sum);
                continue;
            }
            if (ofNamespace.merge(queue.key().namespace(), 1, Integer::sum) > MOST_OF_A_NAMESPACE) continue;
            known.add(queue.key());
            var tags = QueueMeters.of(queue.key());
            for (var state : State.values()) {
                if (queue.count(state) > 0) states.add(Row.of(tags.and("state", state.toString()), queue.count(state)));
            }
            capacities.add(Row.of(tags, queue.capacity()));
            runs.add(Row.of(tags, running(queue)));
            // The age is computed at each scrape, because it grows while nothing else changes.
            ages.add(Row.of(tags, queue.oldestPending(), this::age));
        }
        queues.keep(known);
        jobs.register(states, true);
        capacity.register(capacities, true);
        running.register(runs, true);
        oldest.register(ages, true);
        stray.register(rows("namespace", strays), true);
        ofNamespace.values().removeIf(count -> count <= MOST_OF_A_NAMESPACE);
        ofNamespace.replaceAll((namespace, count) -> count - MOST_OF_A_NAMESPACE);
        unseen.register(rows("namespace", ofNamespace), true);
    }

    private void countWorkers(JobIndex index) {
        var standings = new ArrayList<Row<?>>();
        var taken = new ArrayList<Row<?>>();
        var all = new ArrayList<Row<?>>();
        var ofNamespace = new TreeMap<String, Integer>();
        for (var pool : index.workers().pools()) {
            // A queue can name a pool that does not exist.
            if (pool.spec().isEmpty()) continue;
            if (ofNamespace.merge(pool.key().namespace(), 1, Integer::sum) > MOST_OF_A_NAMESPACE) continue;
            var tags = Tags.of(
                    "namespace", pool.key().namespace(), "pool", pool.key().name());
            for (var standing : Standing.values()) {
                if (pool.count(standing) > 0)
                    standings.add(Row.of(tags.and("standing", standing.text()), pool.count(standing)));
            }
            all.add(Row.of(tags, pool.slots()));
            taken.add(Row.of(tags, pool.busy()));
        }
        workers.register(standings, true);
        slots.register(all, true);
        busy.register(taken, true);
    }

    private static int running(QueueIndex queue) {
        return queue.count(State.ENQUEUED) + queue.count(State.STARTED);
    }

    private double age(Optional<Instant> due) {
        return due.map(since -> Duration.between(since, clock.instant()).toMillis() / 1_000.0)
                .filter(age -> age > 0)
                .orElse(0.0);
    }

    private static List<Row<?>> rows(String label, Map<String, Integer> counts) {
        var rows = new ArrayList<Row<?>>();
        counts.forEach((value, count) -> rows.add(Row.of(Tags.of(label, value), count)));
        return rows;
    }
}
