package io.syncjobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    @Test
    void everyFieldIsRead() {
        var report = Report.parse(
                "{\"type\": \"Refused\", \"message\": \"no\", \"trace\": \"at a\", \"resolution\": \"ask\", \"retryAfterSeconds\": 1.2}");

        assertThat(report).isEqualTo(new Report(null, false, "Refused", "no", "at a", "ask", 2, false));
        assertThat(report.claimsSuccess()).isFalse();
    }

    @Test
    void aResultOrDoneClaimsSuccess() {
        assertThat(Report.parse("{\"result\": null}").claimsSuccess()).isFalse();
        assertThat(Report.parse("{\"result\": {\"id\": 7}}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": true}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": false}").claimsSuccess()).isFalse();
        assertThat(Report.parse("{\"done\": \"yes\"}").claimsSuccess()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such customer", "[1, 2]", "\"done\"", "{\"result\": 1", "{result: 1}", "42"})
    void whatIsNoJsonObjectIsTheMessage(String text) {
        var report = Report.parse("  " + text + "\n");

        assertThat(report.message()).isEqualTo(text);
        assertThat(report.claimsSuccess()).isFalse();
    }

    @Test
    void ofJsonThatTheNodeHasCutNothingIsKnown() {
        var end = "x".repeat(4_083) + "\", \"done\": true}";

        assertThat(Report.parse(end)).isEqualTo(new Report(null, false, "", "", "", "", null, true));
        assertThat(Report.parse("x".repeat(4_096)).cut()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n"})
    void nothingIsNothing(String text) {
        assertThat(Report.parse(text)).isEqualTo(Report.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "\"soon\"", "null", "{}"})
    void aWaitThatIsNoneIsIgnored(String seconds) {
        assertThat(Report.parse("{\"retryAfterSeconds\": " + seconds + "}").retryAfterSeconds())
                .isNull();
    }

    @Test
    void aWaitIsBounded() {
        assertThat(Report.parse("{\"retryAfterSeconds\": 1e300}").retryAfterSeconds())
                .isEqualTo(31_536_000);
    }
}
