package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventBudgetTest {
    private final AtomicLong nanos = new AtomicLong(5);
    private final EventBudget budget = new EventBudget(nanos::get);

    @Test
    void aNamespaceHasSomeAtOnceAndThenSoManyASecond() {
        assertThat(taken("shop", 1_000)).isEqualTo(20);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(taken("shop", 1_000)).isEqualTo(6);
    }

    @Test
    void whatOneUsesUpTheOthersStillHave() {
        taken("noisy", 10_000);

        assertThat(taken("quiet", 5)).isEqualTo(5);
    }

    @Test
    void allTogetherHaveABoundToo() {
        var all = 0;
        for (var i = 0; i < 2_000; i++) all += taken("ns-" + i, 10);

        assertThat(all).isEqualTo(100);
    }

    private int taken(String namespace, int tries) {
        var taken = 0;
        for (var i = 0; i < tries; i++) taken += budget.take(namespace) ? 1 : 0;
        return taken;
    }
}
