package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.NamespaceShare;
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
    private final SlowReads reads = new SlowReads(threads::add, new NamespaceShare(300), now::get);
    private final List<String> woken = new ArrayList<>();

    @Test
    void aReadThatHangsHoldsUpOnlyItself() {
        assertThat(read("hangs")).isEmpty();
        assertThat(read("other")).isEmpty();

        var hanging = threads.remove();
        threads.remove().run();

        assertThat(woken).containsExactly("other");
        assertThat(reads.read("shop", "other", () -> "again", () -> {})).contains("read other");
        assertThat(read("hangs")).as("it goes on, and is not begun twice").isEmpty();
        assertThat(threads).isEmpty();
        hanging.run();
        assertThat(read("hangs")).contains("read hangs");
    }

    @Test
    void whatItFailsWithIsToldOnceAndThenItIsReadAnew() {
        var none = reads.read(
                "shop",
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
        for (var i = 0; i < 1_000; i++) read("shop-" + i % 4, "job-" + i);

        assertThat(read("one-more")).isEmpty();
        assertThat(threads).hasSize(1_000);
        threads.remove().run();
        now.addAndGet(Duration.ofMinutes(3).toNanos());
        assertThat(read("one-more")).isEmpty();
        assertThat(threads)
                .as("it takes the room of an answer that nobody has asked for")
                .hasSize(1_000);
    }

    /** 100 jobs have their pods on a node that is silent: each log takes ten seconds. */
    @Test
    void readsThatHangInOneNamespaceLeaveThreadsToTheOthers() {
        var few = new SlowReads(threads::add, new NamespaceShare(2), now::get);
        for (var i = 0; i < 4; i++) few.read("shop", "job-" + i, () -> "log", () -> woken.add("job"));
        few.read("erp", "other", () -> "log", () -> woken.add("other"));

        assertThat(threads).as("two of the one and the other").hasSize(3);
        threads.remove().run();
        assertThat(threads).as("the next one of the namespace has its turn").hasSize(3);
        while (!threads.isEmpty()) threads.remove().run();
        assertThat(woken).hasSize(5);
        for (var i = 0; i < 4; i++)
            assertThat(few.read("shop", "job-" + i, () -> "again", () -> {})).contains("log");
    }

    @Test
    void aReadWhoseTurnDoesNotComeFailsAsOneWithoutAnAnswer() {
        var few = new SlowReads(threads::add, new NamespaceShare(1), now::get);
        for (var i = 0; i < 3; i++) few.read("shop", "job-" + i, () -> "log", () -> {});
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        var hanging = threads.remove();
        hanging.run();
        while (!threads.isEmpty()) threads.remove().run();

        for (var i = 1; i < 3; i++) {
            var key = "job-" + i;
            assertThatThrownBy(() -> few.read("shop", key, () -> "log", () -> {}))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.isNotFound()).isFalse());
        }
    }

    @Test
    void oneNamespaceMayHaveAQuarterOfAllReads() {
        for (var i = 0; i < 300; i++) read("shop", "job-" + i);
        assertThat(threads).hasSize(250);
        read("erp", "other");
        assertThat(threads).hasSize(251);
    }

    private Optional<String> read(String key) {
        return read("shop", key);
    }

    private Optional<String> read(String namespace, String key) {
        return reads.read(namespace, key, () -> "read " + key, () -> woken.add(key));
    }
}
