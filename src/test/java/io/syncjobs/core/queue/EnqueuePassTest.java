package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.QUEUE;
import static io.syncjobs.core.job.Given.TEMPLATE;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.spec;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueSpec.Defaults;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.queue.EnqueuePass.Plan;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.queue.Starter.Who;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The oracle of the property tests: what it must say in cases that are plain to see. */
class EnqueuePassTest {
    private static final QueueKey KEY = new QueueKey("shop", "default");

    @Test
    void aTemplateOfAJobsOwnIsNotRunWhereTheInstallationForbidsIt() {
        var own = job("own").getSpec().with(null, TEMPLATE);
        var snapshot = snapshot(job("own", own), job("plain")).withJobTemplates(false);

        var plan = EnqueuePass.plan(snapshot, NOW);

        assertThat(plan.places())
                .extracting(place -> place.job().getMetadata().getName())
                .containsExactly("plain");
        assertThat(plan.waiting()).singleElement().satisfies(waiting -> {
            assertThat(waiting.reason()).isEqualTo(Reason.INVALID_TEMPLATE);
            assertThat(waiting.message()).contains("jobs.allowTemplate", "in a queue that has one");
        });
    }

    @Test
    void placesGoByPriorityThenCreationThenName() {
        var plan = plan(
                QUEUE,
                job("b"),
                job("a"),
                created(job("oldest"), 100),
                job("urgent", spec(0, null, null)),
                job("idle", spec(99, null, null)));

        assertThat(plan.places())
                .extracting(p -> p.job().getMetadata().getName())
                .containsExactly("urgent", "oldest", "a", "b", "idle");
    }

    @Test
    void aJobThatWarmWorkersRunHasItsTurnBeforeOneWithATemplateOfItsOwn() {
        var queue = new SyncQueueSpec(2, null, null, null, null, "pool");
        var urgent = job("urgent", new SyncJobSpec(null, "x", null, 0, null, null, null, null));
        var own = Stream.of("a", "b").map(name -> job(name, job(name).getSpec().with(null, TEMPLATE)));

        var plan = plan(queue, Stream.concat(Stream.of(urgent), own).toArray(SyncJob[]::new));

        assertThat(plan.places())
                .extracting(p -> p.job().getMetadata().getName())
                .containsExactly("a");
        assertThat(plan.waiting())
                .singleElement()
                .satisfies(b -> assertThat(b.message()).contains("this job is the next"));
    }

    @Test
    void theQueuesDefaultsDecideWhatTheJobLeavesOpen() {
        var queue =
                new SyncQueueSpec(10, null, null, new Defaults(3, 77, new RetryPolicy(1, null, null, null)), TEMPLATE);

        var effective = plan(queue, job("a")).places().getFirst().effective();

        assertThat(effective.priority()).isEqualTo(3);
        assertThat(effective.timeoutSeconds()).isEqualTo(77);
        assertThat(effective.retry()).isEqualTo(new RetryPolicy(1, 600, List.of(), "Retryable"));
    }

    @Test
    void capacityIsNeverExceededAndStrayPodsCount() {
        var queue = new SyncQueueSpec(4, null, null, null, TEMPLATE);
        var jobs = List.of(started("s1"), Given.enqueued("e1"), job("a"), job("b"), job("c"));

        var plan = EnqueuePass.plan(new Snapshot(jobs, Map.of(KEY, queue), Map.of(KEY, 1)), NOW);

        assertThat(plan.places()).hasSize(1);
        assertThat(plan.waiting()).extracting(EnqueuePass.Waiting::reason).containsOnly(Reason.QUEUE_AT_CAPACITY);
        assertThat(plan.waiting().getLast().message())
                .contains("runs 3 of at most 4")
                .contains("1 job is before");
    }

