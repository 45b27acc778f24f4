package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueSpec.Retention;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void byDefaultDoneJobsAreKeptForADayAndTheOthersForThirty() {
        var jobs = List.of(
                finished("done-young", State.DONE, NOW.minus(DAY).plusSeconds(1)),
                finished("done-old", State.DONE, NOW.minus(DAY)),
                finished("failed-young", State.FAILED, NOW.minus(DAY.multipliedBy(29))),
                finished("failed-old", State.FAILED, NOW.minus(DAY.multipliedBy(30))),
                finished("cancelled-old", State.CANCELLED, NOW.minus(DAY.multipliedBy(30))));

        assertThat(expired(Retention.UNSET, jobs)).containsExactly("done-old", "failed-old", "cancelled-old");
    }

    @Test
    void beyondTheCountTheOldestGoFirst() {
        var jobs = IntStream.range(0, 5)
                .mapToObj(i -> finished("job-" + i, State.DONE, NOW.minusSeconds(i)))
                .toList();

        assertThat(expired(new Retention(null, 3, null, null, null), jobs)).containsExactly("job-4", "job-3");
    }

    @Test
    void failedJobsGoByTheirAgeAloneUnlessTheQueuesOwnerSetACount() {
        var jobs = IntStream.range(0, 1_200)
                .mapToObj(i -> finished("job-" + i, State.FAILED, NOW.minusSeconds(i)))
                .toList();

        assertThat(expired(Retention.UNSET, jobs)).isEmpty();
        assertThat(expired(new Retention(null, null, null, 1_199, null), jobs)).containsExactly("job-1199");
    }

    /** Somebody may have cancelled thousands by mistake, and requeues them. */
    @Test
    void cancelledJobsGoByTheirAgeAlone() {
        var jobs = IntStream.range(0, 1_200)
                .mapToObj(i -> finished("job-" + i, State.CANCELLED, NOW.minusSeconds(i)))
                .toList();

        assertThat(expired(Retention.UNSET, jobs)).isEmpty();
    }

    @Test
    void theQueuesValuesDecide() {
        var jobs = List.of(
                finished("done", State.DONE, NOW.minusSeconds(60)),
                finished("failed", State.FAILED, NOW.minusSeconds(120)),
                finished("cancelled", State.CANCELLED, NOW.minusSeconds(180)));

        assertThat(expired(new Retention(60, null, 121, null, 180), jobs)).containsExactly("done", "cancelled");
    }

    @Test
    void unfinishedJobsAreNeverDeleted() {
        var old = Stream.of(Given.job("pending"), Given.enqueued("enqueued"), Given.started("started"))
                .toList();

        assertThat(expired(new Retention(60, 0, 60, 0, 60), old, NOW.plus(DAY.multipliedBy(400))))
                .isEmpty();
    }

    @Test
    void aJobWithACommandWaitingIsNotDeleted() {
        var old = finished("requeued", State.FAILED, NOW.minus(DAY.multipliedBy(31)));

        assertThat(expired(Retention.UNSET, List.of(Given.annotated(old, Names.REQUEUE, "now"))))
                .isEmpty();
    }

    /** A tool that replaces it deletes it first, and then its rules are not known. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "magento"})
    void aQueueThatIsGoneForAWhileLosesNoneOfItsJobs(String name) {
        var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
        var key = new QueueKey("shop", name);
        var keep = new SyncQueueSpec(null, null, new Retention(30 * 86_400, null, null, null, null), null, null);
        var done = finished("done", State.DONE, NOW.minus(DAY));
        done.setSpec(new SyncJobSpec(name, "export.order", null, null, null, null, null, null));
        index.see(key, keep, 1);
        index.see(JobEntry.of(done));
        var retention = new io.syncjobs.core.queue.Retention();

        index.queueGone(key);
        assertThat(retention.expired(index.queues().values(), NOW)).isEmpty();
        assertThat(retention.expired(index.queues().values(), NOW.plus(Duration.ofMinutes(59))))
                .isEmpty();
        index.see(key, keep, 2);
        assertThat(retention.expired(index.queues().values(), NOW.plus(Duration.ofHours(2))))
                .isEmpty();
        index.queueGone(key);
        assertThat(retention.expired(index.queues().values(), NOW.plus(Duration.ofHours(2))))
                .as("gone anew")
                .isEmpty();

        assertThat(retention.expired(index.queues().values(), NOW.plus(Duration.ofHours(3))))
                .as("gone for good")
                .extracting(JobEntry::name)
                .containsExactly("done");
    }

    private static List<String> expired(Retention keep, List<SyncJob> jobs) {
        return expired(keep, jobs, NOW);
    }

    private static List<String> expired(Retention keep, List<SyncJob> jobs, Instant now) {
        var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
        var key = new QueueKey("shop", "default");
        index.see(key, new SyncQueueSpec(null, null, keep, null, null), 1);
        jobs.forEach(job -> index.see(JobEntry.of(job)));
        return io.syncjobs.core.queue.Retention.expired(
                        Objects.requireNonNull(index.queues().get(key)), now)
                .stream()
                .map(JobEntry::name)
                .toList();
    }

    private static SyncJob finished(String name, State state, Instant at) {
        return Given.with(Given.job(name), s -> {
            s.state = state;
            s.finishedTime = at;
        });
    }
}
