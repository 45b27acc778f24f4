package io.syncjobs.core.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.syncjobs.core.Tries;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.StringTokenizer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands around the lines of a log, it reads the same; of a part of it the reading says less, never something else. */
@Tag("tries")
class LogPropertiesTest {
    private static final int HEAD_BYTES = 150;
    private static final AtomicInteger CUTS = new AtomicInteger();

    /** Variants have something around their lines already, which nobody puts there twice. */
    static Stream<Fixture> fixtures() throws IOException {
        return Fixture.all().filter(fixture -> !fixture.runtime().equals("varied"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatStandsBeforeAnErrorDoesNotMatter(Fixture fixture) {
        var before = "starting\n2031-03-02 04:10:07,411 INFO  [main] com.shop.Main - 12 orders wait\n".repeat(40);

        assertReadsAs(fixture, before + text(fixture));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void lineEndsOfWindowsDoNotMatter(Fixture fixture) {
        assertReadsAs(fixture, text(fixture).replace("\r\n", "\n").replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void coloursDoNotMatter(Fixture fixture) {
        assertReadsAs(fixture, eachLine(fixture, line -> "\u001b[31m" + line + "\u001b[0m\u001b(B\u001b[m"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theNameOfAServiceBeforeEachLineDoesNotMatter(Fixture fixture) {
        assertReadsAs(fixture, eachLine(fixture, line -> "order-sync-1  | " + line));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatANodesRuntimePutsBeforeEachLineDoesNotMatter(Fixture fixture) {
        assertReadsAs(fixture, eachLine(fixture, line -> "2031-03-02T04:10:07.411111111Z stderr F " + line));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theJsonOfACollectorDoesNotMatter(Fixture fixture) {
        assertReadsAs(
                fixture,
                eachLine(
                        fixture,
                        line -> object("log", line + "\n", "stream", "stderr", "time", "2031-03-02T04:10:07Z")));
        assertReadsAs(fixture, eachLine(fixture, line -> object("date", "1930191007.411", "log", line)));
        assertReadsAs(
                fixture,
                eachLine(
                        fixture,
                        line -> object("message", line, "stream", "stderr", "source_type", "kubernetes_logs")));
    }

    /** All cuts of one log in ten; of the others those near its head, where a line is in pieces, and a dozen anywhere. {@code ./mvnw test} makes some of all these. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void ofAnyEndOfALogTheReadingSaysLessAndNothingElse(Fixture fixture) {
        var log = fixture.log();
        var whole = fixture.read();
        var hash = fixture.name().hashCode();
        var near = Math.floorMod(hash, 10) == 0 ? log.length : Math.min(log.length, HEAD_BYTES);
        var anywhere =
                Tries.of(IntStream.range(0, 12), hash).map(each -> new Random(hash + each).nextInt(log.length + 1));
        var text = LogText.plain(text(fixture));
        // Within the box of a console a word goes on in the next line.
        var plain = bare(LogText.onOneLine(text) + " " + LogText.onOneLine(text.replace("  \n  ", "")));
        IntStream.concat(Tries.of(IntStream.rangeClosed(0, near), hash), anywhere)
                .forEach(from -> {
                    assertSaysLess(
                            fixture.name() + " from byte " + from, plain, whole, LogErrors.parse(cut(log, from)));
                    CUTS.incrementAndGet();
                });
    }

    @AfterAll
    static void sumUp() {
        System.out.println("read logs from " + CUTS + " places on");
    }

    private static LogTail cut(byte[] log, int from) {
        return LogTail.of(Arrays.copyOfRange(log, from, log.length), from > 0);
    }

    private static void assertSaysLess(String name, String plain, LogError whole, LogError part) {
        var told = name + ": " + part.type() + " | " + part.message();
        assertThat(part.type().isEmpty() || whole.type().endsWith(part.type()) || isAnotherErrorOf(plain, part))
                .as(told)
                .isTrue();
        for (var words = new StringTokenizer(part.message(), " \t():;"); words.hasMoreTokens(); ) {
            var word = words.nextToken();
            // Magento's parameters are filled in before the end of a sentence.
            var parameter = word.endsWith(".") && plain.contains(word.substring(0, word.length() - 1));
            // The way to a field is written with dots.
            var way = Arrays.stream(word.split("\\.", -1)).allMatch(plain::contains);
            assertThat(plain.contains(bare(word)) || parameter || way || "caused by".contains(word))
                    .as(told + " has " + word)
                    .isTrue();
        }
        assertThat(Frame.of("    " + part.message())).as(told).isEqualTo(Frame.NONE);
        assertThat(part.message())
                .as(told)
                .doesNotStartWith("File \"")
                .doesNotStartWith("}")
                .doesNotStartWith("#0");
    }

    private static String bare(String word) {
        return word.replace("\\", "").replace("…", "");
    }

    /** The cause of what was cut off, or what was logged after it. */
    private static boolean isAnotherErrorOf(String log, LogError part) {
        return log.contains(bare(part.type()))
                && (Header.isException(part.type()) || part.type().contains("::"));
    }

    private static void assertReadsAs(Fixture fixture, String log) {
        var plain = fixture.read();

        var read = LogErrors.parse(log.getBytes(UTF_8));

        assertThat(read.type() + "\n" + read.message()).isEqualTo(plain.type() + "\n" + plain.message());
    }

    private static String eachLine(Fixture fixture, UnaryOperator<String> change) {
        return text(fixture).lines().map(change).collect(joining("\n", "", "\n"));
    }

    private static String object(String... fields) {
        var object = JsonNodeFactory.instance.objectNode();
        for (var i = 0; i < fields.length; i += 2) object.put(fields[i], fields[i + 1]);
        return object.toString();
    }

    private static String text(Fixture fixture) {
        return new String(fixture.log(), UTF_8);
    }
}
