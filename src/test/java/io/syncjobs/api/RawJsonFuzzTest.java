package io.syncjobs.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.UncheckedIOException;

class RawJsonFuzzTest {
    /** A value's compact text is a value again: the same one, with the same measure; without its text it still is. */
    @FuzzTest
    void theTextOfAValueIsTheSameValue(byte[] text) {
        RawJson value;
        try {
            value = RawJson.of(new String(text, UTF_8));
        } catch (UncheckedIOException e) {
            return;
        }

        var compact = value.text().orElseThrow();
        var again = RawJson.of(compact);
        assertThat(again).isEqualTo(value).isEqualTo(value.measured());
        assertThat(again.text()).hasValue(compact);
        assertThat(compact.getBytes(UTF_8)).hasSize(value.bytes());
        assertThat(again.depth()).isEqualTo(value.depth());
        assertThat(again.values()).isEqualTo(value.values());
        assertThat(again.kind()).isEqualTo(value.kind());
        assertThat(again.fingerprint()).isEqualTo(value.fingerprint());
    }
}
