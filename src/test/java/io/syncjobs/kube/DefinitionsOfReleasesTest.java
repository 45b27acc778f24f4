package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.kube.Definitions.Definition;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases of several versions share the definitions of a cluster. */
class DefinitionsOfReleasesTest {
    private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final int ALL = 4;

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "9.10.0, true",
                "9.9.0-rc.1, true",
                "0.1.0, false",
                "0.1.0-rc.1, false",
                "0.0.9, false",
                "of-the-erp, false",
                "'', false",
                "none, false"
            })
    void anOlderReleaseLeavesTheDefinitionsOfANewerOneAlone(@Nullable String there, boolean isLeftAlone) {
        try (var api = new StubApi(request -> answer(request, there))) {
            var definitions = new Definitions(api.client()).apply();

            assertThat(definitions)
                    .hasSize(ALL)
                    .allSatisfy(definition -> assertThat(definition.newer())
                            .isEqualTo(isLeftAlone ? Optional.ofNullable(there) : Optional.empty()));
            assertThat(definitions).extracting(Definition::name).contains("syncjobs.syncjobs.io");
            assertThat(api.requests(Request::isWrite)).hasSize(isLeftAlone ? 0 : ALL);
        }
    }

    /** By the version of the product that they are a part of. */
    @ParameterizedTest
    @CsvSource({"syncjobs", "syncqueues", "syncworkerpools", "syncleases"})
    void eachDefinitionSaysOfWhichVersionItIs(String plural) throws IOException {
        var version = Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");

        assertThat(Files.readString(Path.of("crds", plural + ".syncjobs.io-v1.yml")))
                .contains("    app.kubernetes.io/version: " + version + "\n");
    }

    private static Answer answer(Request request, @Nullable String version) {
        var name = request.path().replaceFirst("\\?.*", "").replace(PATH, "").replace("/", "");
        var labels = version == null ? Map.of() : Map.of("app.kubernetes.io/version", version);
        var established = Map.of("conditions", List.of(Map.of("type", "Established", "status", "True")));
        var definition = Map.of("metadata", Map.of("name", name, "labels", labels), "status", established);
        if (!name.isEmpty()) return Answer.object(definition);
        // What waits for it lists it by its name.
        var wanted = request.path().replaceFirst(".*metadata.name(?:=|%3D)([a-z.]+).*", "$1");
        var listed = Map.of("metadata", Map.of("name", wanted, "labels", labels), "status", established);
        return Answer.object(Map.of("metadata", Map.of("resourceVersion", "1"), "items", List.of(listed)));
    }
}
