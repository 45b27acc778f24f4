package io.syncjobs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @Test
    void eachMomentIsReadAsInstantReadsIt() {
        var random = new Random(1);
        for (var i = 0; i < 30_000; i++) {
            var second = Instant.ofEpochSecond(random.nextLong(0, 253_402_300_800L));
            var moment = second.plusMillis(random.nextInt(1_000));
            assertThat(List.of(Times.instant(second.toString()), Times.instant(moment.toString())))
                    .containsExactly(second, moment);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T00:00:00Z",
                "2026-11-30T05:00:00Z",
                "2026-01-31T05:00:00.123Z",
                "2000-02-29T23:59:59Z",
                "2026-12-31T23:59:60Z",
                "2026-03-01T12:00:00.123456Z",
                "2026-03-01T12:00:00.1Z",
                "2026-03-01T12:00:00.123456789Z",
                "2026-03-01T12:00:00+02:00",
                "0000-03-01T00:00:00Z",
                "1969-12-31T23:59:59Z"
            })
    void whatIsRareIsReadToo(String text) {
        assertThat(Times.instant(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30T00:00:00Z",
                "2026-11-31T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-03-00T00:00:00Z",
                "2026-03-01T24:01:00Z",
                "2026-03-01T12:60:00Z",
                "2026-03-01 12:00:00Z",
                "2026-03-01T12:00:00x123Z",
                "2026-03-01T12:00:00.12xZ",
                "2026-03-01T12:00:00.123X",
                "2026-03-01T12:00:00",
                "\u0662026-03-01T12:00:00Z",
                "yesterday",
                ""
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Times.instant(text)).isInstanceOf(DateTimeParseException.class);
    }
}
