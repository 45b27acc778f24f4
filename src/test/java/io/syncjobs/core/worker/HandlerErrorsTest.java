package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of handler-errors.txt: what web frameworks and APIs answer when they fail. */
class HandlerErrorsTest {
    static Stream<String> rows() throws IOException {
        return Files.readString(Path.of("src/test/resources/handler-errors.txt"))
                .lines()
                .filter(row -> !row.isBlank() && !row.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anErrorIsReadInTheShapeInWhichItIsAnswered(String row) {
        var parts = row.split(" \\| ", 4);
        var json = parts[3].startsWith("{");
        var body = json ? parts[3] : lines(parts[3]);

        var report = Problems.read(new Answered(500, parts[2], "", body.getBytes(UTF_8), true));

        assertThat(report.type()).isEqualTo(parts[0].strip());
        assertThat(report.message()).isEqualTo(lines(parts[1]));
        assertThat(report.remarks()).isEmpty();
    }

    private static String lines(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t");
    }
}
