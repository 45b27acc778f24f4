package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.syncjobs.core.Text;
import io.syncjobs.core.trace.ErrorObject;
import io.syncjobs.core.trace.FieldErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a worker's report, also under other names and in other types than they should have. */
final class ReportFields {
    private static final Set<String> FIELDS =
            Set.of("result", "done", "type", "message", "trace", "resolution", "retryafterseconds", "retryafter");

    private static final Set<String> YES = Set.of("true", "1");
    private static final Set<String> NO = Set.of("false", "0");
    private static final String NO_TYPE = "about:blank";

    private ReportFields() {}

    static boolean isKnown(String name) {
        return FIELDS.contains(plainName(name));
    }

    /** The name without case and separators: RetryAfterSeconds and retry_after_seconds mean the same. */
    private static String plainName(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    /**
     * @param alone false if there was other text around the object
     * @param written when the worker ended; a wait until a date counts from then
     */
    static Report read(JsonNode json, boolean alone, Optional<Instant> written) {
        var remarks = new ArrayList<String>();
        if (!alone) remarks.add("of its termination message only the JSON was read");
        var result = field(json, "result");
        var kept = result.isMissingNode() ? new Results.Kept(null, Optional.empty()) : Results.of(result);
        kept.remark().ifPresent(remarks::add);
        var done = done(field(json, "done"), remarks);
        var other = ErrorObject.read(json);
        return new Report(
                kept.result(),
                // A worker that wrote a result says that the work is done, even if the result cannot be kept.
                done || !result.isMissingNode(),
                type(json, other.type()),
                // What a result says of a message is no error's.
                message(json, result.isMissingNode() ? other.message() : ""),
                text(field(json, "trace")),
                text(field(json, "resolution")),
                wait(json, written, remarks),
                List.copyOf(remarks),
                false);
    }

    /** The type; where it is missing or names none, that of the error that the object holds in another form. */
    private static String type(JsonNode json, String other) {
        var value = field(json, "type");
        var type = value.isContainerNode() ? "" : text(value);
        return type.isEmpty() || type.equals(NO_TYPE) ? other : type;
    }

    /**
     * A problem document (RFC 9457) has its message in {@code detail} or {@code title}, and may list what is wrong. Without any of
     * these it is that of the error that the object holds in another form, such as its trace.
     */
    private static String message(JsonNode json, String other) {
        var said = Stream.of("message", "detail", "title")
                .map(name -> field(json, name))
                .filter(value -> !isListOfObjects(value))
                .map(ReportFields::text)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        var message = FieldErrors.with(said, json);
        return message.isEmpty() ? other : message;
    }

    /** A blank text says nothing. */
    private static String text(JsonNode value) {
        var text = LooseJson.text(value);
        return text.isBlank() ? "" : text;
    }

    private static boolean isListOfObjects(JsonNode value) {
        return value.isArray() && value.path(0).isObject();
    }

    /** The field with this name or an equivalent one; null counts as missing. */
    private static JsonNode field(JsonNode json, String name) {
        if (json.hasNonNull(name)) return json.get(name);
        return json.properties().stream()
                .filter(field -> plainName(field.getKey()).equals(plainName(name)))
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static boolean done(JsonNode value, List<String> remarks) {
        if (value.isMissingNode() || value.isBoolean()) return value.asBoolean();
        var word = value.asText().strip().toLowerCase(Locale.ROOT);
        if (YES.contains(word) || NO.contains(word)) return YES.contains(word);
        remarks.add(notUnderstood("done", value, "true or false"));
        return false;
    }

    /** The name of the header means the same. */
    private static @Nullable Integer wait(JsonNode json, Optional<Instant> written, List<String> remarks) {
        var named = field(json, "retryAfterSeconds");
        var value = named.isMissingNode() ? field(json, "retryAfter") : named;
        if (value.isMissingNode()) return null;
        var seconds = Waits.seconds(value, written);
        if (seconds.isEmpty()) remarks.add(notUnderstood("retryAfterSeconds", value, "a number of seconds, 0 or more"));
        return seconds.orElse(null);
    }

    private static String notUnderstood(String field, JsonNode value, String instead) {
        return field + " " + Text.cut(Text.wellFormed(value.toString()), 60) + " was left out: it is not " + instead;
    }
}
