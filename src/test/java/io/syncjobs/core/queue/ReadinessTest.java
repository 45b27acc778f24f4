package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.Starter.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Instant NOW = Instant.parse("2027-01-31T22:00:00Z");
    private static final SchedulerHealth SUSPENDED =
            new SchedulerHealth(Optional.of(Reason.SCHEDULER_SUSPENDED), "the CronJob is suspended; resume it");

    @Test
    void aQueueThatWouldStartADueJobIsReady() {
        var ready = ready(report(spec(5, false), Who.EAGER, SchedulerHealth.GOOD));

        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("Serving");
    }

    @Test
    void aPausedQueueIsNotReadyAndSaysWhatToDo() {
        var ready = ready(report(spec(5, true), Who.EAGER, SchedulerHealth.GOOD));

        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("QueuePaused");
        assertThat(ready.getMessage()).contains("spec.paused", "false");
    }

    @Test
    void aQueueWithoutCapacityIsNotReady() {
        var ready = ready(report(spec(0, false), Who.EAGER, SchedulerHealth.GOOD));

        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("QueueAtCapacity");
    }

    @Test
    void aBrokenSchedulerCountsOnlyWhereNobodyElseEnqueues() {
        assertThat(ready(report(spec(5, false), Who.EAGER, SUSPENDED)).getStatus())
                .isEqualTo("True");
        var ready = ready(report(spec(5, false), Who.MINUTE, SUSPENDED));
        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("SchedulerSuspended");
        assertThat(ready.getMessage()).contains("resume it");
    }

    @Test
    void aQueueWithoutTemplateIsReadyForJobsThatBringTheirs() {
        var spec = new SyncQueueSpec(null, null, null, null, null);
        var ready = ready(report(spec, Who.EAGER, SchedulerHealth.GOOD));

        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("JobsBringTemplate");
    }

    @Test
    void theGenerationThatWasSeenIsTold() {
        var status = report(spec(5, false), Who.EAGER, SchedulerHealth.GOOD);

        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.conditions())
                .allSatisfy(c -> assertThat(c.getObservedGeneration()).isEqualTo(7));
    }

    @Test
    void aConditionKeepsTheTimeOfItsLastChange() {
        var first = report(spec(5, false), Who.EAGER, SchedulerHealth.GOOD);
        var later = NOW.plusSeconds(60);
        var second = report(queue(spec(5, true), first), Starter.EAGER, later);

        assertThat(ready(second).getLastTransitionTime()).isEqualTo(later.toString());
        assertThat(second.conditions())
                .filteredOn(c -> c.getType().equals("SchedulerHealthy"))
                .extracting(Condition::getLastTransitionTime)
                .containsExactly(NOW.toString());
    }

    private static SyncQueueSpec spec(int capacity, boolean paused) {
        return new SyncQueueSpec(capacity, paused, null, null, RawJson.of("{}"));
    }

    private static SyncQueueStatus report(SyncQueueSpec spec, Who who, SchedulerHealth scheduler) {
        return report(queue(spec, null), new Starter(who, scheduler), NOW);
    }

    private static SyncQueueStatus report(SyncQueue queue, Starter starter, Instant now) {
        var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
        index.see(QueueKey.of(queue), queue.getSpec(), 1);
        return QueueReports.of(queue, index, starter, job -> Optional.empty(), now);
    }

    private static SyncQueue queue(SyncQueueSpec spec, @Nullable SyncQueueStatus status) {
        var queue = new SyncQueue();
        queue.getMetadata().setName("magento");
        queue.getMetadata().setNamespace("shop");
        queue.getMetadata().setGeneration(7L);
        queue.setSpec(spec);
        queue.setStatus(status);
        return queue;
    }

    private static Condition ready(SyncQueueStatus status) {
        return requireNonNull(status.conditions()).stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }
}
