package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueSpec.Defaults;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Times;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.queue.EnqueuePass.Plan;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.queue.EnqueuePass.Why;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Index and planner against the pass that looks at everything, over random histories: every decision and reason is the same. */
class PlannerHistoriesTest {
    private static final int STEPS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Some that stay true for a while, and one that does not. */
    private static final List<String> REASONS =
            List.of("RetryBackoff", "WorkerDied", "PodRefused", "OutOfMemory", "QueueAtCapacity");

    private static final Set<String> OF_LAST_RUN = Set.copyOf(REASONS.subList(0, 4));

    /** Reasons that a user can only mend by a change of configuration. They are told early. */
    private static final Set<Reason> PLAIN = Set.of(Reason.QUEUE_NOT_FOUND, Reason.INVALID_TEMPLATE);

    private static final List<String> QUEUES = List.of("default", "narrow", "bare", "wide", "missing");

    private final Map<String, SyncJob> jobs = new LinkedHashMap<>();
    private final Map<QueueKey, SyncQueueSpec> queues = new HashMap<>();
    private final Map<String, PodEntry> pods = new LinkedHashMap<>();

    /** Own writes without an answer, and jobs that refused one: by uid. */
    private final Set<String> held = new LinkedHashSet<>();

    private final Map<String, Instant> refused = new HashMap<>();
    private final List<SyncJob> stale = new ArrayList<>();
    private boolean jobTemplates = true;
    private JobIndex index = new JobIndex(PATIENCE, Limits.MESSAGE_REFRESH);
    private Reasons reasons = new Reasons(index);
    private Random random = new Random();
    private Instant now = NOW;
    private int names;
    private int versions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyDecisionIsTheSame(long seed) {
        random = new Random(seed);
        jobTemplates = seed % 4 != 0;
        index = new JobIndex(PATIENCE, Limits.MESSAGE_REFRESH, jobTemplates);
        reasons = new Reasons(index);
        for (var step = 0; step < STEPS; step++) {
            happen();
            index.advance(now);
            compareReasons(Starter.EAGER);
            compareReasons(new Starter(Starter.Who.REFUSED, SchedulerHealth.GOOD));
            compareReasons(new Starter(Starter.Who.MINUTE, SchedulerHealth.GOOD));
            compareReasons(new Starter(Starter.Who.MINUTE_ALONE, SchedulerHealth.GOOD));
            compareCounts();
            if (random.nextInt(3) == 0) comparePlans();
        }
    }

