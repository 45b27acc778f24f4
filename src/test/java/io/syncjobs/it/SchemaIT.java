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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every bound and every rule that somebody's object can run into is provoked on the real API server; a new one without a bad
 * value fails here. Bounds of status are not among them: SyncJobs alone writes it, which ChartIT holds.
 */
@ClusterTest
class SchemaIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kinds, with the least that each takes. */
    private static final Map<String, String> LEAST = Map.of(
            "SyncJob",
            "{\"spec\":{\"action\":\"a\"}}",
            "SyncQueue",
            "{\"spec\":{}}",
            "SyncWorkerPool",
            "{\"spec\":{\"handler\":{\"port\":8080},\"template\":{}}}",
            "SyncLease",
            "{\"spec\":{}}");

    /** A value that each pattern refuses. */
    private static final Map<String, String> UNMATCHED =
            Map.of("queue", "Not_A_Queue", "action", "export order", "eta", "tomorrow at noon");

    /** For each rule what breaks it where it stands; for one about changes the value before and the one after. */
    private static final Map<String, List<String>> BROKEN = Map.of(
            "spec.queue cannot be changed; delete the job and create it in the other queue",
            List.of("\"one\"", "\"two\""),
            "spec.action cannot be changed; create a new job for another action",
            List.of("\"a\"", "\"b\""),
            "retry.pattern: two tiers have the same fromRetry; keep one of them",
            List.of("[{\"fromRetry\":1,\"seconds\":1},{\"fromRetry\":1,\"seconds\":2}]"),
            "metadata.name of a SyncQueue has at most 63 characters and no dots, so that a job's spec.queue can name it",
            List.of("{\"metadata\":{\"name\":\"with.dots\"}}", "{\"metadata\":{\"name\":\"" + "a".repeat(64) + "\"}}"),
            "spec has either template (a pod for each job) or workerPool (warm workers), not both",
            List.of("{\"template\":{},\"workerPool\":\"shop\"}"),
            "spec.deadAfterSeconds must be at least three times spec.heartbeatSeconds",
            List.of("{\"handler\":{\"port\":8080},\"template\":{},\"heartbeatSeconds\":10,\"deadAfterSeconds\":29}"),
            "metadata.name of a SyncWorkerPool has at most 40 characters and no dots, so that its pods' names begin with it",
            List.of("{\"metadata\":{\"name\":\"with.dots\"}}", "{\"metadata\":{\"name\":\"" + "a".repeat(41) + "\"}}"));

    private record Bad(String what, String path, ObjectNode object) {}

    private record Rule(String kind, String pointer, String message, boolean aboutChange) {}

    @Test
    void everyBoundRefusesWhatIsBeyondItAndNamesTheField(Release release, TestNamespace here) throws IOException {
        for (var kind : LEAST.keySet()) {
            var bad = new ArrayList<Bad>();
            collect(schema(kind), "", least(kind), "", bad);
            assertThat(bad).as(kind).hasSizeGreaterThan(8);
            for (var each : bad) {
                assertThat(refusal(here, kind, "bad", each.object()))
                        .as("%s %s", each.what(), each.object())
                        .contains(each.path());
            }
        }
    }

    @Test
    void everyRuleRefusesWithItsOwnMessage(Release release, TestNamespace here) throws IOException {
        var rules = new ArrayList<Rule>();
        for (var kind : LEAST.keySet()) collectRules(kind, schema(kind), "", rules);
        for (var rule : rules) {
            assertThat(BROKEN).as("a rule needs an object that breaks it").containsKey(rule.message());
            var values = BROKEN.getOrDefault(rule.message(), List.of()).stream()
                    .map(value -> with(least(rule.kind()), rule.pointer(), Json.read(value)))
                    .toList();
            if (rule.aboutChange()) {
                var name = "rule-" + rules.indexOf(rule);
                create(here, rule.kind(), name, values.getFirst(), false);
                var change = values.getLast().toString();
                assertThat(here.tryKubectl("patch", rule.kind(), name, "--type=merge", "--patch", change)
                                .err())
                        .contains(rule.message());
            } else {
                assertThat(values)
                        .allSatisfy(value -> assertThat(refusal(here, rule.kind(), "bad", value))
                                .contains(rule.message()));
            }
        }
        assertThat(rules).extracting(Rule::message).containsAll(BROKEN.keySet());
    }

    @Test
    void anUnknownFieldIsRefusedByNameAndPayloadAndTemplateDoNotChange(Release release, TestNamespace here) {
        create(
                here,
                "SyncJob",
                "fixed",
                (ObjectNode)
                        Json.read("{\"spec\":{\"action\":\"a\",\"payload\":{\"a\":[1]},\"template\":{\"spec\":{}}}}"),
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

    /** All of a kind's schema but its status. */
    private static JsonNode schema(String kind) throws IOException {
        var file = Path.of("crds", kind.toLowerCase(Locale.ROOT) + "s.syncjobs.io-v1.yml");
        var crd = Serialization.unmarshal(Files.readString(file), GenericKubernetesResource.class);
        var schema = JSON.valueToTree(crd).at("/spec/versions/0/schema/openAPIV3Schema");
        ((ObjectNode) schema.path("properties")).remove("status");
        return schema;
    }

    private static ObjectNode least(String kind) {
        return (ObjectNode) Json.read(String.valueOf(LEAST.get(kind)));
    }

    private static void collectRules(String kind, JsonNode schema, String pointer, List<Rule> rules) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> rules.add(new Rule(
                        kind,
                        pointer,
                        rule.path("message").asText(),
                        rule.path("rule").asText().contains("oldSelf"))));
        schema.path("properties")
                .properties()
                .forEach(property -> collectRules(kind, property.getValue(), pointer + "/" + property.getKey(), rules));
        if (schema.has("items")) collectRules(kind, schema.path("items"), pointer + "/0", rules);
    }

    /** One bad object for each bound below {@code schema}; {@code pointer} is where its value stands in the object. */
    private static void collect(JsonNode schema, String path, ObjectNode base, String pointer, List<Bad> bad) {
        var prefix = path.isEmpty() ? "" : path + ".";
        schema.path("required").forEach(field -> {
            var object = base.deepCopy();
            at(object, pointer).remove(field.asText());
            bad.add(new Bad("required", prefix + field.asText(), object));
        });
        schema.path("properties").properties().forEach(property -> {
            var child = property.getValue();
            var name = property.getKey();
            bounds(child, name)
                    .forEach((what, value) ->
                            bad.add(new Bad(what, prefix + name, with(base.deepCopy(), pointer + "/" + name, value))));
            if (child.has("properties")) {
                collect(child, prefix + name, base, pointer + "/" + name, bad);
            } else if (child.path("items").has("properties")) {
                var object = base.deepCopy();
                var item = object.objectNode();
                child.path("items").path("required").forEach(field -> item.put(field.asText(), 1));
                at(object, pointer).putArray(name).add(item);
                collect(child.path("items"), prefix + name + "[0]", object, pointer + "/" + name + "/0", bad);
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
                case "enum" -> found.put("enum", nodes.textNode("Sometimes"));
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

    private static ObjectNode at(ObjectNode object, String pointer) {
        return pointer.isEmpty() ? object : object.withObject(pointer);
    }

    private static ObjectNode with(ObjectNode object, String pointer, JsonNode value) {
        if (pointer.isEmpty()) return object.setAll((ObjectNode) value);
        var last = pointer.lastIndexOf('/');
        at(object, pointer.substring(0, last)).set(pointer.substring(last + 1), value);
        return object;
    }

    private static String refusal(TestNamespace here, String kind, String name, ObjectNode object) {
        var refused =
                catchThrowableOfType(KubernetesClientException.class, () -> create(here, kind, name, object, true));
        assertThat(refused).as("%s should be refused", object).isNotNull();
        return refused == null ? "" : String.valueOf(refused.getMessage());
    }

    /** Creates an object; {@code name} where it has none itself. */
    private static void create(TestNamespace here, String kind, String name, ObjectNode object, boolean dryRun) {
        var whole = object.deepCopy().put("apiVersion", "syncjobs.io/v1alpha1").put("kind", kind);
        var metadata = whole.withObject("/metadata").put("namespace", here.name());
        if (!metadata.has("name")) metadata.put("name", name);
        var resource = here.cluster()
                .client()
                .resource(Serialization.unmarshal(whole.toString(), GenericKubernetesResource.class));
        if (dryRun) resource.dryRun().create();
        else resource.create();
    }
}
