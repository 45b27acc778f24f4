package io.syncjobs.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.Pools;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whose turn it is, where all looks hang: a webhook of one namespace may hold up each write there for half a minute. */
class PoolReconcilerTest {
    private final MemoryApi api = new MemoryApi();
    private final PoolReconciler reconciler = new PoolReconciler(
            new Pools(api, (path, object) -> object),
            Settings.from(Map.of()).agent(),
            (namespace, pool) -> Optional.empty(),
            List::of,
            new Events(api, InstantSource.system(), System::nanoTime, Runnable::run, "operator-a"),
            InstantSource.system());

    @Test
    void aNamespaceWhosePoolsHangKeepsNoOtherWaiting() {
        var looks = new AtomicInteger();
        hang("bank", 10, looks, () -> {
            assertThat(looks).hasValue(4);
            hang("erp", 10, looks, () -> assertThat(looks).hasValue(8));
        });
        assertThat(reconciler.inTurn("bank", looks::incrementAndGet))
                .as("what was taken is given back")
                .isTrue();
    }

    @Test
    void poolsTakeNoMoreThanTheirPartOfTheThreads() {
        var looks = new AtomicInteger();
        hang(
                "a",
                10,
                looks,
                () -> hang(
                        "b",
                        10,
                        looks,
                        () -> hang(
                                "c",
                                10,
                                looks,
                                () -> hang(
                                        "d",
                                        10,
                                        looks,
                                        () -> assertThat(reconciler.inTurn("e", looks::incrementAndGet))
                                                .isFalse()))));
        assertThat(looks).hasValue(16);
    }

    /** Begins as many looks within each other as it may, and then {@code last}. */
    private void hang(String namespace, int most, AtomicInteger looks, Runnable last) {
        var begun = most > 0
                && reconciler.inTurn(namespace, () -> {
                    looks.incrementAndGet();
                    hang(namespace, most - 1, looks, last);
                });
        if (!begun) last.run();
    }
}
