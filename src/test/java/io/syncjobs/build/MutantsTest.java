package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What dev/mutants breaks must still be there, and so must the tests that are meant to notice; whether they do is for dev/mutants/run. */
class MutantsTest {
    private static final Pattern TESTS = Pattern.compile("^(?:Tests|ITs): (.+)$", Pattern.MULTILINE);

    static List<Path> mutants() throws IOException {
        return files(Path.of("dev/mutants"), ".patch");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void breaksWhatIsThereAndNamesTestsThatExist(Path mutant) throws IOException {
        var text = Files.readString(mutant);
        assertThat(text).startsWith("Breaks: ");
        assertThat(TESTS.matcher(text)
                        .results()
                        .flatMap(line -> Stream.of(line.group(1).split(",")))
                        .map(test -> test.replaceFirst("#.*", "")))
                .isNotEmpty()
                .allSatisfy(test -> assertThat(files(Path.of("src/test/java"), "/" + test + ".java"))
                        .hasSize(1));

        var applied = Shell.run(Duration.ofMinutes(1), Map.of(), text, List.of("git", "apply", "--check", "-"));
        assertThat(applied.exit()).as(applied.out() + applied.err()).isZero();
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
