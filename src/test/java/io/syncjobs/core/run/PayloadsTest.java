package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RawJson;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    @Test
    void aPayloadHasALimitInBytesAndInLevels() {
        assertThat(Payloads.problem(null)).isEmpty();
        assertThat(Payloads.problem(text("ü".repeat(16_383)))).isEmpty();
        assertThat(Payloads.problem(text("ü".repeat(16_383) + "x")))
                .hasValueSatisfying(text -> assertThat(text).contains("32769 bytes", "32768"));
        assertThat(Payloads.problem(RawJson.of(deep(500)))).isEmpty();
        assertThat(Payloads.problem(RawJson.of(deep(501)))).hasValue("is nested deeper than 500 levels");
        // What Jackson itself would not write any more.
        assertThat(Payloads.problem(RawJson.of(deep(9_990)))).hasValue("is nested deeper than 500 levels");
    }

    /** Pictures and rare Chinese characters are four bytes, as in the text that was sent, also where a buffer of the writer ends. */
    @Test
    void aCharacterBeyondSixteenBitsStaysAsItIs() {
        for (var before : new int[] {0, 1, 3_998, 3_999, 4_000, 7_998, 7_999, 8_000}) {
            var text = "x".repeat(before) + "😀";

            assertThat(text(text).text()).hasValue("\"" + text + "\"");
            assertThat(text(text).bytes()).isEqualTo(before + 6);
        }
        assertThat(Payloads.problem(text("😀".repeat(8_191)))).isEmpty();
    }

    private static RawJson text(String text) {
        return RawJson.of("\"" + text + "\"");
    }

    private static String deep(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }
}
