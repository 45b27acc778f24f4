package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever can be set is in the schema, and the schema refuses every other key and every other type there. */
class ValuesSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode SCHEMA = read("values.schema.json");

    /** A value that {@code schema} describes; {@code path} is as {@code helm --set} writes it. */
    record Value(String path, JsonNode schema) {
        @Override
        public String toString() {
            return path.isEmpty() ? "the values" : path;
        }

        /** Whether it is a map whose keys the schema names, and no others may stand there. */
        private boolean closed() {
            return types(schema).contains("object")
                    && schema.has("properties")
                    && !schema.path("additionalProperties").asBoolean(false);
        }

        private Value child(String name) {
            var inner = schema.path("properties").path(name);
            for (var pattern : schema.path("patternProperties").properties()) {
                if (inner.isMissingNode() && name.matches(pattern.getKey())) inner = pattern.getValue();
            }
            if (inner.isMissingNode()) inner = schema.path("additionalProperties");
            return of(path.isEmpty() ? name : path + "." + name, inner);
        }

        static Value of(String path, JsonNode schema) {
            var name = schema.path("$ref").asText("");
            return new Value(path, name.isEmpty() ? schema : SCHEMA.at(name.substring(1)));
        }

        /** It and everything below it; of a list one item. */
        Stream<Value> all() {
            var below = new ArrayList<Value>();
            schema.path("properties").fieldNames().forEachRemaining(name -> below.add(child(name)));
            if (!path.isEmpty() && schema.path("additionalProperties").isObject()) below.add(child("some"));
            if (schema.has("items")) below.add(of(path + "[0]", schema.path("items")));
            return Stream.concat(Stream.of(this), below.stream().flatMap(Value::all));
        }
    }

    static Stream<Value> everyValue() {
        return Value.of("", SCHEMA).all().filter(value -> !value.path().startsWith("global"));
    }

    static Stream<Value> everyValueButTheWhole() {
        return everyValue().filter(value -> !value.path().isEmpty());
    }

    static Stream<Value> everyObject() {
        return everyValue().filter(Value::closed);
    }

    @ParameterizedTest
    @MethodSource("everyValueButTheWhole")
    void aValueOfAnotherTypeIsRefused(Value value) {
        for (var wrong : wrong(value.schema())) {
            var setting = wrong.split("=", -1);
            assertThatThrownBy(() -> Chart.text(Map.of(value.path() + setting[0], setting[1])))
                    .as("%s%s", value, wrong)
                    .hasMessageContaining("values don't meet the specifications of the schema");
        }
    }

    @ParameterizedTest
    @MethodSource("everyObject")
    void aKeyThatDoesNotExistIsRefusedByName(Value object) {
        assertThatThrownBy(() -> Chart.text(Map.of(object.child("replicaCount").path(), "1")))
                .hasMessageContaining("replicaCount");
    }

    @Test
    void everyKeyOfTheValuesIsInTheSchema() {
        var missing = new ArrayList<String>();
        collectMissing(read("values.yaml"), Value.of("", SCHEMA), missing);

        assertThat(missing).isEmpty();
    }

    /** The templates know names of values, to tell one that is mistyped. */
    @Test
    void theTemplatesKnowTheNamesOfAllValues() throws IOException {
        var helpers = Files.readString(Chart.FOLDER.resolve("templates/_helpers.tpl"));
        var list = helpers.split("define \"syncjobs.valueNames\" -}}", 2)[1].split("\\{\\{", 2)[0];

        assertThat(JSON.readTree(list))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(() -> read("values.yaml").fieldNames());
    }

    private static void collectMissing(JsonNode values, Value described, List<String> missing) {
        if (described.schema().path("additionalProperties").asBoolean(false)) return;
        values.properties().forEach(property -> {
            var child = described.child(property.getKey());
            if (!child.schema().isObject()) missing.add(child.path());
            else collectMissing(property.getValue(), child, missing);
        });
    }

    /** What gives it a type that the schema does not name, as it is appended to the path; {@code [0]} makes a list. */
    private static List<String> wrong(JsonNode schema) {
        if (schema.has("enum")) return List.of("=Sometimes", "=7", "=true", "[0]=a");
        var types = types(schema);
        var wrong = new ArrayList<String>();
        if (!types.contains("string")) wrong.addAll(List.of("=text", "=1.5"));
        if (!types.contains("number") && !types.contains("integer")) wrong.add("=7");
        if (!types.contains("boolean")) wrong.add("=true");
        if (!types.contains("array")) wrong.add("[0]=a");
        if (!types.contains("object")) wrong.add(".key=a");
        return wrong;
    }

    private static List<String> types(JsonNode schema) {
        // Where the schema has words for what is wrong, the type is one of their conditions.
        var type = schema.has("type") ? schema.path("type") : schema.at("/if/type");
        if (schema.has("enum")) return List.of("string");
        if (type.isMissingNode()) throw new AssertionError("the schema says no type: " + schema);
        return type.isArray()
                ? StreamSupport.stream(type.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                : List.of(type.asText());
    }

    private static JsonNode read(String file) {
        try {
            return JSON.valueToTree(Serialization.unmarshal(Files.readString(Chart.FOLDER.resolve(file)), Map.class));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
