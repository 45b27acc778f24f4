package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

        var hunks = 0;
        for (var changed : text.split("(?m)^--- a/.*\n", -1)) {
            if (!changed.startsWith("+++ b/")) continue;
            var file = Path.of(changed.lines().findFirst().orElseThrow().substring("+++ b/".length()));
            var content = Files.readString(file);
            for (var hunk : changed.split("(?m)^@@ .*\n", -1)) {
                if (hunk.startsWith("+++ b/")) continue;
                assertThat("\n" + content)
                        .as("%s has what %s breaks", file, mutant)
                        .contains("\n" + before(hunk));
                hunks++;
            }
        }
        assertThat(hunks).isPositive();
    }

    /** What a hunk expects: the lines that it leaves and those that it takes away. */
    private static String before(String hunk) {
        return hunk.lines()
                .filter(line -> line.startsWith(" ") || line.startsWith("-"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
