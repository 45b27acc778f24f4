package io.syncjobs.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handlers of docs/handlers.md, as they stand there. */
@Tag("verify")
class HandlersTest {
    private static final Path PAGE = Path.of("docs/handlers.md");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "python, handler.py, python3 handler.py",
        "js, handler.js, node handler.js",
        "go, main.go, go run main.go",
        "java, Handler.java, JAVA Handler.java",
        "php, handler.php, php -S 127.0.0.1:PORT handler.php",
    })
    void theHandlerOfThePageDoesItsJobAndSaysWhatIsWrong(String language, String file, String command)
            throws IOException {
        var port = RunningProgram.freePort();
        Files.writeString(folder.resolve(file), code(language).replace("8080", Integer.toString(port)));
        var offline = Map.of("GOFLAGS", "", "GOTOOLCHAIN", "local", "GOPROXY", "off");
        var typed = command.replace("PORT", Integer.toString(port));
        try (var program = RunningProgram.start(folder, RunningProgram.handler(port, "/"), offline, typed)) {
            assertThat(program.isReachedFromElsewhere()).isFalse();
            var done = program.call("{\"number\": 1042}");
            assertThat(done.state()).as(done + program.log()).isEqualTo(State.DONE);
            assertThat(done.result()).hasToString("{\"exported\":1042}");

            var failed = program.call("{}");
            assertThat(failed.state()).as(failed + program.log()).isEqualTo(State.FAILED);
            assertThat(requireNonNull(failed.error()).message()).contains("number");
        }
    }

    private static String code(String language) throws IOException {
        var page = Files.readString(PAGE);
        var from = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(from, page.indexOf("```", from));
    }
}
