package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

class LogErrorsFuzzTest {
    /** The parser as it is, and not what catches its mistakes. */
    @FuzzTest
    void readsAnything(byte[] log) {
        assertSound(LogErrors.parse(log));
        assertSound(LogErrors.parse(LogTail.of(log, true)));
    }

    private static void assertSound(LogError error) {
        for (var text : List.of(error.type(), error.message(), error.trace())) {
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
            assertThat(text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t'))
                    .isTrue();
        }
        assertThat(error.type().length()).isLessThanOrEqualTo(256);
        assertThat(error.message().length()).isLessThanOrEqualTo(1_024);
        assertThat(error.trace().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(16 * 1024);
    }
}
