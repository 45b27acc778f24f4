package io.syncjobs.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.queue.LeaseWatch.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aHolderThatRenewsLives() {
        var watch = LeaseWatch.START.look(lease("a", "1"), 0);
        assertThat(watch.verdict()).isEqualTo(Verdict.UNKNOWN);

        watch = watch.look(lease("a", "2"), 10 * SECOND);
        assertThat(watch.verdict()).isEqualTo(Verdict.ALIVE);
        watch = watch.look(lease("a", "2"), 24 * SECOND);
        assertThat(watch.verdict()).isEqualTo(Verdict.ALIVE);
        watch = watch.look(lease("a", "2"), 25 * SECOND);
        assertThat(watch.verdict()).isEqualTo(Verdict.DEAD);
    }

    @Test
    void silenceCountsFromTheWatchersFirstLookHoweverOldTheRenewTimeIs() {
        var watch = LeaseWatch.START.look(lease("a", "1970-01-01T00:00:00Z"), 100 * SECOND);

        assertThat(watch.look(lease("a", "1970-01-01T00:00:00Z"), 114 * SECOND).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(watch.look(lease("a", "1970-01-01T00:00:00Z"), 115 * SECOND).verdict())
                .isEqualTo(Verdict.DEAD);
    }

    @Test
    void aNewHolderBeginsAnew() {
        var watch = LeaseWatch.START.look(lease("a", "1"), 0).look(lease("b", "1"), 14 * SECOND);

        assertThat(watch.look(lease("b", "1"), 16 * SECOND).verdict()).isEqualTo(Verdict.ALIVE);
    }

    @Test
    void noLeaseAndNoHolderAreFree() {
        assertThat(LeaseWatch.START.look(Optional.empty(), 0).verdict()).isEqualTo(Verdict.FREE);
        assertThat(LeaseWatch.START.look(lease("", "1"), 0).verdict()).isEqualTo(Verdict.FREE);
    }

    private static Optional<LeaseView> lease(String holder, String renewed) {
        return Optional.of(new LeaseView(holder, Duration.ofSeconds(15), renewed, "1", ""));
    }
}
