package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Given;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the status of a queue says of its pool. */
class PoolFitTest {
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Limits.MESSAGE_REFRESH);
    private int versions;

    @Test
    void aPoolThatIsMissingOrTooSmallOrTooLargeIsTold() {
        assertThat(fits(5)).isEqualTo("False PoolMissing");
        pool(2, 2);
        assertThat(fits(5)).isEqualTo("False PoolTooSmall");
        assertThat(fits(4)).isEqualTo("True Fits");
        assertThat(fits(3)).isEqualTo("False QueuesTooSmall");
        queue("other", 1);
        assertThat(fits(3)).as("two queues share it").isEqualTo("True Fits");
    }

    @Test
    void aQueueWithoutAPoolHasNoSuchCondition() {
        var own = queue("own", Given.QUEUE);
        assertThat(condition(QueueReports.of(own, index, Starter.EAGER, job -> Optional.empty(), NOW), "PoolFits"))
                .isEmpty();
    }

    @Test
    void aQueueWhosePoolHasNoWorkerIsNotReadyAndSaysWhyNothingMoves() {
        var queue = queue("shop", 5);
        index.advance(NOW);
        index.see(JobEntry.of(Given.job("a", new SyncJobSpec("shop", "x", null, null, null, null, null, null))));

        var status = report(queue);
        assertThat(status.reason()).isEqualTo("NoWorkers");
        assertThat(status.message()).contains("there is no SyncWorkerPool magento");
        assertThat(condition(status, "Ready").orElseThrow().getReason()).isEqualTo("NoWorkers");
    }

    private String fits(int capacity) {
        var condition = condition(report(queue("shop", capacity)), QueueReports.POOL_FITS)
                .orElseThrow();
        return condition.getStatus() + " " + condition.getReason();
    }

    private SyncQueueStatus report(SyncQueue queue) {
        return QueueReports.of(queue, index, Starter.EAGER, job -> Optional.empty(), NOW);
    }

    private void pool(int replicas, int slots) {
        index.workers().see(new PoolKey("shop", "magento"), new PoolSpec(replicas, slots, Duration.ofMinutes(5), ""));
    }

    private SyncQueue queue(String name, int capacity) {
        return queue(name, new SyncQueueSpec(capacity, null, null, null, null, "magento"));
    }

    private SyncQueue queue(String name, SyncQueueSpec spec) {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName(name)
                .withGeneration(1L)
                .build());
        queue.setSpec(spec);
        index.see(new QueueKey("shop", name), spec, ++versions);
        return queue;
    }

    private static Optional<Condition> condition(SyncQueueStatus status, String type) {
        return Objects.requireNonNull(status.conditions()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
