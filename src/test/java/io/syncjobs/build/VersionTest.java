package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class VersionTest {
    @Test
    void theVersionIsTheSameWhereverItIsWritten() throws IOException {
        var version = found("pom.xml", "<artifactId>syncjobs</artifactId>\\s*<version>(.+)</version>")
                .getFirst();

        assertThat(Main.class.getAnnotation(Command.class).version()).containsExactly("syncjobs " + version);
        assertThat(found("helm/syncjobs/Chart.yaml", "(?m)^(?:version|appVersion): (.+)$"))
                .containsExactly(version, version);
        assertThat(found("README.md", "syncjobs/syncjobs:([\\w.-]*\\w)"))
                .isNotEmpty()
                .containsOnly(version);
    }

    private static List<String> found(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
