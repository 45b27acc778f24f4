package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people copy: the objects in examples/, and those that kubectl explain shows. */
@ClusterTest
class ExamplesIT {
    static List<Path> examples() throws IOException {
        try (var files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theApiServerTakesTheExample(Path file, Release release, TestNamespace here) {
        var taken = here.tryKubectl("create", "--dry-run=server", "--validate=strict", "-f", file.toString());

        assertThat(taken.exit()).as(taken.out() + taken.err()).isZero();
    }

    @Test
    void eachKindThatPeopleWriteHasAnExample() throws IOException {
        assertThat(examples())
                .extracting(file -> file.getFileName().toString())
                .contains("syncjob.yaml", "syncqueue.yaml", "syncworkerpool.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"syncjob", "syncqueue", "syncworkerpool"})
    void explainShowsAnObjectThatTheApiServerTakes(String kind, Release release, TestNamespace here)
            throws IOException {
        var crd = Serialization.unmarshal(
                Files.readString(Path.of("crds", kind + "s.syncjobs.io-v1.yml")), GenericKubernetesResource.class);
        String described = crd.get("spec", "versions", 0, "schema", "openAPIV3Schema", "description");
        var example = described.lines().filter(line -> line.startsWith("    ")).collect(Collectors.joining("\n"));

        var explained = here.kubectl("explain", kind);
        assertThat(explained.replaceAll("\\s+", " ")).contains(example.replaceAll("\\s+", " "));
        var object = Serialization.unmarshal(example, GenericKubernetesResource.class);
        object.getMetadata().setNamespace(here.name());
        assertThat(here.cluster().client().resource(object).dryRun().create().getKind())
                .isEqualToIgnoringCase(kind);
    }
}
