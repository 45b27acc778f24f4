package io.syncjobs.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.RetryPolicy.RetryTier;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueSpec.Defaults;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final List<RetryTier> TIERS = List.of(new RetryTier(1, 10), new RetryTier(3, 60));

    @Test
    void aJobThatFailsAtOnceWithoutLimitAndDelayIsSlowedDown() {
        var eager = new RetryPolicy(-1, 0, null, "Any");

        assertThat(Policies.delay(eager, 1, null, "uid")).isEqualTo(Duration.ofSeconds(1));
        assertThat(Policies.delay(eager, 7, 0, "uid")).isEqualTo(Duration.ofSeconds(7));
        assertThat(Policies.delay(eager, 1_000, null, "uid")).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void withoutAnyValueTheBuiltInOnesAreInForce() {
        var effective = Policies.effective(job(null, null), SyncQueueSpec.BUILT_IN);

        assertThat(effective.priority()).isEqualTo(10);
        assertThat(effective.timeoutSeconds()).isEqualTo(3600);
        assertThat(effective.retry()).isEqualTo(new RetryPolicy(5, 600, List.of(), "Retryable"));
    }

    @Test
    void theQueuesDefaultsWinOverTheBuiltInOnesAndTheJobsValuesOverBoth() {
        var queue = queue(new Defaults(50, 120, new RetryPolicy(1, 30, TIERS, "Any")));

        assertThat(Policies.effective(job(null, null), queue).priority()).isEqualTo(50);
        assertThat(Policies.effective(job(null, null), queue).retry()).isEqualTo(new RetryPolicy(1, 30, TIERS, "Any"));
        assertThat(Policies.effective(job(0, null), queue).priority()).isZero();
        var own = Policies.effective(job(null, new RetryPolicy(-1, null, null, null)), queue);
        assertThat(own.retry()).isEqualTo(new RetryPolicy(-1, 30, TIERS, "Any"));
    }

    @Test
    void aJobWithADelayOfItsOwnDoesNotGetTheQueuesTiers() {
        var queue = queue(new Defaults(null, null, new RetryPolicy(null, null, TIERS, null)));

        var own = Policies.effective(job(null, new RetryPolicy(null, 5, null, null)), queue);

        assertThat(own.retry().pattern()).isEmpty();
        assertThat(own.retry().delaySeconds()).isEqualTo(5);
    }

    @Test
    void theLimitCountsRetriesAndMinusOneNeverEnds() {
        var two = new RetryPolicy(2, 10, null, null);

        assertThat(Policies.mayRetry(two, 1)).isTrue();
        assertThat(Policies.mayRetry(two, 2)).isFalse();
        assertThat(Policies.mayRetry(new RetryPolicy(0, 10, null, null), 0)).isFalse();
        assertThat(Policies.mayRetry(new RetryPolicy(-1, 10, null, null), 1_000_000))
                .isTrue();
    }

    @Test
    void theTierOfTheRetryDecidesAndTheDelayVariesByATenth() {
        var policy = new RetryPolicy(5, 600, List.of(new RetryTier(2, 100), new RetryTier(4, 1000)), null);
        var expected = List.of(600, 100, 100, 1000, 1000);

        for (var retry = 1; retry <= 5; retry++) {
            var seconds = expected.get(retry - 1);
            assertThat(Policies.delay(policy, retry, null, "uid"))
                    .isBetween(Duration.ofMillis(seconds * 900L), Duration.ofMillis(seconds * 1100L));
        }
    }

    @Test
    void jobsThatFailTogetherDoNotComeBackTogether() {
        var policy = new RetryPolicy(5, 600, null, null);

        var delays = IntStream.range(0, 100)
                .mapToObj(i -> Policies.delay(policy, 1, null, "uid-" + i))
                .distinct();

        assertThat(delays.count()).isGreaterThan(90);
        assertThat(Policies.delay(policy, 1, null, "uid")).isEqualTo(Policies.delay(policy, 1, null, "uid"));
    }

    @Test
    void nobodyComesBackBeforeTheWorkersOwnWish() {
        var policy = new RetryPolicy(5, 600, TIERS, null);

        for (var i = 0; i < 100; i++) {
            assertThat(Policies.delay(policy, 1, 30, "uid-" + i))
                    .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33));
        }
    }

    private static SyncJobSpec job(@Nullable Integer priority, @Nullable RetryPolicy retry) {
        return Given.spec(priority, null, retry);
    }

    private static SyncQueueSpec queue(Defaults defaults) {
        return new SyncQueueSpec(null, null, null, defaults, null);
    }
}
