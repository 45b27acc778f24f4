package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.index.SilenceNote;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.core.run.WorkerEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
    private static final List<String> POOLS = List.of("small", "large");

    private final PoolRules rules = new PoolRules();
    private final JobIndex index = new JobIndex(PATIENCE, Limits.MESSAGE_REFRESH);
    private final Reasons reasons = new Reasons(index);
    private Random random = new Random();
    private Instant now = NOW;
    private int names;
    private int versions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyDecisionIsTheSame(long seed) {
        random = new Random(seed);
        index.workers().advance(rules.uptime.toNanos());
        index.workers().settled();
        var admitted = 0;
        for (var step = 0; step < STEPS; step++) {
            happen();
            index.advance(now);
            index.workers().advance(rules.uptime.toNanos());
            compareSlots();
            if (random.nextInt(3) == 0) admitted += plan();
            compareReasons();
        }
        assertThat(admitted).as("the histories are worth looking at").isGreaterThan(STEPS / 6);
    }

    private void happen() {
        if (rules.jobs.size() > MOST_JOBS) delete(rules.jobs.values().iterator().next());
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> see(newJob());
            case 4 -> changeQueue();
            case 5 -> changePool();
            case 6 -> later(Duration.ofSeconds(random.nextInt(70)));
            case 7, 8 -> comes();
            case 9 -> someWorker().ifPresent(this::change);
            case 10, 11 -> List.copyOf(rules.jobs.values()).forEach(this::goOn);
            case 12 -> someJob().ifPresent(this::delete);
            default -> rules.held.keySet().stream().findFirst().ifPresent(this::settle);
        }
    }

    /** Most workers are heard meanwhile. */
    private void later(Duration time) {
        now = now.plus(time);
        rules.uptime = rules.uptime.plus(time);
        index.workers().advance(rules.uptime.toNanos());
        for (var worker : rules.workers.values()) {
            if (random.nextInt(4) > 0) renew(worker);
        }
    }

    private void comes() {
        if (rules.workers.size() > 6) return;
        var worker = new PoolRules.Worker(
                "worker-" + random.nextInt(3) + names++,
                POOLS.get(random.nextInt(2)),
                1 + random.nextInt(3),
                rules.uptime);
        rules.workers.put(worker.name, worker);
        tell(worker);
        tellPod(worker);
    }

    private void change(PoolRules.Worker worker) {
        switch (random.nextInt(4)) {
            case 0 -> {
                rules.workers.remove(worker.name);
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

    private void renew(PoolRules.Worker worker) {
        worker.renewals++;
        worker.heard = rules.uptime;
        tell(worker);
    }

    private void tell(PoolRules.Worker worker) {
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

    private void tellPod(PoolRules.Worker worker) {
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
            rules.pools.remove(name);
            index.workers().poolGone(new PoolKey("shop", name));
        } else {
            var spec = new PoolSpec(random.nextInt(3), 2, PoolRules.DEAD_AFTER, "");
            rules.pools.put(name, spec);
            index.workers().see(new PoolKey("shop", name), spec);
        }
    }

    private void changeQueue() {
        var name = PoolRules.QUEUES.get(random.nextInt(PoolRules.QUEUES.size()));
        var key = new QueueKey("shop", name);
        var warm = !name.equals("isolated") && random.nextInt(5) > 0;
        var spec = new SyncQueueSpec(
                random.nextInt(6),
                random.nextInt(5) == 0,
                null,
                null,
                warm ? null : Given.TEMPLATE,
                warm ? POOLS.get(random.nextInt(2)) : null);
        rules.queues.put(name, spec);
        index.see(key, spec, ++versions);
    }

    private Optional<SyncJob> someJob() {
        var all = List.copyOf(rules.jobs.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private Optional<PoolRules.Worker> someWorker() {
        var all = List.copyOf(rules.workers.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private SyncJob newJob() {
        var template = random.nextInt(4) == 0 ? Given.TEMPLATE : null;
        var queue = PoolRules.QUEUES.get(random.nextInt(PoolRules.QUEUES.size()));
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
        var status = JobFields.statusOf(job);
        if (rules.held.containsKey(uid(job)) || !status.state().occupying() || random.nextInt(3) == 0) return;
        var next = List.of(State.STARTED, State.DONE, State.PENDING).get(random.nextInt(3));
        see(Given.with(job, s -> {
            s.state = next;
            if (next != State.STARTED) s.worker = null;
        }));
    }

    private void see(SyncJob job) {
        var next = Given.withStatus(job, JobFields.statusOf(job));
        next.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withResourceVersion(Integer.toString(++versions))
                .build());
        rules.jobs.put(uid(job), next);
        rules.held.remove(uid(job));
        rules.refused.remove(uid(job));
        index.see(JobEntry.of(next));
    }

    private void delete(SyncJob job) {
        rules.jobs.remove(uid(job));
        rules.held.remove(uid(job));
        rules.refused.remove(uid(job));
        index.gone(uid(job), false);
    }

    /** What had no answer was done. */
    private void settle(String uid) {
        see(given(job(uid), Objects.requireNonNull(rules.held.get(uid))));
    }

    private SyncJob given(SyncJob job, Assignment to) {
        var effective = Policies.effective(job.getSpec(), Objects.requireNonNull(rules.queues.get(queue(job))));
        return Given.withStatus(job, Statuses.after(job, Step.Reserve.next(job, to, effective), now));
    }

    private int plan() {
        var admitted = Planner.plan(index, 1_000, (queue, error) -> {
            throw error;
        });
        for (var admission : admitted) {
            assertThat(rules.possible()).as("at that moment").contains(PoolRules.choice(admission));
            rules.held.put(admission.job().uid(), admission.to());
        }
        assertThat(rules.possible()).as("what is left").isEmpty();
        admitted.forEach(this::answer);
        return admitted.size();
    }

    private void compareSlots() {
        for (var worker : rules.workers.values()) {
            var entry = index.workers().find("shop", worker.name).orElseThrow();
            assertThat(entry.busy()).isEqualTo(rules.busy(worker.name));
        }
    }

    private void compareReasons() {
        var worth = new HashMap<String, Reason>();
        for (var job : rules.jobs.values()) {
            var entry = index.job(uid(job)).orElseThrow();
            var expected = rules.expected(job);
            var told = Starter.EAGER.why(index, entry).map(why -> why.reason());
            assertThat(told).as(uid(job)).isEqualTo(expected);
            var isRipe = !job.getMetadata().getCreationTimestamp().isEmpty()
                    && !now.isBefore(Instant.parse(job.getMetadata().getCreationTimestamp())
                            .plus(PATIENCE));
            if (expected.isPresent() && isRipe && JobFields.statusOf(job).equals(SyncJobStatus.NEW))
                worth.put(uid(job), expected.get());
        }
        var next = reasons.next(Starter.EAGER, 10_000, Set.of());
        worth.forEach((uid, reason) -> assertThat(next)
                .filteredOn(each -> each.job().uid().equals(uid))
                .extracting(each -> each.why().reason())
                .containsExactly(reason));
    }

    private void answer(Admission admission) {
        var uid = admission.job().uid();
        switch (random.nextInt(5)) {
            case 0, 1, 2 -> settle(uid);
            case 3 -> {
                rules.held.remove(uid);
                rules.refused.add(uid);
                index.refused(admission.job(), Refusal.CHANGED);
            }
            default -> index.unknown(admission.job());
        }
    }

    private SyncJob job(String uid) {
        return Objects.requireNonNull(rules.jobs.get(uid));
    }

    private static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    private static String queue(SyncJob job) {
        return JobFields.queueOf(job);
    }
}
