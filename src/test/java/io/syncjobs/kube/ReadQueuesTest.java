package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.QueueKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a sweep has read of queues, beside what their watch has shown. */
class ReadQueuesTest {
    private static final QueueKey WIDE = new QueueKey("shop", "wide");

    private final ReadQueues queues = new ReadQueues();

    @Test
    void theNewerVersionCounts() {
        queues.learn(queue("wide", 5));
        queues.learn(queue("wide", 4));

        assertThat(newest(WIDE, Optional.empty())).contains("5");
        assertThat(newest(WIDE, Optional.of(queue("wide", 4)))).contains("5");
        assertThat(all(queue("wide", 4), queue("narrow", 3))).containsExactlyInAnyOrder("wide 5", "narrow 3");
        assertThat(all(queue("narrow", 3))).containsExactlyInAnyOrder("wide 5", "narrow 3");
        assertThat(newest(WIDE, Optional.of(queue("wide", 6)))).contains("6");
        assertThat(newest(WIDE, Optional.empty())).as("the watch has caught up").isEmpty();
    }

    @Test
    void whatTheWatchHasShownSinceCounts() {
        queues.learn(queue("wide", 5));
        queues.seen(queue("wide", 4));
        assertThat(newest(WIDE, Optional.empty())).contains("5");
        queues.seen(queue("wide", 5));
        assertThat(newest(WIDE, Optional.empty())).isEmpty();

        queues.learn(queue("wide", 5));
        queues.seenGone(queue("wide", 4));
        assertThat(newest(WIDE, Optional.empty())).isEmpty();
    }

    @Test
    void aQueueThatIsGoneStaysGoneUntilItIsCreatedAgain() {
        queues.learn(queue("wide", 5));
        queues.learnGone(WIDE);

        assertThat(newest(WIDE, Optional.of(queue("wide", 4)))).isEmpty();
        assertThat(all(queue("wide", 4))).isEmpty();
        queues.seen(queue("wide", 9));
        assertThat(newest(WIDE, Optional.of(queue("wide", 9)))).contains("9");
    }

    @Test
    void nothingIsKeptOfAQueueThatNobodyHas() {
        queues.learnGone(WIDE);

        assertThat(all()).isEmpty();
        assertThat(newest(WIDE, Optional.of(queue("wide", 4)))).contains("4");
    }

    private Optional<String> newest(QueueKey key, Optional<SyncQueue> cached) {
        return queues.newest(key, cached).map(each -> each.getMetadata().getResourceVersion());
    }

    private List<String> all(SyncQueue... cached) {
        return queues.newest(List.of(cached)).stream()
                .map(each ->
                        each.getMetadata().getName() + " " + each.getMetadata().getResourceVersion())
                .toList();
    }

    private static SyncQueue queue(String name, int version) {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withResourceVersion(Integer.toString(version))
                .build());
        queue.setSpec(SyncQueueSpec.BUILT_IN);
        return queue;
    }
}