    private void happen() {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> see(newJob());
            case 3 -> changeQueue();
            case 4 -> now = now.plusMillis(random.nextInt(40_000));
            case 5 -> some().ifPresent(job -> see(edited(job)));
            case 6, 11 -> some().ifPresent(this::delete);
            case 7 -> changePod();
            case 8 -> some().ifPresent(job -> see(moved(job)));
            case 9 -> some().ifPresent(job -> see(Given.annotated(job, Names.CANCEL, "x")));
            case 10 -> held.stream().findFirst().ifPresent(this::settle);
            default -> {
                if (!stale.isEmpty()) index.see(JobEntry.of(stale.get(random.nextInt(stale.size()))));
            }
        }
    }

    private Optional<SyncJob> some() {
        var all = List.copyOf(jobs.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private SyncJob job(String uid) {
        return Objects.requireNonNull(jobs.get(uid));
    }

    private SyncJob newJob() {
        var template = random.nextInt(3) == 0 ? Given.TEMPLATE : null;
        var queue = QUEUES.get(random.nextInt(QUEUES.size()));
        var eta = random.nextInt(4) == 0
                ? now.plusMillis(random.nextInt(90_000) - 10_000).toString()
                : null;
        var priority = random.nextBoolean() ? (Integer) random.nextInt(3) : null;
        var job = Given.job("job-" + names++, new SyncJobSpec(queue, "x", null, priority, eta, null, null, template));
        var created = now.minusSeconds(random.nextInt(90)).truncatedTo(ChronoUnit.SECONDS);
        job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withCreationTimestamp(created.toString())
                .build());
        return job;
    }

    private SyncJob edited(SyncJob job) {
        var spec = job.getSpec();
        var copy = Given.withStatus(job, JobFields.statusOf(job));
        copy.setSpec(new SyncJobSpec(spec.queue(), "x", null, random.nextInt(4), null, null, null, spec.template()));
        return copy;
    }

    private SyncJob moved(SyncJob job) {
        return Given.with(job, status -> {
            var state = List.of(State.values()).get(random.nextInt(State.values().length));
            status.state = state;
            status.finishedTime = state.finished() ? now : null;
            status.nextAttemptTime = random.nextInt(3) == 0 ? now.plusSeconds(random.nextInt(60)) : null;
            status.reason = random.nextInt(3) == 0 ? null : REASONS.get(random.nextInt(REASONS.size()));
            status.reasonTime = status.reason == null ? null : now;
        });
    }

    private void see(SyncJob job) {
        var uid = job.getMetadata().getUid();
        var next = Given.withStatus(job, JobFields.statusOf(job));
        next.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withResourceVersion(Integer.toString(++versions))
                .build());
        if (jobs.containsKey(uid)) stale.add(jobs.get(uid));
        jobs.put(uid, next);
        held.remove(uid);
        refused.remove(uid);
        assertThat(index.see(JobEntry.of(next))).isTrue();
    }

    private void delete(SyncJob job) {
        var uid = job.getMetadata().getUid();
        jobs.remove(uid);
        stale.removeIf(old -> old.getMetadata().getUid().equals(uid));
        held.remove(uid);
        refused.remove(uid);
        index.gone(uid, false);
    }

    private void changeQueue() {
        var key = new QueueKey("shop", QUEUES.get(random.nextInt(QUEUES.size() - 1)));
        if (random.nextInt(4) == 0) {
            queues.remove(key);
            index.queueGone(key);
            return;
        }
        var spec = new SyncQueueSpec(
                random.nextInt(6),
                random.nextInt(3) == 0,
                null,
                random.nextBoolean() ? new Defaults(random.nextInt(5), null, null) : null,
                key.name().equals("bare") ? null : Given.TEMPLATE);
        queues.put(key, spec);
        index.see(key, spec, ++versions);
    }

    private void changePod() {
        if (!pods.isEmpty() && random.nextBoolean()) {
            var uid = pods.keySet().iterator().next();
            pods.remove(uid);
            index.podGone(uid);
            return;
        }
        var jobUid = random.nextInt(3) == 0
                ? "uid-gone-" + random.nextInt(5)
                : some().map(job -> job.getMetadata().getUid()).orElse("none");
        var queue = new QueueKey("shop", QUEUES.get(random.nextInt(QUEUES.size())));
        var pod = new PodEntry("pod-" + names++, "x", jobUid, queue, 1, ++versions, random.nextInt(4) == 0);
        pods.put(pod.uid(), pod);
        index.see(pod);
    }

    /** What had no answer was done. */
    private void settle(String uid) {
        see(placed(job(uid)));
    }

    private static SyncJob placed(SyncJob job) {
        return Given.with(job, status -> {
            status.state = State.ENQUEUED;
            status.nextAttemptTime = null;
            status.reason = null;
            status.message = null;
        });
    }

    private Snapshot snapshot() {
        refused.values().removeIf(until -> !until.isAfter(now));
        var seen = jobs.values().stream()
                .filter(job -> !refused.containsKey(job.getMetadata().getUid()))
                .map(job -> held.contains(job.getMetadata().getUid()) ? placed(job) : job)
                .toList();
        var stray = new HashMap<QueueKey, Integer>();
        for (var pod : pods.values()) {
            if (!pod.ended() && !jobs.containsKey(pod.jobUid())) stray.merge(pod.queue(), 1, Integer::sum);
        }
        return new Snapshot(seen, queues, stray).withJobTemplates(jobTemplates);
    }

    private void compareReasons(Starter starter) {
        var plan = EnqueuePass.plan(snapshot(), now);
        var expected = EnqueuePass.reasons(plan, starter);
        var told = new HashMap<String, String>();
        for (var job : index.jobs()) {
            starter.why(index, job)
                    .ifPresent(why -> told.put(
                            job.uid(),
                            why.stands()
                                    ? Objects.requireNonNullElse(
                                            JobFields.statusOf(job(job.uid())).message(), "")
                                    : why.reason() + " " + why.text()));
        }
        assertThat(told).hasSize(expected.size());
        for (var each : expected) {
            var own = told.get(each.job().getMetadata().getUid());
            assertThat(own).isIn(each.reason() + " " + each.message(), each.message());
        }
        var worth = expected.stream()
                .filter(this::isToBeTold)
                .map(each -> each.job().getMetadata().getUid())
                .collect(toSet());
        var next = reasons.next(starter, 10_000, Set.of()).stream()
                .filter(each ->
                        !each.why().reason().toString().equals(each.job().told()))
                .map(each -> each.job().uid())
                .collect(toSet());
        assertThat(next).isEqualTo(worth);
    }

    /** Its status gives no reason or a wrong one, and it has waited long enough for one. */
    private boolean isToBeTold(Why each) {
        var status = JobFields.statusOf(each.job());
        if (each.reason().toString().equals(status.reason())) return false;
        if (status.reason() != null && !OF_LAST_RUN.contains(status.reason())) return true;
        var since = Stream.of(status.reasonTime(), status.nextAttemptTime())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> Times.instant(each.job().getMetadata().getCreationTimestamp()));
        return !now.isBefore(since.plus(PLAIN.contains(each.reason()) ? Limits.PLAIN_REASON_AFTER : PATIENCE));
    }

    private void compareCounts() {
        for (var queue : index.queues().values()) {
            for (var state : State.values()) {
                assertThat(queue.count(state)).isEqualTo((int) jobs.values().stream()
                        .filter(job -> QueueKey.of(job).equals(queue.key())
                                && JobFields.statusOf(job).state() == state)
                        .count());
            }
        }
    }

    private void comparePlans() {
        Plan expected = EnqueuePass.plan(snapshot(), now);
        var nextDue = expected.lookAgain();
        nextDue.ifPresent(due -> assertThat(index.nextChange().orElseThrow()).isBeforeOrEqualTo(due));
        var admitted = Planner.plan(index, 10_000, (key, e) -> {
            throw e;
        });
        assertThat(byQueue(admitted.stream().map(Admission::job)))
                .isEqualTo(expected.places().stream()
                        .collect(groupingBy(
                                place -> QueueKey.of(place.job()),
                                mapping(place -> place.job().getMetadata().getUid(), toList()))));
        admitted.forEach(this::answer);
    }

    private static Map<QueueKey, List<String>> byQueue(Stream<JobEntry> jobs) {
        return jobs.collect(groupingBy(JobEntry::queue, mapping(JobEntry::uid, toList())));
    }

    private void answer(Admission admission) {
        var uid = admission.job().uid();
        switch (random.nextInt(5)) {
            case 0, 1 -> see(placed(job(uid)));
            case 2 -> {
                index.refused(admission.job(), Refusal.FOR_NOW);
                refused.put(uid, index.nextChange().isPresent() ? now.plusSeconds(1) : now);
            }
            case 3 -> {
                held.add(uid);
                index.unknown(admission.job());
            }
            default -> held.add(uid);
        }
    }
}
