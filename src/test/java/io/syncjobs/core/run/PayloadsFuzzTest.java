package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.syncjobs.api.RawJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

class PayloadsFuzzTest {
    /** What is no JSON is refused; what is JSON has the same measure when its compact text is measured again. */
    @FuzzTest
    void measuresAnyPayload(byte[] payload) {
        RawJson json;
        try {
            json = RawJson.of(new String(payload, StandardCharsets.UTF_8));
        } catch (UncheckedIOException e) {
            return;
        }

        Payloads.problem(json);
        Payloads.templateProblem(json);
        assertThat(json.bytes()).isPositive();
        assertThat(json.values()).isPositive();
    }
}
