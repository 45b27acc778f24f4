package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that YAML, Helm or Kubernetes could take for something else, or write in another way. */
class YamlTextTest {
    private static final Set<String> NAMES =
            Set.of("name", "namespace", "serviceAccountName", "priorityClassName", "app.kubernetes.io/instance");

    @TempDir
    private Path folder;

    /** Helm reads a number of a values file as a float, whose text has an exponent from a million on. */
    @Test
    void aLargeNumberOfAValuesFileHasNoExponent() {
        var objects = Chart.objectsOfFile("syncjobs", "syncjobs-system", """
                enqueuer: {overdueSeconds: 1000000}
                workers: {heartbeatSeconds: 1000000, deadAfterSeconds: 31536000}
                jobs: {podStartSeconds: 1209600, donePodSeconds: 2592000, failedPodSeconds: 31536000}
                reasons: {afterSeconds: 1000000}
                agent: {resources: {limits: {memory: 134217728}}}
                podSecurityContext: {runAsUser: 1000650000}
                podDisruptionBudget: {maxUnavailable: 1000000}
                """);

        assertThat(objects.toString())
                .contains("\"1000000\"", "\"1209600\"", "\"2592000\"", "\"31536000\"")
                .doesNotContainPattern("[0-9]e\\+[0-9]");
    }

    /** Releases and namespaces are often named after a commit or the number of a pull request. */
    @ParameterizedTest
    @ValueSource(strings = {"12345", "1e3", "8314e52", "0x1f", "true", "null"})
    void aNameThatIsNoTextInYamlIsATextAllTheSame(String name) {
        var objects = Chart.objectsOfFile(
                name,
                name,
                "{nameOverride: NAME, priorityClassName: NAME, watchNamespaces: [NAME], serviceAccount: {name: NAME}}"
                        .replace("NAME", "'" + name + "'"));

        assertThat(objects).hasSizeGreaterThan(30).allSatisfy(YamlTextTest::namesAreTexts);
        assertThat(objects)
                .filteredOn(object -> object.path("kind").asText().equals("Deployment"))
                .singleElement()
                .satisfies(operator -> {
                    assertThat(operator.at("/metadata/namespace").asText()).isEqualTo(name);
                    assertThat(operator.at("/spec/selector/matchLabels/app.kubernetes.io~1instance")
                                    .asText())
                            .isEqualTo(name);
                    assertThat(operator.at("/spec/template/spec/serviceAccountName")
                                    .asText())
                            .isEqualTo(name);
                });
    }

    private static void namesAreTexts(JsonNode object) {
        for (var name : NAMES) {
            assertThat(object.findValues(name))
                    .as("%s of %s", name, object.path("kind"))
                    .allSatisfy(value -> assertThat(value.isTextual() || value.isObject())
                            .as(value.toString())
                            .isTrue());
        }
        for (var map : List.of("labels", "matchLabels", "annotations")) {
            assertThat(object.findValues(map))
                    .allSatisfy(labels -> assertThat(labels)
                            .allSatisfy(label -> assertThat(label.isTextual())
                                    .as(labels.toString())
                                    .isTrue()));
        }
    }

    /** Flux adds the commit to a chart's version, and pipelines add the number of a build. */
    @ParameterizedTest
    @CsvSource({
        "0.1.0+9f8e7d6c5b4a39281706, 0.1.0+build.5",
        "0.1.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b, v0.1.0",
        "0.1.0, 0.1.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"
    })
    void aVersionWithMetadataOrOfAnyLengthIsAValidLabelAndTag(String version, String appVersion) throws IOException {
        Chart.copyTo(folder);
        var chart = folder.resolve("Chart.yaml");
        Files.writeString(
                chart,
                Files.readString(chart)
                        .replace("\nversion: 0.1.0", "\nversion: " + version)
                        .replace("appVersion: 0.1.0", "appVersion: " + appVersion));

        assertThat(Chart.parsed(Chart.text(folder, "syncjobs", "syncjobs-system", Map.of())))
                .isNotEmpty()
                .allSatisfy(object -> assertThat(object.findValuesAsText("image"))
                        .allSatisfy(image -> assertThat(image).matches("syncjobs/syncjobs:[-_.A-Za-z0-9]+")))
                .allSatisfy(object -> assertThat(object.at("/metadata/labels"))
                        .allSatisfy(label ->
                                assertThat(label.asText()).matches("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")));
    }

    /** Two objects of one name would be applied at once, and the older text could win. */
    @Test
    void whatAnEditorLeavesBehindIsNotInstalled() throws IOException {
        Chart.copyTo(folder);
        for (var ending : List.of(".orig", ".bak", ".rej", "~"))
            Files.writeString(folder.resolve("templates/policies.yaml" + ending), "kind: LeftBehind\n");

        assertThat(Chart.text(folder, "syncjobs", "syncjobs-system", Map.of())).doesNotContain("LeftBehind");
    }
}