    @Test
    void eachObstacleHasItsReason() {
        assertThat(only(plan(QUEUE, job("a", spec(null, "2026-03-01T12:00:01Z", null)))))
                .isEqualTo(Reason.ETA_IN_FUTURE);
        assertThat(only(plan(QUEUE, with(job("a"), s -> s.nextAttemptTime = NOW.plusSeconds(1)))))
                .isEqualTo(Reason.RETRY_BACKOFF);
        assertThat(only(plan(new SyncQueueSpec(null, true, null, null, TEMPLATE), job("a"))))
                .isEqualTo(Reason.QUEUE_PAUSED);
        assertThat(only(plan(SyncQueueSpec.BUILT_IN, job("a")))).isEqualTo(Reason.INVALID_TEMPLATE);
        assertThat(only(plan(new SyncQueueSpec(0, null, null, null, TEMPLATE), job("a"))))
                .isEqualTo(Reason.QUEUE_AT_CAPACITY);
    }

    @Test
    void aQueueThatDoesNotExistIsNamedButTheDefaultOneAlwaysExists() {
        var other = job("a", new SyncJobSpec("typo", "x", null, null, null, null, null, TEMPLATE));
        var own = job("b", new SyncJobSpec("default", "x", null, null, null, null, null, TEMPLATE));

        var plan = EnqueuePass.plan(new Snapshot(List.of(other, own), Map.of(), Map.of()), NOW);

        assertThat(only(plan)).isEqualTo(Reason.QUEUE_NOT_FOUND);
        assertThat(plan.waiting().getFirst().message()).contains("typo");
        assertThat(plan.places()).hasSize(1);
    }

    @Test
    void aRequeuedJobIsDueWhateverItsEtaSays() {
        var job = with(job("a", spec(null, "2099-01-01T00:00:00+02:00", null)), s -> s.nextAttemptTime = NOW);

        assertThat(plan(QUEUE, job).places()).hasSize(1);
    }

    @Test
    void aJobWithACommandWaitingIsNotEnqueued() {
        assertThat(plan(QUEUE, Given.annotated(job("a"), Names.CANCEL, "x")).places())
                .isEmpty();
    }

    @Test
    void thePassKnowsWhenToLookAgain() {
        var plan = plan(
                QUEUE,
                job("a", spec(null, "2026-03-01T12:00:09Z", null)),
                job("b", spec(null, "2026-03-01T12:00:05Z", null)));

        assertThat(plan.lookAgain()).contains(NOW.plusSeconds(5));
    }

    @Test
    void strictModeSaysThatTheTickIsAwaitedOrWhatIsWrongWithIt() {
        var plan = plan(QUEUE, job("a"));
        var suspended = SchedulerHealth.judge(
                "n",
                "c",
                Optional.of(new SchedulerHealth.Seen(true, NOW, Optional.empty(), Optional.empty())),
                NOW,
                Duration.ofMinutes(3),
                NOW);

        assertThat(EnqueuePass.reasons(plan, Starter.EAGER)).isEmpty();
        assertThat(reason(plan, Who.REFUSED, SchedulerHealth.GOOD)).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(reason(plan, Who.MINUTE, SchedulerHealth.GOOD)).isEqualTo(Reason.WAITING_FOR_TICK);
        assertThat(reason(plan, Who.MINUTE, suspended)).isEqualTo(Reason.SCHEDULER_SUSPENDED);
        assertThat(reason(plan, Who.MINUTE_ALONE, SchedulerHealth.GOOD)).isEqualTo(Reason.OPERATOR_NOT_RUNNING);
    }

    private static Reason reason(Plan plan, Who who, SchedulerHealth scheduler) {
        return EnqueuePass.reasons(plan, new Starter(who, scheduler)).getFirst().reason();
    }

    private static Reason only(Plan plan) {
        assertThat(plan.waiting()).hasSize(1);
        return plan.waiting().getFirst().reason();
    }

    private static Plan plan(SyncQueueSpec queue, SyncJob... jobs) {
        return EnqueuePass.plan(new Snapshot(List.of(jobs), Map.of(KEY, queue), Map.of()), NOW);
    }

    private static Snapshot snapshot(SyncJob... jobs) {
        return new Snapshot(List.of(jobs), Map.of(KEY, QUEUE), Map.of());
    }

    private static SyncJob created(SyncJob job, int secondsAgo) {
        job.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withCreationTimestamp(NOW.minusSeconds(secondsAgo).toString())
                .build());
        return job;
    }
}
