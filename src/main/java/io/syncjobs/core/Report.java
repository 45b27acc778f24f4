package io.syncjobs.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker wrote to its termination message: JSON {@code {result, done, type, message, trace, resolution,
 * retryAfterSeconds}}, all optional; any other text is its {@code message}. Of JSON that was {@code cut} nothing is known.
 */
public record Report(
        @Nullable JsonNode result,
        boolean done,
        String type,
        String message,
        String trace,
        String resolution,
        @Nullable Integer retryAfterSeconds,
        boolean cut) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a message of more than 4096 bytes a node keeps the end, less a character that was cut in two. */
    private static final int SURELY_WHOLE = 4_090;

    static final String CUT =
            "its termination message was longer than the 4096 bytes that a node keeps, so that it could not be read as JSON";

    /** A worker that wrote nothing. */
    public static final Report EMPTY = saying("", "", "");

    private static final Report PART = new Report(null, false, "", "", "", "", null, true);

    /** True when the worker says itself that the work is done, whatever became of its process. */
    public boolean claimsSuccess() {
        return done || result != null;
    }

    static Report saying(String type, String message, String resolution) {
        return new Report(null, false, type, message, "", resolution, null, false);
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
                        seconds(json.path("retryAfterSeconds")),
                        false))
                .orElseGet(() -> isPart(text.strip()) ? PART : saying("", text.strip(), ""));
    }

    private static boolean isPart(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length >= SURELY_WHOLE
                && (text.startsWith("{") || text.endsWith("}"));
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
