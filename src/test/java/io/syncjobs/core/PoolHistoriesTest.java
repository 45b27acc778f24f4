package io.syncjobs.core;

import static io.syncjobs.core.Given.NOW;
import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Assignment.NewPod;
import io.syncjobs.core.Assignment.Slot;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.index.SilenceNote;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import io.syncjobs.core.queue.Reasons;
import io.syncjobs.core.queue.Starter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Planner and index with pools, over random histories of workers that come, go, drain, fall silent and are busy, against the same
 * rules written down a second time without any index: each admission is the one whose turn it was, to the worker whose turn it
 * was, and in the end none is left that could have been made.
 */
class PoolHistoriesTest {
    private static final int STEPS = 600;
    private static final int MOST_JOBS = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration DEAD_AFTER = Duration.ofMinutes(2);
    private static final List<String> QUEUES = List.of("warm-1", "warm-2", "warm-3", "isolated");
    private static final List<String> POOLS = List.of("small", "large");

    /** A worker as it is. */
    private static final class Worker {
        private final String name;
        private final String pool;
        private final int slots;
        private LeaseEntry.State state = LeaseEntry.State.READY;
        private boolean ending;
        private int renewals = 1;
        private Duration heard;

        Worker(String name, String pool, int slots, Duration heard) {
            this.name = name;
            this.pool = pool;
            this.slots = slots;
            this.heard = heard;
        }
    }

    private final Map<String, SyncJob> jobs = new LinkedHashMap<>();
    private final Map<String, SyncQueueSpec> queues = new HashMap<>();
    private final Map<String, PoolSpec> pools = new HashMap<>();
    private final Map<String, Worker> workers = new TreeMap<>();

    /** Own writes without an answer: to whom they give a job, by its uid; and the jobs that refused one. */
    private final Map<String, Assignment> held = new LinkedHashMap<>();

    private final Set<String> refused = new HashSet<>();
    private final JobIndex index = new JobIndex(PATIENCE, Limits.MESSAGE_REFRESH);
    private final Reasons reasons = new Reasons(index);
    private Random random = new Random();
    private Instant now = NOW;
    private Duration uptime = Duration.ofHours(1);
    private int names;
    private int versions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyDecisionIsTheSame(long seed) {
        random = new Random(seed);
        index.workers().advance(uptime.toNanos());
        index.workers().settled();
        var admitted = 0;
        for (var step = 0; step < STEPS; step++) {
            happen();
            index.advance(now);
            index.workers().advance(uptime.toNanos());
            compareSlots();
            if (random.nextInt(3) == 0) admitted += plan();
            compareReasons();
        }
        assertThat(admitted).as("the histories are worth looking at").isGreaterThan(STEPS / 6);
    }

