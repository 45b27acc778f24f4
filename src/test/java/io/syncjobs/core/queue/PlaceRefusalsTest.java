package io.syncjobs.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A new holder of the Lease is refused for seconds; a policy that is broken, or a proxy that drops who asks, for ever. */
class PlaceRefusalsTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void whatIsRefusedForMoreThanAMinuteStands() {
        var all = refused(0, 60);
        assertThat(all.stand(BEGIN.plusSeconds(60))).isFalse();

        all = all.and(BEGIN.plusSeconds(65));
        assertThat(all.stand(BEGIN.plusSeconds(65))).isTrue();
        assertThat(all.stand(BEGIN.plusSeconds(124))).isTrue();
    }

    @Test
    void whatWasRefusedLongAgoSaysNothing() {
        assertThat(PlaceRefusals.NONE.stand(BEGIN)).isFalse();
        var all = refused(0, 65);

        assertThat(all.stand(BEGIN.plusSeconds(125)))
                .as("nothing was due any more")
                .isFalse();
        assertThat(all.and(BEGIN.plusSeconds(126)).stand(BEGIN.plusSeconds(126)))
                .as("another time")
                .isFalse();
    }

    /** One each five seconds. */
    private static PlaceRefusals refused(int from, int to) {
        var all = PlaceRefusals.NONE;
        for (var second = from; second <= to; second += 5) all = all.and(BEGIN.plusSeconds(second));
        return all;
    }
}
