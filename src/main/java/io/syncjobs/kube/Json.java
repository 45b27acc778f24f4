package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** JSON as the API server speaks it. */
final class Json {
    /** The API server takes JSON nested this deep; what it has taken must not stop our watches. */
    private static final int DEEPEST = 10_000;

    private Json() {}

    static ObjectMapper mapper() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .build();
        return new ObjectMapper(factory)
                .registerModule(new JavaTimeModule())
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
