package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogErrorsTest {
    static Stream<Fixture> fixtures() throws IOException {
        return Fixture.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatARuntimePrintsIsRead(Fixture fixture) {
        var error = LogErrors.parse(fixture.log());

        assertThat(fixture.faults(error)).isEmpty();
        assertSound(error);
    }

    @Test
    void everyRuntimeHasRealOutput() throws IOException {
        assertThat(fixtures().map(Fixture::runtime))
                .contains(
                        "java", "kotlin", "python", "node", "go", "ruby", "php", "dotnet", "rust", "elixir", "perl",
                        "shell");
    }

    @Test
    void theTraceIsTheEndOfALongLogCutAtALine() {
        var log = "a line of a log — with a dash\n".repeat(50_000) + "the bottom line";

        var trace = LogErrors.parse(log.getBytes(StandardCharsets.UTF_8)).trace();

        assertThat(trace).endsWith("the bottom line").startsWith("a line of");
        assertThat(trace.getBytes(StandardCharsets.UTF_8).length).isBetween(16_000, 16_384);
    }

    @Test
    void anErrorThatWasSurvivedLongAgoIsNotTheOneThatEndedTheWorker() {
        var log = "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'old'\n"
                + "working\n".repeat(300) + "disk full";

        assertThat(LogErrors.parse(log.getBytes(StandardCharsets.UTF_8)).message())
                .isEqualTo("disk full");
    }

    @Test
    void aPanicOfAnotherProgramIsNotTheEndOfTheOneThatSurvivedIt() {
        var log = "panic: broken\n\ngoroutine 1 [running]:\nmain.main()\n\t/shop/main.go:7 +0x1d\nexit status 2\n"
                + "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'category'\nsh: done\n";

        assertThat(LogErrors.parse(log.getBytes(StandardCharsets.UTF_8)).type()).isEqualTo("KeyError");
    }

    @Test
    void nothingAndBinaryAreNoTrouble() {
        assertThat(LogErrors.parse(new byte[0])).isEqualTo(LogError.NONE);
        var binary = new byte[100_000];
        new Random(7).nextBytes(binary);

        assertSound(LogErrors.parse(binary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "(", "\\", ":", " ", "\t", "{", "\u001b[", "a.", "'", "at "})
    void oneHugeLineTakesNoLongerThanManySmallOnes(String piece) {
        assertSound(LogErrors.parse(piece.repeat(262_144 / piece.length()).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void anyPartOfALogCanBeRead(Fixture fixture) {
        var random = new Random(fixture.name().hashCode());
        for (var i = 0; i < 10; i++) {
            var from = random.nextInt(fixture.log().length + 1);
            var to = from + random.nextInt(fixture.log().length - from + 1);
            assertSound(LogErrors.parse(Arrays.copyOfRange(fixture.log(), from, to)));
        }
    }

    static void assertSound(LogError error) {
        for (var text : List.of(error.type(), error.message(), error.trace())) {
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
            assertThat(text.chars()
                            .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
                            .findAny())
                    .isEmpty();
        }
        assertThat(error.type() + error.message()).doesNotContain("\n", "\t");
        assertThat(error.type().length()).isLessThanOrEqualTo(256);
        assertThat(error.message().length()).isLessThanOrEqualTo(1_024);
        assertThat(error.trace().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(16 * 1024);
    }
}
