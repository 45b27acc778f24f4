package io.syncjobs.core.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @Test
    void eachSecondIsReadAsInstantReadsIt() {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++) {
            var time = Instant.ofEpochSecond(random.nextLong(0, 253_402_300_800L));
            assertThat(Times.millis(time.toString())).as("%s", time).isEqualTo(time.toEpochMilli());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T00:00:00Z",
                "2000-02-29T23:59:59Z",
                "2026-12-31T23:59:60Z",
                "2026-03-01T12:00:00.123Z",
                "2026-03-01T12:00:00+02:00",
                "0000-03-01T00:00:00Z",
                "1969-12-31T23:59:59Z"
            })
    void whatIsRareIsReadToo(String text) {
        assertThat(Times.millis(text)).isEqualTo(Instant.parse(text).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-03-00T00:00:00Z",
                "2026-03-01T24:01:00Z",
                "2026-03-01T12:60:00Z",
                "2026-03-01 12:00:00Z",
                "yesterday"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Times.millis(text)).isInstanceOf(DateTimeParseException.class);
    }
}
