package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogErrorsTest {
    private static final Path TRACES = Path.of("src/test/traces");

    static Stream<Path> cases() throws IOException {
        try (var files = Files.walk(TRACES)) {
            return files.filter(file -> file.endsWith("expected.json")).map(Path::getParent).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatARuntimePrintsIsRead(Path folder) throws IOException {
        var expected =
                new ObjectMapper().readTree(folder.resolve("expected.json").toFile());

        var error = LogErrors.read(Files.readAllBytes(folder.resolve("output.txt")));

        assertThat(error.type()).isEqualTo(expected.path("type").asText());
        assertThat(error.message()).isEqualTo(expected.path("message").asText());
        assertThat(error.trace()).doesNotContain("\u001b");
    }

    @Test
    void everyRuntimeHasRealOutput() throws IOException {
        assertThat(cases().map(folder -> TRACES.relativize(folder).getName(0).toString()))
                .contains("java", "python", "node", "go", "ruby", "php");
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(25);
    }

    @Test
    void theTraceIsTheEndOfALongLogCutAtALine() {
        var log = "a line of a log — with a dash\n".repeat(50_000) + "the bottom line";

        var trace = LogErrors.read(log.getBytes(StandardCharsets.UTF_8)).trace();

        assertThat(trace).endsWith("the bottom line").startsWith("a line of");
        assertThat(trace.getBytes(StandardCharsets.UTF_8).length).isBetween(16_000, 16_384);
    }

    @Test
    void anErrorThatWasSurvivedLongAgoIsNotTheOneThatEndedTheWorker() {
        var log = "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'old'\n"
                + "working\n".repeat(300) + "disk full";

        assertThat(LogErrors.read(log.getBytes(StandardCharsets.UTF_8)).message())
                .isEqualTo("disk full");
    }

    @Test
    void aPanicOfAnotherProgramIsNotTheEndOfTheOneThatSurvivedIt() {
        var log = "panic: broken\n\ngoroutine 1 [running]:\nmain.main()\n\t/shop/main.go:7 +0x1d\nexit status 2\n"
                + "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'category'\nsh: done\n";

        assertThat(LogErrors.read(log.getBytes(StandardCharsets.UTF_8)).type()).isEqualTo("KeyError");
    }

    @Test
    void nothingAndBinaryAreNoTrouble() {
        assertThat(LogErrors.read(new byte[0])).isEqualTo(LogError.NONE);
        var binary = new byte[100_000];
        new Random(7).nextBytes(binary);

        assertSound(LogErrors.read(binary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "(", "\\", ":", " ", "\t", "{", "\u001b[", "a.", "'", "at "})
    void oneHugeLineTakesNoLongerThanManySmallOnes(String piece) {
        assertSound(LogErrors.read(piece.repeat(262_144 / piece.length()).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anyPartOfALogCanBeRead(Path folder) throws IOException {
        var bytes = Files.readAllBytes(folder.resolve("output.txt"));
        var random = new Random(folder.toString().hashCode());
        for (var i = 0; i < 200; i++) {
            var from = random.nextInt(bytes.length + 1);
            assertSound(
                    LogErrors.read(Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from + 1))));
        }
    }

    private static void assertSound(LogError error) {
        for (var text : List.of(error.type(), error.message(), error.trace())) {
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
            assertThat(text.chars()
                            .filter(c -> c < ' ' && c != '\n' && c != '\t')
                            .findAny())
                    .isEmpty();
        }
        assertThat(error.type().length()).isLessThanOrEqualTo(256);
        assertThat(error.message().length()).isLessThanOrEqualTo(1_024);
        assertThat(error.trace().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(16 * 1024);
    }
}
