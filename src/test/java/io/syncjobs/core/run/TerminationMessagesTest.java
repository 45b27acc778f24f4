package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of termination-messages.txt: what workers write, whatever they think that a report is. */
class TerminationMessagesTest {
    static Stream<String> rows() throws IOException {
        return Files.readString(Path.of("src/test/resources/termination-messages.txt"))
                .lines()
                .filter(row -> !row.isBlank() && !row.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aReportIsReadWhereItsMeaningIsPlain(String row) {
        var parts = row.split(" \\|", 4);

        var text = parts[3].strip().replace('¶', '\n');
        var report = Report.parse(text.replace("@4096", "at a\\n".repeat(1_000)));

        assertThat(report.result() == null ? "-" : report.result().toString()).isEqualTo(parts[0]);
        assertThat(report.type()).isEqualTo(parts[1].strip());
        assertThat(report.message()).isEqualTo(parts[2].strip().replace("\\n", "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"retryAfter", "retry-after", "Retry-After", "retry_after"})
    void aWaitMayHaveTheNameOfTheHeader(String name) {
        assertThat(Report.parse("{\"" + name + "\": 30, \"message\": \"busy\"}").retryAfterSeconds())
                .isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1\"", "\"True\"", "true"})
    void thatItIsDoneMayBeANumberOrAWord(String word) {
        assertThat(Report.parse("{\"done\": " + word + "}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": " + word + "}").remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"0\"", "false", "2", "[]", "\"yes\""})
    void noOtherWordSaysThatItIsDone(String word) {
        assertThat(Report.parse("{\"done\": " + word + "}").claimsSuccess()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"result: 12", "---\nresult: 12\ndone: true", "\"result\": 12", "result=12", "{\"pieces\": 12}"})
    void whoMeantAReportIsToldThatItIsNone(String text) {
        assertThat(Report.parse(text).remarks()).singleElement().asString().contains("the fields result, done");
        assertThat(Report.parse("result follows").remarks()).isEmpty();
    }

    /** Each brace may begin a report, and each is parsed anew. */
    @Test
    void manyBracesAreNoTrouble() {
        assertThat(Report.parse("{\"a\":{}}".repeat(500)).message()).startsWith("{\"a\"");
        assertThat(Report.parse("{".repeat(4_000)).message()).startsWith("{{");
    }
}