    private void happen() {
        if (jobs.size() > MOST_JOBS) delete(jobs.values().iterator().next());
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> see(newJob());
            case 4 -> changeQueue();
            case 5 -> changePool();
            case 6 -> later(Duration.ofSeconds(random.nextInt(70)));
            case 7, 8 -> comes();
            case 9 -> someWorker().ifPresent(this::change);
            case 10, 11 -> List.copyOf(jobs.values()).forEach(this::goOn);
            case 12 -> someJob().ifPresent(this::delete);
            default -> held.keySet().stream().findFirst().ifPresent(this::settle);
        }
    }

    /** Most workers are heard meanwhile. */
    private void later(Duration time) {
        now = now.plus(time);
        uptime = uptime.plus(time);
        index.workers().advance(uptime.toNanos());
        for (var worker : workers.values()) {
            if (random.nextInt(4) > 0) renew(worker);
        }
    }

    private void comes() {
        if (workers.size() > 6) return;
        var worker = new Worker(
                "worker-" + random.nextInt(3) + names++, POOLS.get(random.nextInt(2)), 1 + random.nextInt(3), uptime);
        workers.put(worker.name, worker);
        tell(worker);
        tellPod(worker);
    }

    private void change(Worker worker) {
        switch (random.nextInt(4)) {
            case 0 -> {
                workers.remove(worker.name);
                index.workers().podGone("shop", worker.name, "uid-" + worker.name);
                index.workers().leaseGone("shop", worker.name);
            }
            case 1 -> {
                worker.ending = true;
                tellPod(worker);
            }
            default -> {
                worker.state = List.of(LeaseEntry.State.values()).get(random.nextInt(3));
                renew(worker);
            }
        }
    }

    private void renew(Worker worker) {
        worker.renewals++;
        worker.heard = uptime;
        tell(worker);
    }

    private void tell(Worker worker) {
        index.workers()
                .see(new LeaseEntry(
                        "shop",
                        worker.name,
                        worker.pool,
                        ++versions,
                        "i",
                        Integer.toString(worker.renewals),
                        worker.slots,
                        worker.state,
                        "",
                        Duration.ofSeconds(30),
                        SilenceNote.NONE));
    }

    private void tellPod(Worker worker) {
        var end = worker.ending ? Optional.of(WorkerEnd.UNSEEN) : Optional.<WorkerEnd>empty();
        index.workers()
                .see(new WorkerPod(
                        "shop",
                        worker.name,
                        "uid-" + worker.name,
                        worker.pool,
                        ++versions,
                        "node-1",
                        "handler",
                        end,
                        false));
    }

    private void changePool() {
        var name = POOLS.get(random.nextInt(2));
        if (random.nextInt(3) == 0) {
            pools.remove(name);
            index.workers().poolGone(new PoolKey("shop", name));
        } else {
            var spec = new PoolSpec(random.nextInt(3), 2, DEAD_AFTER, "");
            pools.put(name, spec);
            index.workers().see(new PoolKey("shop", name), spec);
        }
    }

    private void changeQueue() {
        var name = QUEUES.get(random.nextInt(QUEUES.size()));
        var key = new QueueKey("shop", name);
        var warm = !name.equals("isolated") && random.nextInt(5) > 0;
        var spec = new SyncQueueSpec(
                random.nextInt(6),
                random.nextInt(5) == 0,
                null,
                null,
                warm ? null : Given.TEMPLATE,
                warm ? POOLS.get(random.nextInt(2)) : null);
        queues.put(name, spec);
        index.see(key, spec, ++versions);
    }

    private Optional<SyncJob> someJob() {
        var all = List.copyOf(jobs.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private Optional<Worker> someWorker() {
        var all = List.copyOf(workers.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private SyncJob newJob() {
        var template = random.nextInt(4) == 0 ? Given.TEMPLATE : null;
        var queue = QUEUES.get(random.nextInt(QUEUES.size()));
        var priority = random.nextBoolean() ? (Integer) random.nextInt(3) : null;
        var job = Given.job("job-" + names++, new SyncJobSpec(queue, "x", null, priority, null, null, null, template));
        var created = now.minusSeconds(random.nextInt(90)).truncatedTo(ChronoUnit.SECONDS);
        job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withCreationTimestamp(created.toString())
                .build());
        return job;
    }

    /** It begins, ends, or waits again. */
    private void goOn(SyncJob job) {
        var status = Observation.statusOf(job);
        if (held.containsKey(uid(job)) || !status.state().occupying() || random.nextInt(3) == 0) return;
        var next = List.of(State.STARTED, State.DONE, State.PENDING).get(random.nextInt(3));
        see(Given.with(job, s -> {
            s.state = next;
            if (next != State.STARTED) s.worker = null;
        }));
    }

    private void see(SyncJob job) {
        var next = Given.withStatus(job, Observation.statusOf(job));
        next.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withResourceVersion(Integer.toString(++versions))
                .build());
        jobs.put(uid(job), next);
        held.remove(uid(job));
        refused.remove(uid(job));
        index.see(JobEntry.of(next));
    }

    private void delete(SyncJob job) {
        jobs.remove(uid(job));
        held.remove(uid(job));
        refused.remove(uid(job));
        index.gone(uid(job), false);
    }

    /** What had no answer was done. */
    private void settle(String uid) {
        see(given(job(uid), Objects.requireNonNull(held.get(uid))));
    }

    private SyncJob given(SyncJob job, Assignment to) {
        var effective = Policies.effective(job.getSpec(), Objects.requireNonNull(queues.get(queue(job))));
        return Given.withStatus(job, Statuses.after(job, Step.Reserve.next(job, to, effective), now));
    }

    // --- the rules, once more ---

    private int plan() {
        var admitted = Planner.plan(index, 1_000, (queue, error) -> {
            throw error;
        });
        for (var admission : admitted) {
            assertThat(possible()).as("at that moment").contains(choice(admission));
            held.put(admission.job().uid(), admission.to());
        }
        assertThat(possible()).as("what is left").isEmpty();
        admitted.forEach(this::answer);
        return admitted.size();
    }

    private record Choice(String job, String to) {}

    private static Choice choice(Admission admission) {
        return new Choice(
                admission.job().uid(),
                switch (admission.to()) {
                    case NewPod pod -> "";
                    case Slot slot -> slot.worker();
                });
    }

    /** For each queue the one or two admissions whose turn it is. */
    private List<Choice> possible() {
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

    private boolean isWaiting(SyncJob job) {
        return Observation.statusOf(job).state() == State.PENDING && !held.containsKey(uid(job));
    }

    private boolean isWarm(SyncJob job) {
        return pool(queue(job)) != null && job.getSpec().template() == null;
    }

    private int free(String queue) {
        var taken = jobs.values().stream()
                .filter(job -> queue(job).equals(queue))
                .filter(job -> held.containsKey(uid(job))
                        || Observation.statusOf(job).state().occupying())
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

    private int busy(String worker) {
        return (int) jobs.values().stream()
                .filter(job -> worker.equals(workerOf(job)))
                .count();
    }

    private @Nullable String workerOf(SyncJob job) {
        var sent = held.get(uid(job));
        if (sent != null) return sent instanceof Slot slot ? slot.worker() : null;
        var status = Observation.statusOf(job);
        return Observation.isWarm(job) ? status.worker() : null;
    }

    private @Nullable String pool(String queue) {
        var spec = queues.get(queue);
        return spec == null ? null : spec.workerPool();
    }

    private void compareSlots() {
        for (var worker : workers.values()) {
            var entry = index.workers().find("shop", worker.name).orElseThrow();
            assertThat(entry.busy()).isEqualTo(busy(worker.name));
        }
    }

    private void compareReasons() {
        var worth = new HashMap<String, Reason>();
        for (var job : jobs.values()) {
            var entry = index.job(uid(job)).orElseThrow();
            var expected = expected(job);
            var told = Starter.EAGER.why(index, entry).map(why -> why.reason());
            assertThat(told).as(uid(job)).isEqualTo(expected);
            var isRipe = !job.getMetadata().getCreationTimestamp().isEmpty()
                    && !now.isBefore(Instant.parse(job.getMetadata().getCreationTimestamp())
                            .plus(PATIENCE));
            if (expected.isPresent() && isRipe && Observation.statusOf(job).equals(SyncJobStatus.NEW))
                worth.put(uid(job), expected.get());
        }
        var next = reasons.next(Starter.EAGER, 10_000, Set.of());
        worth.forEach((uid, reason) -> assertThat(next)
                .filteredOn(each -> each.job().uid().equals(uid))
                .extracting(each -> each.why().reason())
                .containsExactly(reason));
    }

    private Optional<Reason> expected(SyncJob job) {
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

    private void answer(Admission admission) {
        var uid = admission.job().uid();
        var version = admission.job().version();
        switch (random.nextInt(5)) {
            case 0, 1, 2 -> settle(uid);
            case 3 -> {
                held.remove(uid);
                refused.add(uid);
                index.refused(uid, version, Refusal.CHANGED);
            }
            default -> index.unknown(uid, version);
        }
    }

    private SyncJob job(String uid) {
        return Objects.requireNonNull(jobs.get(uid));
    }

    private static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    private static String queue(SyncJob job) {
        return Observation.queueOf(job);
    }
}
