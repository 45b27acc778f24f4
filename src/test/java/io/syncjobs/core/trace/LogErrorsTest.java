package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.Tries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("tries")
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

    /** The last line of what is told may have 200 lines below it, and no more. */
    @Test
    void anErrorCountsAsFarAsTwoHundredLinesFromTheEnd() {
        var error = "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'category'\n";

        assertThat(read(error + "working\n".repeat(199)).type()).isEqualTo("KeyError");
        assertThat(read(error + "working\n".repeat(200)).type()).isEmpty();
    }

    @Test
    void whereTheRootCauseStandsFirstTheLastThatWrapsItIsTheErrorAndTheFirstItsCause() {
        var log = """
            java.net.ConnectException: refused
            \tat shop.Sync.post(Sync.java:26)
            Wrapped by: java.io.UncheckedIOException: post failed
            \tat shop.Sync.export(Sync.java:41)
            Wrapped by: shop.ExportFailed: order 7 was not exported
            \tat shop.Sync.main(Sync.java:43)
            """;

        assertThat(read(log).type()).isEqualTo("shop.ExportFailed");
        assertThat(read(log).message())
                .isEqualTo("order 7 was not exported (caused by java.net.ConnectException: refused)");
        // Its beginning was cut off: the cause is not known.
        assertThat(read(log.substring(log.indexOf("\tat"))).type()).isEqualTo("shop.ExportFailed");
        assertThat(read(log.substring(log.indexOf("\tat"))).message()).isEqualTo("order 7 was not exported");
    }

    @Test
    void ofPanicsInPanicsTheLastEndedTheProgramAndTheFirstIsItsCause() {
        var log = """
            panic: price must not be empty [recovered]
            \tpanic: logout refused
            \tpanic: close failed

            goroutine 1 [running]:
            main.main()
            \t/shop/main.go:7 +0x1d
            """;

        assertThat(read(log).message()).isEqualTo("close failed (caused by panic: price must not be empty)");
        assertThat(read(log.replace("\tpanic: logout refused\n\tpanic: close failed\n", ""))
                        .message())
                .isEqualTo("price must not be empty");
    }

    private static LogError read(String log) {
        return LogErrors.parse(log.getBytes(StandardCharsets.UTF_8));
    }

    /** Whatever the rest of a line looks like: its beginning may have been anything. */
    @Test
    void ofALineThatWasCutNothingIsRead() {
        var cut = new LogTail("Error: ignored, see the\nexport finished with 3 refusals", true);

        assertThat(LogErrors.parse(cut).type()).isEmpty();
        assertThat(LogErrors.parse(cut).trace()).isEqualTo("export finished with 3 refusals");
        for (var end : List.of("", "\n", "\n\n")) {
            var whole = LogErrors.parse(new LogTail("ShopError: closed" + end, true));
            assertThat(whole.type() + whole.message()).isEmpty();
            assertThat(whole.trace()).isEqualTo("ShopError: closed");
        }
        var endless = LogErrors.parse(new LogTail("a.".repeat(130_000) + "\n", true));
        assertThat(endless.trace()).hasSize(16 * 1024);
    }

    @Test
    void aTailIsCutWhereItsLogMayBeginFurtherUp() {
        var line = "x".repeat(99) + "\n";
        var ten = line.repeat(10).getBytes(StandardCharsets.UTF_8);
        assertThat(LogTail.of(ten, 1_000, 11)).isEqualTo(new LogTail(line.repeat(10), false));
        assertThat(LogTail.of(ten, 1_000, 10).cut()).isTrue();
        assertThat(LogTail.of(ten, 999, 11))
                .isEqualTo(new LogTail(line.repeat(10).substring(1), true));
        // A node counts the parts of a long line.
        var parts = "x".repeat(160_000).getBytes(StandardCharsets.UTF_8);
        assertThat(LogTail.of(parts, 1_000_000, 10).cut()).isTrue();
        assertThat(LogTail.of(parts, 1_000_000, 60).cut()).isFalse();
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
        var hash = fixture.name().hashCode();
        Tries.of(IntStream.range(0, 10), hash)
                .forEach(part -> assertPartIsSound(fixture.log(), new Random(hash + part)));
    }

    private static void assertPartIsSound(byte[] log, Random random) {
        var from = random.nextInt(log.length + 1);
        var to = from + random.nextInt(log.length - from + 1);
        var part = Arrays.copyOfRange(log, from, to);
        assertSound(LogErrors.parse(part));
        assertSound(LogErrors.parse(LogTail.of(part, true)));
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
