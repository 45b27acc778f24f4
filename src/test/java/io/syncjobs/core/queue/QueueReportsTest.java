package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Given;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the status of a queue says. */
class QueueReportsTest {
    @Test
    void withoutAnOperatorTheCountsBearTheirTimeAndNothingElseIsLost() {
        var queue = queue();
        queue.setStatus(report(queue));

        var alone = QueueReports.withoutOperator(queue, "2026-03-01T11:58:07.123456Z", NOW);

        assertThat(alone.pending()).isEqualTo(1);
        assertThat(alone.reason()).isEqualTo("OperatorNotRunning");
        assertThat(alone.message()).contains("as of 2026-03-01T11:58:07Z");
        assertThat(requireNonNull(alone.conditions()))
                .extracting(Condition::getType, Condition::getStatus)
                .extracting(Object::toString)
                .containsExactly(
                        "(\"SchedulerHealthy\", \"True\")",
                        "(\"OperatorRunning\", \"False\")",
                        "(\"Ready\", \"False\")");
        queue.setStatus(alone);
        assertThat(QueueReports.withoutOperator(queue, "2026-03-01T11:58:07.123456Z", NOW.plusSeconds(60)))
                .as("the next minute has nothing to write")
                .isEqualTo(alone);
        assertThat(requireNonNull(report(queue).conditions()))
                .as("an operator is back")
                .filteredOn(condition -> condition.getType().equals("OperatorRunning"))
                .extracting(Condition::getStatus)
                .containsExactly("True");
    }

    @Test
    void aQueueWhosePlacesAreHeldByJobsThatCannotStartSaysWhatKeepsThem() {
        var stuck = Given.with(Given.enqueued("stuck"), s -> {
            s.reason = "ImagePullFailed";
            s.message = "no such tag";
        });
        var waits = Given.job("a");

        var allStuck = report(1, stuck, waits);
        assertThat(allStuck.reason()).isEqualTo("ImagePullFailed");
        assertThat(allStuck.message())
                .isEqualTo("1 of its 1 taken places is held by a job whose pod cannot start:"
                        + " stuck, ImagePullFailed: no such tag");
        assertThat(report(2, stuck, Given.started("b"), waits).reason()).isEqualTo("QueueAtCapacity");
        assertThat(report(1, stuck).reason()).as("none waits").isEqualTo("ImagePullFailed");
        assertThat(report(1, Given.enqueued("c"), waits).reason()).isEqualTo("QueueAtCapacity");
    }

    @Test
    void jobsThatAreBeingEnqueuedAreNotHeldUp() {
        assertThat(report(1, Given.job("a")).reason()).isNull();
        assertThat(report(1, Given.job("a"), Given.job("b")).message()).contains("runs 0 of at most 1");
    }

    @Test
    void withoutAnOperatorOnlyAQueueWithWarmWorkersGoesOn() {
        var queue = queue();
        assertThat(QueueReports.withoutOperator(queue, "", NOW).message())
                .startsWith("no operator runs: nobody has counted the jobs yet, and no job starts;");

        queue.setSpec(new SyncQueueSpec(10, null, null, null, null, "pool"));
        assertThat(QueueReports.withoutOperator(queue, "", NOW).message())
                .contains("and jobs start once a minute only;");
    }

    @Test
    void aQueueSpeaksOfItselfAndNotOfOneJob() {
        assertThat(report(1, Given.started("a"), Given.job("b")).message())
                .isEqualTo("queue default runs 1 of at most 1 (spec.capacity)");
        assertThat(report(0, Given.job("a")).message())
                .isEqualTo(
                        "queue default runs 0 of at most 0 (spec.capacity is 0, which lets nothing start; raise it)");
    }

    private static SyncQueueStatus report(int capacity, SyncJob... jobs) {
        return report(queue(), capacity, jobs);
    }

    private static SyncQueueStatus report(SyncQueue queue) {
        return report(queue, 10, Given.job("a"));
    }

    private static SyncQueueStatus report(SyncQueue queue, int capacity, SyncJob... jobs) {
        var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
        index.see(QueueKey.of(queue), new SyncQueueSpec(capacity, null, null, null, Given.TEMPLATE), 1);
        for (var job : jobs) index.see(JobEntry.of(job));
        return QueueReports.of(queue, index, Starter.EAGER, job -> message(job, jobs), NOW);
    }

    private static Optional<String> message(JobEntry job, SyncJob... jobs) {
        return Stream.of(jobs)
                .filter(each -> each.getMetadata().getUid().equals(job.uid()))
                .findFirst()
                .flatMap(each -> Optional.ofNullable(JobFields.statusOf(each).message()));
    }

    private static SyncQueue queue() {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withName("default")
                .withNamespace("shop")
                .withGeneration(1L)
                .build());
        queue.setSpec(Given.QUEUE);
        return queue;
    }
}
