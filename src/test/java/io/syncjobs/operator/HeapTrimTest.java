package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class HeapTrimTest {
    private static final long MB = 1024 * 1024;

    private long size = 40 * MB;
    private long used = 40 * MB;
    private int collections;

    private final HeapTrim trim = new HeapTrim(() -> size, () -> {
        collections++;
        size = used;
    });

    @Test
    void muchGarbageIsCollectedOnce() {
        size = 50 * MB;
        trim.look();
        assertThat(collections).isZero();

        size = 300 * MB;
        trim.look();
        trim.look();

        assertThat(collections).isEqualTo(1);
        assertThat(size).isEqualTo(40 * MB);
    }

    @Test
    void whatIsInUseIsNotCollectedAgainAndAgain() {
        used = 290 * MB;
        size = 300 * MB;
        trim.look();
        size = 305 * MB;
        trim.look();

        assertThat(collections).isEqualTo(1);
    }

    @Test
    void thisProcessHasAPoolOfOldObjects() {
        assertThatNoException().isThrownBy(() -> HeapTrim.ofProcess().look());
    }
}
