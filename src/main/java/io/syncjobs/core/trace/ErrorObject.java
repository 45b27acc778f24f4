package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;

/** The error that a JSON object tells of: the answer of a web framework or of an API, or what a logger writes. */
public final class ErrorObject {
    private static final int MEMBERS = 20;

    private ErrorObject() {}

    /** Type and message, as far as they are known; never fails. */
    public static LogError read(JsonNode object) {
        try {
            var named = Header.inspected(Json.path(object, "exception").asText(""));
            if (named.isPresent()) return told(named.get().type(), named.get().message());
            var found = JsonError.read(object, 0, Found.Weight.LINE);
            var fields = FieldErrors.of(object);
            var inner = fields.isEmpty() ? ofError(Json.path(object, "error")) : fields;
            var message = found.message().isEmpty() ? inner : found.message();
            return message.isEmpty() ? within(object, found.type()) : told(found.type(), message);
        } catch (RuntimeException e) {
            // A mistake in a format must not keep a job from ending.
            return LogError.NONE;
        }
    }

    private static String ofError(JsonNode error) {
        var fields = FieldErrors.of(error);
        return fields.isEmpty() ? FieldErrors.text(error) : fields;
    }

    /** What a message that is a JSON text says: libraries list in it what is wrong with which field. */
    static String said(String message) {
        var json = message.startsWith("{") || message.startsWith("[ {") || message.startsWith("[{");
        if (!json) return message;
        return Json.value(message)
                .map(value ->
                        value.isArray() ? FieldErrors.text(value) : read(value).message())
                .filter(text -> !text.isEmpty())
                .orElse(message);
    }

    /** The error of the first member that has one: {@code {"ok": false, "data": {"message": "order 7 is locked"}}}. */
    private static LogError within(JsonNode object, String type) {
        return object.properties().stream()
                .limit(MEMBERS)
                .map(Map.Entry::getValue)
                .filter(JsonNode::isObject)
                .map(value -> JsonError.read(value, 0, Found.Weight.LINE))
                .filter(found -> !found.message().isEmpty())
                .findFirst()
                .map(found -> told(type.isEmpty() ? found.type() : type, found.message()))
                .orElseGet(() -> told(type, named(object)));
    }

    /** {@code {"fehler": "order 7 is locked"}}: the text under a name that is a word for an error. */
    private static String named(JsonNode object) {
        return object.properties().stream()
                .limit(MEMBERS)
                .filter(one ->
                        one.getValue().isTextual() && ErrorWords.in(one.getKey().toLowerCase(Locale.ROOT)))
                .map(one -> one.getValue().textValue())
                .findFirst()
                .orElse("");
    }

    private static LogError told(String type, String message) {
        return new LogError(
                LogText.onOneLine(LogText.plain(type)),
                LogText.onOneLine(LogText.plain(EscapedTrace.told(message))),
                "");
    }
}
