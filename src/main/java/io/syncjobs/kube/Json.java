package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** JSON as the API server speaks it. */
final class Json {
    private Json() {}

    static ObjectMapper mapper() {
        // The API server has its own limits; one object that it has taken must not stop the watch of all.
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        var trees = new SimpleModule("trees")
                .addDeserializer(JsonNode.class, new BoundedJson<>(JsonNode.class))
                .addDeserializer(ObjectNode.class, new BoundedJson<>(ObjectNode.class));
        return new ObjectMapper(factory)
                .registerModule(new JavaTimeModule())
                .registerModule(trees)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The merge patch that turns {@code from} into {@code to}; empty where they are equal. */
    static ObjectNode diff(JsonNode from, JsonNode to) {
        var patch = object();
        from.fieldNames().forEachRemaining(name -> {
            if (!to.has(name)) patch.putNull(name);
        });
        to.properties().forEach(field -> {
            var before = from.path(field.getKey());
            var after = field.getValue();
            if (before.isObject() && after.isObject()) {
                var inner = diff(before, after);
                if (!inner.isEmpty()) patch.set(field.getKey(), inner);
            } else if (!before.equals(after)) {
                patch.set(field.getKey(), after);
            }
        });
        return patch;
    }
}
