package io.syncjobs.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.time.YearMonth;

class DueFuzzTest {
    /** Any time that the API server takes in spec.eta: RFC 3339, a day that exists, an offset of at most 17:59. */
    @FuzzTest
    void anyEtaIsAMomentThatAStatusCanHold(FuzzedDataProvider data) {
        var month = YearMonth.of(data.consumeInt(0, 9999), data.consumeInt(1, 12));
        var day = data.consumeInt(1, month.lengthOfMonth());
        var time = "%02d:%02d:%02d".formatted(data.consumeInt(0, 23), data.consumeInt(0, 59), data.consumeInt(0, 59));
        var digits = data.consumeInt(0, 9);
        var fraction = digits == 0 ? "" : "." + "123456789".substring(0, digits);
        var offset = data.consumeBoolean()
                ? "Z"
                : (data.consumeBoolean() ? "+" : "-")
                        + "%02d:%02d".formatted(data.consumeInt(0, 17), data.consumeInt(0, 59));
        var eta =
                "%04d-%02d-%02dT%s%s%s".formatted(month.getYear(), month.getMonthValue(), day, time, fraction, offset);

        var due = DueTimes.of(Given.job("order-1042", Given.spec(null, eta, null)))
                .orElseThrow();

        assertThat(due).isBetween(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"));
    }
}
