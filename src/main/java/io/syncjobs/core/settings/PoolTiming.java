package io.syncjobs.core.settings;

import io.syncjobs.api.SyncWorkerPoolSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often the workers of a pool renew their Leases, and after how long a silence they are dead.
 *
 * @param deadAfter at least {@link #BEATS} heartbeats, because one late heartbeat must not cost a worker its jobs
 */
public record PoolTiming(Duration heartbeat, Duration deadAfter) {
    /** The number of heartbeats that a worker may miss. */
    private static final int BEATS = 3;

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /**
     * The pool's own values, otherwise the installation's. If the two values do not fit together, the one that the pool left open
     * is adjusted.
     */
    public static PoolTiming of(SyncWorkerPoolSpec spec, PoolTiming installation) {
        var heartbeat = seconds(spec.heartbeatSeconds(), installation.heartbeat());
        var deadAfter = seconds(spec.deadAfterSeconds(), installation.deadAfter());
        if (deadAfter.compareTo(heartbeat.multipliedBy(BEATS)) >= 0) return new PoolTiming(heartbeat, deadAfter);
        return spec.heartbeatSeconds() == null
                ? new PoolTiming(shorter(deadAfter), deadAfter)
                : new PoolTiming(heartbeat, heartbeat.multipliedBy(BEATS));
    }

    private static Duration seconds(@Nullable Integer own, Duration other) {
        return own == null ? other : Duration.ofSeconds(own);
    }

    private static Duration shorter(Duration deadAfter) {
        var third = Duration.ofSeconds(deadAfter.dividedBy(BEATS).toSeconds());
        return third.compareTo(SHORTEST) < 0 ? SHORTEST : third;
    }
}
