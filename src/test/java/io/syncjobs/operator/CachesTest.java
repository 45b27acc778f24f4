package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachesTest {
    private static final QueueKey WIDE = new QueueKey("shop", "wide");

    private final Jobs jobs = new Jobs(new MemoryApi());
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final Caches caches =
            new Caches(jobs, new IndexFeed(index, Runnable::run, jobs, new Reservations()), (before, now) -> {});

    /** Its jobs get places, because the index has it too. */
    @Test
    void aQueueThatASweepHasReadIsThereForWhoeverMakesThePodsOfItsJobs() {
        jobs.queues().learn(queue(5));

        assertThat(caches.queueSpec(WIDE)).contains(queue(5).getSpec());
        assertThat(caches.queue(WIDE)).isPresent();
        assertThat(caches.queues()).hasSize(1);

        caches.queueStore().put("shop/wide", queue(6));
        assertThat(jobs.queues().newest(WIDE, Optional.empty()))
                .as("from now on the watch has it")
                .isEmpty();
        assertThat(index.queues()).containsKey(WIDE);
    }

    private static SyncQueue queue(int version) {
        var queue = new SyncQueue();
        queue.setMetadata(new ObjectMetaBuilder()
                .withName("wide")
                .withNamespace("shop")
                .withUid("uid-wide")
                .withResourceVersion(Integer.toString(version))
                .build());
        queue.setSpec(new SyncQueueSpec(7, null, null, null, null, null));
        return queue;
    }
}
