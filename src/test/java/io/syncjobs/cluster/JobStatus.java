package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.State;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/** The status of a job as the API server tells it; what is not set is empty or 0. */
public record JobStatus(JsonNode json) {
    static final JobStatus UNKNOWN = new JobStatus(Json.MAPPER.missingNode());

    public State state() {
        var text = text("state");
        return Arrays.stream(State.values())
                .filter(state -> state.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("status.state is \"" + text + "\""));
    }

    public String reason() {
        return text("reason");
    }

    public String message() {
        return text("message");
    }

    public String worker() {
        return text("worker");
    }

    public int attempt() {
        return number("attempt");
    }

    /** A text by its path, for example {@code error.type}. */
    public String text(String path) {
        return at(path).asText("");
    }

    public int number(String path) {
        return at(path).asInt(0);
    }

    /** A moment by its path; it must be set. */
    public Instant time(String path) {
        var text = text(path);
        if (text.isEmpty()) throw new AssertionError("status." + path + " is not set");
        return Instant.parse(text);
    }

    /** Any value by its path; one that is not set is a missing node. */
    public JsonNode at(String path) {
        return json.at("/" + path.replace('.', '/'));
    }

    public JsonNode result() {
        return at("result");
    }

    /** Outcomes of the attempts so far, oldest first. */
    public List<String> outcomes() {
        return history("outcome");
    }

    /** One field of all attempts so far, oldest first. */
    public List<String> history(String field) {
        return StreamSupport.stream(at("history").spliterator(), false)
                .map(attempt -> attempt.path(field).asText(""))
                .toList();
    }

    /** True, False, or empty where the condition does not stand. */
    public String condition(String type) {
        return condition(json, type).path("status").asText("");
    }

    /** A condition in any status; a missing node where it does not stand. */
    public static JsonNode condition(JsonNode status, String type) {
        return StreamSupport.stream(status.path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElseGet(Json.MAPPER::missingNode);
    }
}
