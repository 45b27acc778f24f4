package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedFilesTest {
    /** etcd takes 1.5 MiB; far below it the definition stays readable with kubectl explain. */
    private static final long LARGEST_DEFINITION = 256 * 1024;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "syncjobs.syncjobs.io-v1.yml",
                "syncqueues.syncjobs.io-v1.yml",
                "syncworkerpools.syncjobs.io-v1.yml",
                "syncleases.syncjobs.io-v1.yml"
            })
    void theCommittedDefinitionIsTheOneThatTheApiClassesGive(String file) throws IOException {
        var generated = Files.readString(Path.of("target/classes/crds", file));

        assertThat(Path.of("crds", file)).as("run dev/generate").hasContent(generated);
        assertThat(generated.length()).isLessThan((int) LARGEST_DEFINITION);
    }

    @Test
    void theCommittedTableOfOutcomesIsTheOneThatDecides() throws IOException {
        var generated = Files.readString(Path.of("target/outcomes.md"));

        assertThat(Path.of("docs/outcomes.md")).as("run dev/generate").hasContent(generated);
    }
}
