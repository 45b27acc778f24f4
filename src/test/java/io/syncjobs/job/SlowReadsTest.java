package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.kube.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Logs and events that are read beside the jobs. A read goes on until its thread is given time. */
class SlowReadsTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final AtomicLong now = new AtomicLong();
    private final SlowReads reads = new SlowReads(threads::add, now::get);
    private final List<String> woken = new ArrayList<>();

    @Test
    void aReadThatHangsHoldsUpOnlyItself() {
        assertThat(read("hangs")).isEmpty();
        assertThat(read("other")).isEmpty();

        var hanging = threads.remove();
        threads.remove().run();

        assertThat(woken).containsExactly("other");
        assertThat(reads.read("other", () -> "again", () -> {})).contains("read other");
        assertThat(read("hangs")).as("it goes on, and is not begun twice").isEmpty();
        assertThat(threads).isEmpty();
        hanging.run();
        assertThat(read("hangs")).contains("read hangs");
    }

    @Test
    void whatItFailsWithIsToldOnceAndThenItIsReadAnew() {
        var none = reads.read(
                "log",
                () -> {
                    throw new StackOverflowError();
                },
                () -> woken.add("log"));
        threads.remove().run();

        assertThat(none).isEmpty();
        assertThat(woken).containsExactly("log");
        assertThatThrownBy(() -> read("log"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("it could not be read: java.lang.StackOverflowError");
        assertThat(read("log")).isEmpty();
        threads.remove().run();
        assertThat(read("log")).contains("read log");
    }

    /** Nodes that are silent may have the logs of thousands of jobs. */
    @Test
    void aThousandThatHangKeepOthersWaitingAndAnswersThatNobodyWantsDoNot() {
        for (var i = 0; i < 1_000; i++) read("job-" + i);

        assertThat(read("one-more")).isEmpty();
        assertThat(threads).hasSize(1_000);
        threads.remove().run();
        now.addAndGet(Duration.ofMinutes(3).toNanos());
        assertThat(read("one-more")).isEmpty();
        assertThat(threads)
                .as("it takes the room of an answer that nobody has asked for")
                .hasSize(1_000);
    }

    private Optional<String> read(String key) {
        return reads.read(key, () -> "read " + key, () -> woken.add(key));
    }
}
