package io.syncjobs.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker wrote to its termination message: JSON {@code {result, done, type, message, trace, resolution,
 * retryAfterSeconds}}, all optional; any other text is its {@code message}.
 */
public record Report(
        @Nullable JsonNode result,
        boolean done,
        String type,
        String message,
        String trace,
        String resolution,
        @Nullable Integer retryAfterSeconds) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A worker that wrote nothing. */
    public static final Report EMPTY = new Report(null, false, "", "", "", "", null);

    /** True when the worker says itself that the work is done, whatever became of its process. */
    public boolean claimsSuccess() {
        return done || result != null;
    }

    /** Reads a termination message; never fails. */
    public static Report parse(String text) {
        if (text.isBlank()) return EMPTY;
        return object(text)
                .map(json -> new Report(
                        json.hasNonNull("result") ? json.get("result") : null,
                        json.path("done").asBoolean(false),
                        json.path("type").asText(""),
                        json.path("message").asText(""),
                        json.path("trace").asText(""),
                        json.path("resolution").asText(""),
                        seconds(json.path("retryAfterSeconds"))))
                .orElseGet(() -> new Report(null, false, "", text.strip(), "", "", null));
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Integer seconds(JsonNode node) {
        var number = node.isNumber() ? node.asDouble() : -1;
        return number < 0 ? null : (int) Math.ceil(Math.min(number, 31_536_000));
    }
}
