package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.syncjobs.core.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;

class ReportFuzzTest {
    /** What a worker wrote to its termination message, as far as the job's status. */
    @FuzzTest
    void readsAnyTerminationMessage(byte[] message) {
        var report = Report.parse(new String(message, StandardCharsets.UTF_8));

        for (var text : List.of(
                Text.message(report.type()), Text.message(report.message()), Text.message(report.resolution()))) {
            assertThat(text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                    .isTrue();
        }
        if (report.retryAfterSeconds() != null)
            assertThat(report.retryAfterSeconds()).isBetween(0, 31_536_000);
    }
}
