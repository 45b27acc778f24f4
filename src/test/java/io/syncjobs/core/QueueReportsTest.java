package io.syncjobs.core;

import static io.syncjobs.core.Given.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.Explanations.Enqueuer;
import io.syncjobs.core.Explanations.Explanation;
import java.util.List;
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
        var waits = new Explanation(Given.job("a"), Reason.QUEUE_AT_CAPACITY, "2 of at most 2");

        var allStuck =
                QueueReports.of(queue(), List.of(stuck), List.of(waits), Enqueuer.EAGER, SchedulerHealth.GOOD, NOW);
        assertThat(allStuck.reason()).isEqualTo("ImagePullFailed");
        assertThat(allStuck.message())
                .isEqualTo("1 of its 1 taken places is held by a job of which the pod cannot start:"
                        + " stuck, ImagePullFailed: no such tag");
        var oneRuns = QueueReports.of(
                queue(), List.of(stuck, Given.started("b")), List.of(waits), Enqueuer.EAGER, SchedulerHealth.GOOD, NOW);
        assertThat(oneRuns.reason()).isEqualTo("QueueAtCapacity");
        var noneWaits = QueueReports.of(queue(), List.of(stuck), List.of(), Enqueuer.EAGER, SchedulerHealth.GOOD, NOW);
        assertThat(noneWaits.reason()).isEqualTo("ImagePullFailed");
        var fineAndBusy = QueueReports.of(
                queue(), List.of(Given.enqueued("c")), List.of(waits), Enqueuer.EAGER, SchedulerHealth.GOOD, NOW);
        assertThat(fineAndBusy.reason()).isEqualTo("QueueAtCapacity");
    }

    private static SyncQueueStatus report(SyncQueue queue) {
        return QueueReports.of(queue, List.of(Given.job("a")), List.of(), Enqueuer.EAGER, SchedulerHealth.GOOD, NOW);
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
