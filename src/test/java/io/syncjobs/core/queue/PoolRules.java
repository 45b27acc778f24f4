package io.syncjobs.core.queue;

import static java.util.Comparator.comparingInt;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.core.run.Assignment.NewPod;
import io.syncjobs.core.run.Assignment.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The jobs, queues, pools and workers of a history, and the rules by which jobs get their places, written down a second time and
 * without any index.
 */
final class PoolRules {
    static final Duration DEAD_AFTER = Duration.ofMinutes(2);
    static final List<String> QUEUES = List.of("warm-1", "warm-2", "warm-3", "isolated");

    /** A worker as it is. */
    static final class Worker {
        final String name;
        final String pool;
        final int slots;
        LeaseEntry.State state = LeaseEntry.State.READY;
        boolean ending;
        int renewals = 1;
        Duration heard;

        Worker(String name, String pool, int slots, Duration heard) {
            this.name = name;
            this.pool = pool;
            this.slots = slots;
            this.heard = heard;
        }
    }

    final Map<String, SyncJob> jobs = new LinkedHashMap<>();
    final Map<String, SyncQueueSpec> queues = new HashMap<>();
    final Map<String, PoolSpec> pools = new HashMap<>();
    final Map<String, Worker> workers = new TreeMap<>();

    /** Own writes without an answer: to whom they give a job, by its uid; and the jobs that refused one. */
    final Map<String, Assignment> held = new LinkedHashMap<>();

    final Set<String> refused = new HashSet<>();
    Duration uptime = Duration.ofHours(1);

    record Choice(String job, String to) {}

    static Choice choice(Admission admission) {
        return new Choice(
                admission.job().uid(),
                switch (admission.to()) {
                    case NewPod pod -> "";
                    case Slot slot -> slot.worker();
                });
    }

    /** For each queue the one or two admissions whose turn it is. */
    List<Choice> possible() {
        var found = new ArrayList<Choice>();
        for (var queue : QUEUES) {
            var spec = queues.get(queue);
            if (spec == null || Boolean.TRUE.equals(spec.paused())) continue;
            var ready = ready(queue);
            var free = free(queue);
            for (var warm : List.of(true, false)) {
                ready.stream().filter(job -> isWarm(job) == warm).findFirst().ifPresent(head -> {
                    if (ready.indexOf(head) >= free) return;
                    if (!warm) found.add(new Choice(uid(head), ""));
                    else next(pool(queue)).ifPresent(worker -> found.add(new Choice(uid(head), worker.name)));
                });
            }
        }
        return found;
    }

    private List<SyncJob> ready(String queue) {
        return jobs.values().stream()
                .filter(job -> queue(job).equals(queue) && isWaiting(job))
                .filter(job -> !refused.contains(uid(job)))
                .sorted(comparingInt((SyncJob job) ->
                                Objects.requireNonNullElse(job.getSpec().priority(), 10))
                        .thenComparing(job -> job.getMetadata().getCreationTimestamp())
                        .thenComparing(job -> job.getMetadata().getName()))
                .toList();
    }

    boolean isWaiting(SyncJob job) {
        return JobFields.statusOf(job).state() == State.PENDING && !held.containsKey(uid(job));
    }

    private boolean isWarm(SyncJob job) {
        return pool(queue(job)) != null && job.getSpec().template() == null;
    }

    private int free(String queue) {
        var taken = jobs.values().stream()
                .filter(job -> queue(job).equals(queue))
                .filter(job -> held.containsKey(uid(job))
                        || JobFields.statusOf(job).state().occupying())
                .count();
        var capacity = Objects.requireNonNull(queues.get(queue)).capacity();
        return Math.max(0, Objects.requireNonNull(capacity) - (int) taken);
    }

    private Optional<Worker> next(@Nullable String pool) {
        return workers.values().stream()
                .filter(worker -> worker.pool.equals(pool) && takesJobs(worker) && busy(worker.name) < worker.slots)
                .min(comparingInt((Worker worker) -> busy(worker.name)).thenComparing(worker -> worker.name));
    }

    private boolean takesJobs(Worker worker) {
        return worker.state == LeaseEntry.State.READY && !worker.ending && !isSilent(worker);
    }

    private boolean isSilent(Worker worker) {
        var deadAfter = pools.containsKey(worker.pool) ? DEAD_AFTER : Duration.ofSeconds(30);
        return uptime.minus(worker.heard).compareTo(deadAfter.dividedBy(2)) >= 0;
    }

    int busy(String worker) {
        return (int) jobs.values().stream()
                .filter(job -> worker.equals(workerOf(job)))
                .count();
    }

    private @Nullable String workerOf(SyncJob job) {
        var sent = held.get(uid(job));
        if (sent != null) return sent instanceof Slot slot ? slot.worker() : null;
        var status = JobFields.statusOf(job);
        return JobFields.isWarm(job) ? status.worker() : null;
    }

    private @Nullable String pool(String queue) {
        var spec = queues.get(queue);
        return spec == null ? null : spec.workerPool();
    }

    Optional<Reason> expected(SyncJob job) {
        if (!isWaiting(job) || refused.contains(uid(job))) return Optional.empty();
        var spec = queues.get(queue(job));
        if (spec == null) return Optional.of(Reason.QUEUE_NOT_FOUND);
        if (Boolean.TRUE.equals(spec.paused())) return Optional.of(Reason.QUEUE_PAUSED);
        var none = isWarm(job) && next(pool(queue(job))).isEmpty();
        var free = free(queue(job));
        if (none && free > 0) return Optional.of(noWorker(pool(queue(job))));
        return ready(queue(job)).indexOf(job) >= free ? Optional.of(Reason.QUEUE_AT_CAPACITY) : Optional.empty();
    }

    private Reason noWorker(@Nullable String pool) {
        var own = workers.values().stream()
                .filter(worker -> worker.pool.equals(pool))
                .toList();
        if (own.stream().anyMatch(this::takesJobs)) return Reason.WORKERS_BUSY;
        var handler = own.stream()
                .anyMatch(worker ->
                        worker.state == LeaseEntry.State.HANDLER_NOT_READY && !worker.ending && !isSilent(worker));
        return handler ? Reason.HANDLER_NOT_READY : Reason.NO_WORKERS;
    }

    private static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    private static String queue(SyncJob job) {
        return JobFields.queueOf(job);
    }
}
