package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;

/** The error that a JSON object tells of: the answer of a web framework or of an API, or what a logger writes. */
public final class ErrorObject {
    private ErrorObject() {}

    /** Type and message, as far as they are known; never fails. */
    public static LogError read(JsonNode object) {
        try {
            var named = Header.inspected(Json.path(object, "exception").asText(""));
            if (named.isPresent()) return told(named.get().type(), named.get().message());
            var found = JsonError.read(object, 0, Found.Weight.LINE);
            var fields = FieldErrors.of(object);
            var inner = fields.isEmpty() ? FieldErrors.text(Json.path(object, "error")) : fields;
            var message = found.message().isEmpty() ? inner : found.message();
            return told(found.type(), message);
        } catch (RuntimeException e) {
            // A mistake in a format must not keep a job from ending.
            return LogError.NONE;
        }
    }

    private static LogError told(String type, String message) {
        return new LogError(
                LogText.onOneLine(LogText.plain(type)),
                LogText.onOneLine(LogText.plain(EscapedTrace.told(message))),
                "");
    }
}
