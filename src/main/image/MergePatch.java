import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A merge patch, RFC 7386, as the API servers of the training runs carry it out. */
final class MergePatch {
    private MergePatch() {}

    static void apply(ObjectNode target, JsonNode change) {
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) target.remove(field.getKey());
            else if (field.getValue().isObject() && target.get(field.getKey()) instanceof ObjectNode inner)
                apply(inner, field.getValue());
            else target.set(field.getKey(), field.getValue().deepCopy());
        });
    }
}
