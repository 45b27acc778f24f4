package io.syncjobs.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.syncjobs.api.Names;
import java.nio.charset.StandardCharsets;

class CommandFuzzTest {
    /** An annotation holds whatever a person wrote; what can be read as a command under way is the same when it is written again. */
    @FuzzTest
    void readsAnyAnnotation(byte[] annotation) {
        var value = new String(annotation, StandardCharsets.UTF_8);
        var job =
                Given.annotated(Given.annotated(Given.job("order-1042"), Names.REQUEUE, value), Names.HANDLING, value);

        assertThat(Command.waiting(job)).hasSize(1);
        assertThat(Command.garbled(job)).isEqualTo(Command.handling(job).isEmpty());
        Command.handling(job).ifPresent(handling -> {
            var again = Command.handling(Given.annotated(job, Names.HANDLING, handling.text()))
                    .orElseThrow();
            assertThat(again.id()).isEqualTo(handling.id());
            assertThat(again.command().kind()).isEqualTo(handling.command().kind());
        });
    }
}
