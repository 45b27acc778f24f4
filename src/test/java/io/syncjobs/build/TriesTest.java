package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ./mvnw test leaves out, or tries less often, runs in ./mvnw verify. */
class TriesTest {
    private static final Pattern FEW = Pattern.compile("Tries\\.of\\(|\"simulation\\.seconds\"");
    private static final Pattern PROGRAMS =
            Pattern.compile("import io\\.syncjobs\\.cluster\\.(Shell|Tools);|, python3 ");
    private static final Pattern OWN_JAVA = Pattern.compile("System\\.getProperty\\(\"java\\.home\"\\)");

    static List<Path> tests() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .filter(file -> !file.endsWith("TriesTest.java"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("tests")
    void whatTriesLessOrNeedsAProgramSaysSo(Path test) throws IOException {
        var source = Files.readString(test);

        assertThat(source.contains("@Tag(\"tries\")"))
                .as("it tries less in ./mvnw test")
                .isEqualTo(FEW.matcher(source).find());
        assertThat(source.contains("@Tag(\"verify\")"))
                .as("it needs a program beside Java")
                .isEqualTo(PROGRAMS.matcher(source).find()
                        && !OWN_JAVA.matcher(source).find());
    }

    @Test
    void verifyRunsAllOfThem() throws IOException {
        var build = Files.readString(Path.of("pom.xml"));
        var all = build.substring(build.indexOf("<id>all-tries</id>"));

        assertThat(all.substring(0, all.indexOf("</execution>")))
                .contains(
                        "<phase>integration-test</phase>",
                        "<groups>tries | verify</groups>",
                        "<simulation.seconds>60</simulation.seconds>",
                        "<tries.percent>100</tries.percent>");
        assertThat(build).contains("<test.without>verify</test.without>");
    }
}
