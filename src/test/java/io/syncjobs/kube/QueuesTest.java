package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import org.junit.jupiter.api.Test;

class QueuesTest {
    private static final String PATH = "/apis/syncjobs.io/v1alpha1/namespaces/shop/syncqueues/narrow";

    private final MemoryApi api = new MemoryApi();
    private final Queues queues = new Queues(api);

    /** 1. An operator reads a queue, and is frozen. 2. Another one writes. 3. The first one wakes up. */
    @Test
    void anOperatorThatWasFrozenOverwritesNothing() {
        api.put(PATH, "{\"metadata\":{\"name\":\"narrow\",\"namespace\":\"shop\"},\"spec\":{}}");
        var seen = read();
        assertThat(queues.writeStatus(seen, pending(3))).isTrue();

        assertThatThrownBy(() -> queues.writeStatus(seen, pending(1)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());

        assertThat(read().getStatus().pending()).isEqualTo(3);
        assertThat(queues.writeStatus(read(), pending(3)))
                .as("nothing has changed")
                .isFalse();
    }

    private SyncQueue read() {
        return queues.read("shop", "narrow").orElseThrow();
    }

    private static SyncQueueStatus pending(int jobs) {
        return new SyncQueueStatus(null, jobs, null, null, null, null, null, null, null, null);
    }
}
