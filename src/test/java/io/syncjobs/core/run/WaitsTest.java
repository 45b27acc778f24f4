package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers and people write where a wait is meant. */
class WaitsTest {
    private static final Instant WRITTEN = Instant.parse("2026-11-28T01:30:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 seconds | 30",
                "30 s | 30",
                "1 minute | 60",
                "2 Hours | 7200",
                "1 hour 5 minutes | 3900",
                "500ms | 1",
                "1.5h | 5400",
                "1h0m0.5s | 3601",
                "2d | 172800",
                "P1D | 86400",
                "1 week | 604800",
                "120,120 | 120",
                "PT30S | 30",
                "Saturday, 28-Nov-26 01:31:00 GMT | 60",
                "Sat Nov 28 01:31:00 2026 | 60",
                "Sun Dec  6 01:31:00 2026 | 691260",
                "Sat, 28 Nov 2026 01:31:00 UTC | 60",
                "Sat, 28 Nov 2026 01:31:00 Z | 60",
                "Sat, 28 Nov 2026 02:31:00 +0100 | 60",
                "sat, 28 nov 2026 01:31:00 gmt | 60",
                "Sat, 28-Nov-2026 01:31:00 GMT | 60",
                "Fri, 28 Nov 2026 01:31:00 GMT | 60",
                "28 Nov 2026 01:31:00 GMT | 60",
                "2026-11-28T01:31:00.5Z | 60",
                "2026-11-28 01:31:00Z | 60",
                "2026-11-28T02:31:00+0100 | 60",
                "2027-12-31T00:00:00Z | 31536000",
                "1795829460 | 60",
                "1795829460.4 | 61",
                "1795829460000 | 60",
                "1795829399 | 0",
                "1e9 | 31536000"
            })
    void aWaitIsReadInTheWaysInWhichItIsWritten(String text, int seconds) {
        assertThat(Waits.seconds(text, WRITTEN)).hasValue(seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "s",
                "30 parsecs",
                "1.2.3s",
                "30, 60",
                "-30s",
                "0x1e",
                "\"30\"",
                "NaN",
                "Infinity",
                "2026-11-28 01:31:00",
                "Sat, 28 Nov",
                "Sat",
                "99 Nov 2026 01:31:00 GMT"
            })
    void whatIsNoWaitIsNone(String text) {
        assertThat(Waits.seconds(text, WRITTEN)).isEmpty();
    }
}
