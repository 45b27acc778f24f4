package io.syncjobs.enqueuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the watches tell while the index's thread is busy. */
class IndexFeedTest {
    private static final QueueKey QUEUE = new QueueKey("shop", "narrow");

    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final List<Runnable> thread = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final IndexFeed feed = new IndexFeed(index, thread::add, new Jobs(new MemoryApi()), new Reservations());

    @BeforeEach
    void aJobThatWaits() {
        index.see(JobEntry.of(GivenJobs.waiting("a", 10)));
        index.onChange(key -> changes.incrementAndGet());
    }

    @Test
    void ofAQueueThatChangesAllTheTimeTheLastStateAloneIsTakenIn() {
        feed.queue(queue(1, 1));
        run();
        var one = changes.getAndSet(0);

        for (var i = 2; i <= 1_000; i++) feed.queue(queue(i % 7, i));
        feed.queue(queue(3, 5));
        run();

        assertThat(changes.get()).isLessThanOrEqualTo(one);
        assertThat(capacity()).isEqualTo(1_000 % 7);
    }

    @Test
    void theLastThingThatHappenedToAQueueCounts() {
        feed.queue(queue(1, 1));
        feed.queueGone(queue(1, 1));
        run();
        assertThat(index.queues().get(QUEUE)).matches(queue -> !queue.isCreated());

        feed.queueGone(queue(1, 1));
        feed.queue(queue(4, 9));
        run();
        assertThat(capacity()).isEqualTo(4);
    }

    private int capacity() {
        return Objects.requireNonNull(index.queues().get(QUEUE)).capacity();
    }

    private void run() {
        thread.forEach(Runnable::run);
        thread.clear();
    }

    private static SyncQueue queue(int capacity, int version) {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("narrow")
                .withResourceVersion(Integer.toString(version))
                .build());
        queue.setSpec(new SyncQueueSpec(capacity, null, null, null, null));
        return queue;
    }
}
