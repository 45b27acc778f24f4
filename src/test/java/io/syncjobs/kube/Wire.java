package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as the product's mapper reads and writes it, for API servers that tests bring. */
public final class Wire {
    private static final ObjectMapper PLAIN = new ObjectMapper();

    private Wire() {}

    public static ObjectNode tree(byte[] json) {
        try {
            return (ObjectNode) PLAIN.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode treeOf(Object value) {
        return Json.mapper().valueToTree(value);
    }

    public static byte[] bytes(Object value) {
        try {
            return Json.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <T> T value(JsonNode tree, Class<T> type) {
        try {
            return Json.mapper().treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is answered to who asked for an object's metadata alone. */
    public static byte[] metadataOf(byte[] object) {
        var only = PLAIN.createObjectNode();
        only.set("metadata", tree(object).path("metadata"));
        return bytes(only);
    }

    /** What a merge patch does, in place. */
    public static void merge(ObjectNode target, JsonNode changes) {
        changes.properties().forEach(field -> {
            var value = field.getValue();
            if (value.isNull()) target.remove(field.getKey());
            else if (value.isObject())
                merge(
                        target.get(field.getKey()) instanceof ObjectNode inner
                                ? inner
                                : target.putObject(field.getKey()),
                        value);
            else target.set(field.getKey(), value.deepCopy());
        });
    }
}
