package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonsTest {
    private static final Path INTEGRATION_TESTS = Path.of("src/test/java/io/syncjobs/it");

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasARowInTheDocumentation(Reason reason) throws IOException {
        assertThat(Files.readString(Path.of("docs/reasons.md"))).contains("\n| `" + reason + "` |");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonIsProvokedOnTheRealCluster(Reason reason) throws IOException {
        try (var files = Files.list(INTEGRATION_TESTS)) {
            var sources = files.map(ReasonsTest::read).collect(Collectors.joining());
            assertThat(sources).containsAnyOf("\"" + reason + "\"", "Reason." + reason.name());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
