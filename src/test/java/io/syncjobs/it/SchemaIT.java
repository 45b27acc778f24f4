package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every bound and every rule of the specs is provoked on the real API server; a new one without a bad value fails here. */
@ClusterTest
class SchemaIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A value that each pattern refuses. */
    private static final Map<String, String> UNMATCHED =
            Map.of("queue", "Not_A_Queue", "action", "export order", "eta", "tomorrow at noon");

    /** For each rule: a spec that breaks it, and, for one about changes, the spec before. */
    private static final Map<String, List<String>> BROKEN = Map.of(
            "spec.queue cannot be changed; delete the job and create it in the other queue",
                    List.of("{\"action\":\"a\",\"queue\":\"one\"}", "{\"action\":\"a\",\"queue\":\"two\"}"),
            "spec.action cannot be changed; create a new job for another action",
                    List.of("{\"action\":\"a\"}", "{\"action\":\"b\"}"),
            "retry.when must be Retryable (built-in) or Any",
                    List.of("{\"action\":\"a\",\"retry\":{\"when\":\"Sometimes\"}}"),
            "retry.pattern: two tiers have the same fromRetry; keep one of them",
                    List.of(
                            "{\"action\":\"a\",\"retry\":{\"pattern\":[{\"fromRetry\":1,\"seconds\":1},{\"fromRetry\":1,\"seconds\":2}]}}"));

    private record Bad(String what, String path, JsonNode spec) {}

    @Test
    void everyBoundRefusesWhatIsBeyondItAndNamesTheField(Release release, TestNamespace here) throws IOException {
        for (var kind : List.of("SyncJob", "SyncQueue")) {
            var schema = schema(kind);
            var bad = new ArrayList<Bad>();
            collect(
                    schema,
                    "spec",
                    kind.equals("SyncJob") ? (ObjectNode) JSON.readTree("{\"action\":\"a\"}") : JSON.createObjectNode(),
                    "",
                    bad);
            assertThat(bad).as(kind).hasSizeGreaterThan(15);
            for (var each : bad) {
                assertThat(refusal(here, kind, "bad", each.spec()))
                        .as("%s %s", each.what(), each.spec())
                        .contains(each.path());
            }
        }
    }

    @Test
    void everyRuleRefusesWithItsOwnMessage(Release release, TestNamespace here) throws IOException {
        var provoked = new HashSet<String>();
        var rules = new HashSet<String>();
        for (var kind : List.of("SyncJob", "SyncQueue")) {
            schema(kind)
                    .findValues("x-kubernetes-validations")
                    .forEach(list ->
                            list.forEach(rule -> rules.add(rule.path("message").asText())));
        }
        for (var message : rules) {
            assertThat(BROKEN).as("a rule needs an object that breaks it").containsKey(message);
            var specs = BROKEN.getOrDefault(message, List.of());
            var name = "rule-" + provoked.size();
            if (specs.size() == 2) create(here, "SyncJob", name, Json.read(specs.getFirst()), false);
            var refused = specs.size() == 2
                    ? here.tryKubectl(
                                    "patch",
                                    "syncjob",
                                    name,
                                    "--type=merge",
                                    "-p",
                                    "{\"spec\":" + specs.getLast() + "}")
                            .err()
                    : refusal(here, "SyncJob", name, Json.read(specs.getFirst()));
            assertThat(refused).contains(message);
            provoked.add(message);
        }
        assertThat(provoked).isEqualTo(BROKEN.keySet());
    }

    @Test
    void anUnknownFieldIsRefusedByNameAndPayloadAndTemplateDoNotChange(Release release, TestNamespace here) {
        create(
                here,
                "SyncJob",
                "fixed",
                Json.read("{\"action\":\"a\",\"payload\":{\"a\":[1]},\"template\":{\"spec\":{}}}"),
                false);

        assertThat(here.tryKubectl("patch", "syncjob", "fixed", "--type=merge", "-p", "{\"spec\":{\"priorty\":1}}")
                        .err())
                .contains("spec.priorty");
        assertThat(here.tryKubectl(
                                "patch",
                                "syncjob",
                                "fixed",
                                "--type=merge",
                                "-p",
                                "{\"spec\":{\"payload\":{\"a\":[2]}}}")
                        .err())
                .contains("spec.payload cannot be changed; create a new job");
        assertThat(here.tryKubectl(
                                "patch",
                                "syncjob",
                                "fixed",
                                "--type=merge",
                                "-p",
                                "{\"spec\":{\"template\":{\"x\":1}}}")
                        .err())
                .contains("spec.template cannot be changed; delete the job");
        assertThat(here.tryKubectl("annotate", "syncjob", "fixed", "note=allowed")
                        .exit())
                .isZero();
    }

    private static JsonNode schema(String kind) throws IOException {
        var yaml = Files.readString(Path.of(
                "crds", kind.equals("SyncJob") ? "syncjobs.syncjobs.io-v1.yml" : "syncqueues.syncjobs.io-v1.yml"));
        var crd = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        return JSON.valueToTree(crd).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }

    /** One bad spec for each bound below {@code schema}; {@code pointer} is where its value stands in the spec. */
    private static void collect(JsonNode schema, String path, ObjectNode base, String pointer, List<Bad> bad) {
        schema.path("required").forEach(field -> {
            var spec = base.deepCopy();
            at(spec, pointer).remove(field.asText());
            bad.add(new Bad("required", path + "." + field.asText(), spec));
        });
        schema.path("properties").properties().forEach(property -> {
            var child = property.getValue();
            var name = property.getKey();
            var childPath = path + "." + name;
            bounds(child, name).forEach((what, value) -> {
                var spec = base.deepCopy();
                at(spec, pointer).set(name, value);
                bad.add(new Bad(what, childPath, spec));
            });
            if (child.has("properties")) {
                collect(child, childPath, base, pointer + "/" + name, bad);
            } else if (child.path("items").has("properties")) {
                var spec = base.deepCopy();
                var item = spec.objectNode();
                child.path("items").path("required").forEach(field -> item.put(field.asText(), 1));
                at(spec, pointer).putArray(name).add(item);
                collect(child.path("items"), childPath + "[0]", spec, pointer + "/" + name + "/0", bad);
            }
        });
    }

    private static Map<String, JsonNode> bounds(JsonNode schema, String name) {
        var found = new TreeMap<String, JsonNode>();
        var nodes = JSON.getNodeFactory();
        schema.properties().forEach(bound -> {
            var limit = bound.getValue();
            switch (bound.getKey()) {
                case "minimum" -> found.put("minimum", nodes.numberNode(limit.asLong() - 1));
                case "maximum" -> found.put("maximum", nodes.numberNode(limit.asLong() + 1));
                case "minLength" -> found.put("minLength", nodes.textNode("a".repeat(limit.asInt() - 1)));
                case "maxLength" -> found.put("maxLength", nodes.textNode("a".repeat(limit.asInt() + 1)));
                case "pattern" -> found.put("pattern", nodes.textNode(UNMATCHED.getOrDefault(name, "")));
                case "format" -> found.put("format", nodes.textNode("2026-02-30T00:00:00Z"));
                case "maxItems" -> {
                    ArrayNode items = nodes.arrayNode();
                    for (var i = 0; i <= limit.asInt(); i++)
                        items.addObject().put("fromRetry", i + 1).put("seconds", 1);
                    found.put("maxItems", items);
                }
                case "type" -> {
                    // A number is no text and no object, a text is no number.
                    var wrong =
                            limit.asText().equals("integer") || limit.asText().equals("boolean");
                    found.put("type", wrong ? nodes.textNode("x") : nodes.numberNode(7));
                }
                default -> {}
            }
        });
        return found;
    }

    private static ObjectNode at(ObjectNode spec, String pointer) {
        return pointer.isEmpty() ? spec : spec.withObject(pointer);
    }

    private static String refusal(TestNamespace here, String kind, String name, JsonNode spec) {
        var refused = catchThrowableOfType(KubernetesClientException.class, () -> create(here, kind, name, spec, true));
        assertThat(refused).as("%s should be refused", spec).isNotNull();
        return refused == null ? "" : String.valueOf(refused.getMessage());
    }

    private static void create(TestNamespace here, String kind, String name, JsonNode spec, boolean dryRun) {
        var object = JSON.createObjectNode()
                .put("apiVersion", "syncjobs.io/v1alpha1")
                .put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", here.name());
        object.set("spec", spec);
        var resource = here.cluster()
                .client()
                .resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class));
        if (dryRun) resource.dryRun().create();
        else resource.create();
    }
}
