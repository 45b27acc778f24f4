package io.syncjobs.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.core.pool.GivenPool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolTimingTest {
    @ParameterizedTest(name = "heartbeat {0}, dead after {1}: {2}, {3}")
    @CsvSource({
        ",    ,    10,  300",
        "20,  ,    20,  300",
        ",    60,  10,  60",
        "5,   15,  5,   15",
        // What was left open makes room for what was said.
        ",    15,  5,   15",
        ",    5,   1,   5",
        "200, ,    200, 600",
    })
    void aWorkerMayMissTwoHeartbeats(
            @Nullable Integer heartbeat, @Nullable Integer deadAfter, int heartbeats, int deadAfterAll) {
        var spec = new SyncWorkerPoolSpec(
                1,
                1,
                heartbeat,
                deadAfter,
                new GivenPool().pool().getSpec().handler(),
                new GivenPool().pool().getSpec().template());

        assertThat(PoolTiming.of(spec, GivenPool.TIMING))
                .isEqualTo(new PoolTiming(Duration.ofSeconds(heartbeats), Duration.ofSeconds(deadAfterAll)));
    }
}
