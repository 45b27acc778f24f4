package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.cluster.Shell;
import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the linters and generators of the trade say of the chart. */
@Tag("verify")
class ChartToolsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void theReadmeIsTheOneThatTheValuesGive() throws IOException {
        Chart.copyTo(folder.resolve("syncjobs"));
        run("helm-docs", "", "--chart-search-root", folder.toString(), "--sort-values-order", "file")
                .orThrow();

        assertThat(Chart.FOLDER.resolve("README.md"))
                .as("run dev/generate")
                .hasContent(Files.readString(folder.resolve("syncjobs/README.md")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"replicas=1", "replicas=2", "serviceMonitor.enabled=true", "watchNamespaces[0]=erp"})
    void kubeScoreFindsNothingThatIsNotExplained(String value) {
        var setting = value.split("=", -1);
        var scored = run(
                "kube-score",
                Chart.text(Map.of(setting[0], setting[1])),
                "score",
                "--exit-one-on-warning",
                "--kubernetes-version",
                "v1.36",
                "--output-format",
                "ci",
                "-");

        assertThat(scored.exit())
                .as(() -> scored.out()
                        .lines()
                        .filter(line -> !line.startsWith("[OK]") && !line.startsWith("[SKIPPED]"))
                        .toList()
                        .toString())
                .isZero();
    }

    /** The built-in kinds are the API server's to judge, see RenderingsIT. */
    @Test
    void everyResourceOfOursThatIsShownSomewhereFitsItsDefinition() throws IOException {
        schemas();
        var shown = new StringBuilder(Chart.text(Map.of()));
        for (var file : examples()) shown.append("\n---\n").append(Files.readString(file));
        shown.append("\n---\n").append(examplesOfTheChart());

        var checked = conform(shown.toString());
        assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
        assertThat(JSON.readTree(checked.out()).at("/summary/valid").asInt()).isGreaterThanOrEqualTo(4);

        var wrong = conform(
                "apiVersion: syncjobs.io/v1alpha1\nkind: SyncJob\nmetadata: {name: a}\nspec: {action: a, prio: 1}\n");
        assertThat(wrong.exit()).as(wrong.out()).isNotZero();
        assertThat(wrong.out()).contains("prio");
    }

    private Result conform(String manifests) {
        return run(
                "kubeconform",
                manifests,
                "-strict",
                "-summary",
                "-output",
                "json",
                "-ignore-missing-schemas",
                "-schema-location",
                folder + "/{{.ResourceKind}}-{{.ResourceAPIVersion}}.json",
                "-");
    }

    /** The schemas of crds/ as kubeconform reads them, one file each; what they do not name is refused. */
    private void schemas() throws IOException {
        for (var file : List.of("syncjobs", "syncqueues", "syncworkerpools", "syncleases")) {
            var definition = yaml(Files.readString(Path.of("crds", file + ".syncjobs.io-v1.yml")));
            var schema = (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
            for (var field : List.of("apiVersion", "kind", "metadata")) {
                ((ObjectNode) schema.path("properties")).set(field, JSON.createObjectNode());
            }
            close(schema);
            var kind = definition.at("/spec/names/singular").asText();
            Files.writeString(folder.resolve(kind + "-v1alpha1.json"), schema.toString());
        }
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.has("properties")
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)) {
            object.put("additionalProperties", false);
        }
        schema.forEach(ChartToolsTest::close);
    }

    private static List<Path> examples() throws IOException {
        try (var files = Files.walk(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    private static String examplesOfTheChart() throws IOException {
        var examples = new ArrayList<String>();
        var chart = yaml(Files.readString(Chart.FOLDER.resolve("Chart.yaml")));
        var listed = Serialization.unmarshal(
                chart.at("/annotations/artifacthub.io~1crdsExamples").asText(), List.class);
        for (var example : listed) examples.add(Serialization.asYaml(example));
        return String.join("\n---\n", examples);
    }

    @Test
    void whatArtifactHubShowsIsWhatTheChartHas() throws IOException {
        var chart = yaml(Files.readString(Chart.FOLDER.resolve("Chart.yaml")));

        var crds = JSON.<JsonNode>valueToTree(Serialization.unmarshal(
                chart.at("/annotations/artifacthub.io~1crds").asText(), List.class));
        try (var files = Files.list(Path.of("crds"))) {
            var definitions = files.filter(file -> file.toString().endsWith(".yml"))
                    .map(file -> file.getFileName().toString().replace("-v1.yml", ""));
            assertThat(crds)
                    .extracting(crd -> crd.path("name").asText())
                    .containsExactlyInAnyOrderElementsOf(definitions.toList());
        }
        var icon = chart.path("icon").asText().split(",", 2);
        assertThat(icon[0]).isEqualTo("data:image/svg+xml;base64");
        assertThat(Path.of("docs/icon.svg"))
                .hasBinaryContent(Base64.getDecoder().decode(icon[1]));
    }

    private static JsonNode yaml(String text) {
        return JSON.valueToTree(Serialization.unmarshal(text, Map.class));
    }

    private static Result run(String tool, String input, String... args) {
        var command = Stream.concat(Stream.of(Tools.path(tool).toString()), Stream.of(args));
        return Shell.run(LIMIT, Map.of(), input, command.toList());
    }
}
