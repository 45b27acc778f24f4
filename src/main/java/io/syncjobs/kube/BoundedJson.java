package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads free-form JSON down to a bounded depth. The API server accepts 10,000 levels, which would overflow the stack of recursive
 * methods. Deeper levels are left out; the remaining tree is still deep enough to be recognised as too deep.
 */
final class BoundedJson<T extends JsonNode> extends CachedReader<T> {
    /** More levels than are allowed in spec.payload and spec.template (see Payloads) and around them. */
    static final int LEVELS = 600;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Class<T> type;

    BoundedJson(Class<T> type) {
        this.type = type;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var node = read(parser, 1);
        return type.isInstance(node)
                ? type.cast(node)
                : context.reportInputMismatch(type, "found %s", node.getNodeType());
    }

    @Override
    public @Nullable T getNullValue(DeserializationContext context) {
        // As in Jackson: a null inside a tree is a node, and a null in place of an object is no object.
        return type.isInstance(NODES.nullNode()) ? type.cast(NODES.nullNode()) : null;
    }

    private static JsonNode read(JsonParser parser, int level) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                if (level > LEVELS) parser.skipChildren();
                else readMembers(parser, level, object);
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                if (level > LEVELS) parser.skipChildren();
                else while (parser.nextToken() != JsonToken.END_ARRAY) array.add(read(parser, level + 1));
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_DECIMAL
                        ? NODES.numberNode(parser.getDecimalValue())
                        : NODES.numberNode(parser.getDoubleValue());
            case VALUE_EMBEDDED_OBJECT -> NODES.pojoNode(parser.getEmbeddedObject());
            default -> NODES.nullNode();
        };
    }

    private static void readMembers(JsonParser parser, int level, ObjectNode object) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            object.set(name, read(parser, level + 1));
        }
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
