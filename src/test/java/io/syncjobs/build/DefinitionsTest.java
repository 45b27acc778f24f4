package io.syncjobs.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every node of every definition has, so that kubectl explain helps and nothing in an object is without a limit. */
class DefinitionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Free-form on purpose: the product's own limit on them stands in their descriptions, the API server's is 1.5 MB for the object. */
    private static final Set<String> FREE_FORM = Set.of(".spec.payload", ".spec.template", ".status.result");

    private record Node(String path, JsonNode schema) {
        @Override
        public String toString() {
            return path;
        }
    }

    static List<Path> definitions() throws IOException {
        try (var files = Files.list(Path.of("crds"))) {
            return files.filter(file -> file.toString().endsWith("-v1.yml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void everyNodeIsDescribedInASentence(Path file) throws IOException {
        assertThat(nodes(file))
                .allSatisfy(node -> assertThat(node.schema().path("description").asText())
                        .as(node.path())
                        .matches("(?s)\\p{L}.{8,}\\."));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void everyTextListAndNumberHasABound(Path file) throws IOException {
        assertThat(nodes(file)).allSatisfy(node -> {
            var schema = node.schema();
            switch (schema.path("type").asText()) {
                case "string" ->
                    assertThat(schema.has("maxLength") || schema.has("enum"))
                            .as(node.path())
                            .isTrue();
                case "array" ->
                    assertThat(schema.has("maxItems")).as(node.path()).isTrue();
                case "integer" ->
                    assertThat(schema.has("minimum")).as(node.path()).isTrue();
                case "boolean" -> {}
                case "object" ->
                    assertThat(schema.has("properties") || FREE_FORM.contains(node.path()))
                            .as(node.path())
                            .isTrue();
                default -> assertThat(FREE_FORM).contains(node.path());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void everyListSaysHowTwoAppliersShareIt(Path file) throws IOException {
        assertThat(nodes(file))
                .filteredOn(node -> node.schema().path("type").asText().equals("array"))
                .allSatisfy(node -> assertThat(
                                node.schema().path("x-kubernetes-list-type").asText())
                        .as(node.path())
                        .isIn("map", "set", "atomic"));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void wordsAreListedAndNotOnlyRuled(Path file) throws IOException {
        assertThat(nodes(file)).allSatisfy(node -> {
            node.schema()
                    .path("enum")
                    .forEach(word -> assertThat(word.isTextual())
                            .as("%s %s is no text in YAML", node.path(), word)
                            .isTrue());
            node.schema()
                    .path("x-kubernetes-validations")
                    .forEach(rule -> assertThat(rule.path("rule").asText())
                            .as("use an enum for %s", node.path())
                            .doesNotStartWith("self in ["));
        });
    }

    private static List<Node> nodes(Path file) throws IOException {
        var crd = JSON.valueToTree(Serialization.unmarshal(Files.readString(file), GenericKubernetesResource.class));
        var found = new ArrayList<Node>();
        collect("", crd.at("/spec/versions/0/schema/openAPIV3Schema"), found);
        assertThat(found).hasSizeGreaterThan(4);
        return found;
    }

    private static void collect(String path, JsonNode schema, List<Node> found) {
        found.add(new Node(path, schema));
        schema.path("properties")
                .properties()
                .forEach(property -> collect(path + "." + property.getKey(), property.getValue(), found));
        if (schema.has("items")) collect(path + "[]", schema.path("items"), found);
    }
}
