package io.syncjobs.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.core.trace.LogTail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a worker wrote to its termination message: JSON {@code {result, done, type, message, trace, resolution,
 * retryAfterSeconds}}, all optional; any other text is its {@code message}. What is not quite that is taken where its meaning is
 * plain, and what is not taken is told in {@code remarks}. Of JSON that was {@code cut} nothing is known.
 */
public record Report(
        @Nullable JsonNode result,
        boolean done,
        String type,
        String message,
        String trace,
        String resolution,
        @Nullable Integer retryAfterSeconds,
        List<String> remarks,
        boolean cut) {
    /** Of a message of more than 4096 bytes a node keeps the end, less a character that was cut in two. */
    private static final int SURELY_WHOLE = 4_090;

    static final String CUT =
            "its termination message was longer than the 4096 bytes that a node keeps, so that it could not be read as JSON";

    private static final Set<String> FIELDS =
            Set.of("result", "done", "type", "message", "trace", "resolution", "retryafterseconds");

    /** A worker that wrote nothing. */
    public static final Report EMPTY = saying("", "", "");

    private static final Report PART = new Report(null, false, "", "", "", "", null, List.of(CUT), true);

    /** True when the worker says itself that the work is done, whatever became of its process. */
    public boolean claimsSuccess() {
        return done || result != null;
    }

    /** The same of a worker that is to be tried again after {@code seconds}, null where it says no time. */
    public Report retryingAfter(@Nullable Integer seconds, String asWritten) {
        var told = new ArrayList<>(remarks);
        if (seconds == null && !asWritten.isBlank())
            told.add("Retry-After " + Text.cut(Text.clean(asWritten), 60)
                    + " was left out: it is neither a number of seconds nor a date");
        return new Report(result, done, type, message, trace, resolution, seconds, List.copyOf(told), cut);
    }

    /** The same with at most so many bytes of the trace, its end. */
    public Report withTraceAtMost(int bytes) {
        var end = new LogError("", "", trace).atMost(bytes).trace();
        return new Report(result, done, type, message, end, resolution, retryAfterSeconds, remarks, cut);
    }

    /** A worker that says that the work is done. */
    public static Report succeeding(Results.Kept kept) {
        return new Report(
                kept.result(),
                true,
                "",
                "",
                "",
                "",
                null,
                kept.remark().stream().toList(),
                false);
    }

    /** A worker that failed, and what it says of it. */
    public static Report failing(String type, String message, String trace, String resolution, List<String> remarks) {
        return new Report(null, false, type, message, trace, resolution, null, remarks, false);
    }

    static Report saying(String type, String message, String resolution) {
        return new Report(null, false, type, message, "", resolution, null, List.of(), false);
    }

    /** Reads a termination message; never fails. */
    public static Report parse(String text) {
        return parse(text, Optional.empty());
    }

    /**
     * Reads a termination message; never fails.
     *
     * @param written when the worker ended: a wait until a date counts from then on
     */
    public static Report parse(String text, Optional<Instant> written) {
        var bare = LooseJson.bare(text);
        if (bare.isEmpty()) return EMPTY;
        var whole = bare.getBytes(StandardCharsets.UTF_8).length < SURELY_WHOLE;
        return found(bare, whole)
                .map(object -> of(object, written))
                .orElseGet(() -> whole || !(bare.startsWith("{") || bare.endsWith("}")) ? plain(bare) : PART);
    }

    /** True for a text that is a report as a whole, with no other field: nothing that a log would say. */
    public static boolean isNothingElse(String text) {
        return LooseJson.read(LooseJson.bare(text))
                .filter(value -> value.whole() && value.node().isObject())
                .map(LooseJson.Value::node)
                .filter(object -> StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                        .allMatch(name -> FIELDS.contains(plainName(name))))
                .isPresent();
    }

    private record Found(JsonNode object, boolean alone) {}

    /** The last object of a text that says something that we know: who writes twice, means the second time. */
    private static Optional<Found> found(String text, boolean whole) {
        var first = LooseJson.read(text);
        if (first.isPresent() && first.get().whole()) {
            var node = first.get().node();
            // Text within text: it was made JSON twice.
            if (node.isTextual()) return LooseJson.read(node.textValue()).flatMap(again -> known(again, true));
            return known(first.get(), true);
        }
        if (!whole) return Optional.empty();
        // One of several values begins on a line of its own.
        var starts = new ArrayList<>(List.of(0));
        for (var at = text.indexOf("\n{"); at >= 0; at = text.indexOf("\n{", at + 1)) starts.add(at + 1);
        return starts.reversed().stream()
                .flatMap(start -> LooseJson.read(text.substring(start)).stream())
                .flatMap(value -> known(value, false).stream())
                .findFirst();
    }

    private static Optional<Found> known(LooseJson.Value value, boolean alone) {
        var object = value.node();
        if (!object.isObject()) return Optional.empty();
        var says = StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .anyMatch(name -> FIELDS.contains(plainName(name)));
        return says || object.isEmpty() ? Optional.of(new Found(object, alone)) : Optional.empty();
    }

    /** RetryAfterSeconds and retry_after_seconds are the same name to everybody but a parser. */
    private static String plainName(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static Report of(Found found, Optional<Instant> written) {
        var json = found.object();
        var remarks = new ArrayList<String>();
        if (!found.alone()) remarks.add("of its termination message only the JSON was read");
        var result = field(json, "result");
        var kept = result.isMissingNode() ? new Results.Kept(null, Optional.empty()) : Results.of(result);
        kept.remark().ifPresent(remarks::add);
        var done = done(field(json, "done"), remarks);
        return new Report(
                kept.result(),
                // Who wrote a result has said that the work is done, also where the result cannot be kept.
                done || !result.isMissingNode(),
                text(field(json, "type")),
                text(field(json, "message")),
                text(field(json, "trace")),
                text(field(json, "resolution")),
                wait(field(json, "retryAfterSeconds"), written, remarks),
                List.copyOf(remarks),
                false);
    }

    /** A field by its name, or by a name that means the same; null is missing. */
    private static JsonNode field(JsonNode json, String name) {
        if (json.hasNonNull(name)) return json.get(name);
        return json.properties().stream()
                .filter(field -> plainName(field.getKey()).equals(plainName(name)))
                .filter(field -> !field.getValue().isNull())
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static boolean done(JsonNode value, List<String> remarks) {
        if (value.isMissingNode() || value.isBoolean()) return value.asBoolean();
        var word = value.asText().strip().toLowerCase(Locale.ROOT);
        if (word.equals("true") || word.equals("false")) return word.equals("true");
        remarks.add(notUnderstood("done", value, "true or false"));
        return false;
    }

    private static @Nullable Integer wait(JsonNode value, Optional<Instant> written, List<String> remarks) {
        if (value.isMissingNode()) return null;
        var seconds = Waits.seconds(value, written);
        if (seconds.isEmpty()) remarks.add(notUnderstood("retryAfterSeconds", value, "a number of seconds, 0 or more"));
        return seconds.orElse(null);
    }

    private static String notUnderstood(String field, JsonNode value, String instead) {
        return field + " " + Text.cut(Text.wellFormed(value.toString()), 60) + " was left out: it is not " + instead;
    }

    /** Text, also of a list of lines; of other JSON what was written. */
    private static String text(JsonNode value) {
        if (value.isArray() && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual)) {
            return Text.wellFormed(String.join(
                    "\n",
                    StreamSupport.stream(value.spliterator(), false)
                            .map(JsonNode::asText)
                            .toList()));
        }
        return Text.wellFormed(value.isContainerNode() ? value.toString() : value.asText(""));
    }

    /** No JSON that we know: a sentence, or the output of a program that was led into the file. */
    private static Report plain(String text) {
        var said = LooseJson.read(text)
                .filter(value -> value.whole() && value.node().isTextual())
                .map(value -> Text.wellFormed(value.node().textValue()).strip())
                .orElse(text);
        var log = said.contains("\n") ? LogErrors.read(new LogTail(said, false)) : null;
        if (log != null && !log.type().isEmpty())
            return new Report(null, false, log.type(), log.message(), log.trace(), "", null, List.of(), false);
        var remarks = text.startsWith("{")
                ? List.of("its termination message could not be read as JSON with one of the fields result, done, type,"
                        + " message, trace, resolution, retryAfterSeconds")
                : List.<String>of();
        return new Report(null, false, "", said, "", "", null, remarks, false);
    }
}
