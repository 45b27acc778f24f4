package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Go programs, each a module of its own. Those that depend on others are not among them: they are compiled where they are used. */
@Tag("verify")
class GoTest {
    /** Nothing is fetched: they depend on nothing. */
    private static final Map<String, String> OFFLINE = Map.of("GOPROXY", "off", "GOTOOLCHAIN", "local", "GOFLAGS", "");

    static List<Path> modules() throws IOException {
        var modules = new ArrayList<Path>();
        for (var folder : List.of("dev", "examples", "src")) {
            try (var files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.endsWith("go.mod"))
                        .map(Path::getParent)
                        .filter(GoTest::standsAlone)
                        .forEach(modules::add);
            }
        }
        return modules;
    }

    private static boolean standsAlone(Path module) {
        try {
            return !Files.readString(module.resolve("go.mod")).contains("require");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void itsOwnTestsPass(Path module) {
        var command = List.of("sh", "-c", "cd " + module + " && go vet ./... && go test ./...");
        var tested = Shell.run(Duration.ofMinutes(5), OFFLINE, "", command);

        assertThat(tested.exit()).as(tested.out() + tested.err()).isZero();
    }
}
