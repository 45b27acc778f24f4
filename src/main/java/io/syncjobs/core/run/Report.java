package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.core.Text;
import io.syncjobs.core.trace.ErrorObject;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.core.trace.LogTail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a worker wrote to its termination message: JSON {@code {result, done, type, message, trace, resolution,
 * retryAfterSeconds}}, where every field is optional. Any other text is the {@code message}. Values that are slightly wrong are
 * accepted if their meaning is clear; {@code remarks} says what was left out. If the JSON was {@code cut}, nothing in it is used.
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
    /** A node keeps the last 4096 bytes of a longer message, and may cut a character in two. Shorter messages are complete. */
    private static final int SURELY_WHOLE = 4_090;

    /** The remark of a report that was cut. */
    public static final String CUT =
            "its termination message was longer than the 4096 bytes that a node keeps, so that it could not be read as"
                    + " JSON";

    private static final String NAMES = "result, done, type, message, trace, resolution, retryAfterSeconds";

    /** What serializers write if there is nothing to say. */
    private static final Set<String> NOTHING = Set.of("null", "undefined", "None", "nil", "[]");

    /** How a kubelet begins that cannot read the file, or the log in its place. */
    private static final List<String> UNREAD = List.of("Error on reading termination ", "Error reading termination ");

    /** Each is parsed anew. */
    private static final int MOST_REPORTS = 20;

    /** The report of a worker that wrote nothing. */
    public static final Report EMPTY = saying("", "", "");

    private static final Report PART = new Report(null, false, "", "", "", "", null, List.of(CUT), true);

    /** True if the worker itself says that the work is done, however its process ended. */
    boolean claimsSuccess() {
        return done || result != null;
    }

    /** The same report of a worker that asks for a retry after {@code seconds}; null if it names no time. */
    public Report retryingAfter(@Nullable Integer seconds, String asWritten) {
        var told = new ArrayList<>(remarks);
        if (seconds == null && !asWritten.isBlank())
            told.add("Retry-After " + Text.cut(Text.clean(asWritten), 60)
                    + " was left out: it is neither a number of seconds nor a date");
        return new Report(result, done, type, message, trace, resolution, seconds, List.copyOf(told), cut);
    }

    /** The same report with the end of its trace, at most {@code bytes} bytes. */
    public Report withTraceAtMost(int bytes) {
        var end = new LogError("", "", trace).atMost(bytes).trace();
        return new Report(result, done, type, message, end, resolution, retryAfterSeconds, remarks, cut);
    }

    /** The report of a worker that says that the work is done. */
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

    /** The report of a worker that failed, with its own words. */
    public static Report failing(String type, String message, String trace, String resolution, List<String> remarks) {
        return new Report(null, false, type, message, trace, resolution, null, remarks, false);
    }

    /** The report of a worker of which somebody else says how it failed. */
    public static Report saying(String type, String message, String resolution) {
        return new Report(null, false, type, message, "", resolution, null, List.of(), false);
    }

    /** Reads a termination message; never fails. */
    public static Report parse(String text) {
        return parse(text, Optional.empty());
    }

    /**
     * Reads a termination message; never fails.
     *
     * @param written when the worker ended; a wait until a date counts from then
     */
    public static Report parse(String text, Optional<Instant> written) {
        var bare = LooseJson.bare(text);
        if (bare.isEmpty() || NOTHING.contains(bare)) return EMPTY;
        if (UNREAD.stream().anyMatch(bare::startsWith)) return unread(bare);
        var whole = bare.getBytes(StandardCharsets.UTF_8).length < SURELY_WHOLE;
        // Tools colour their JSON.
        var told = Text.clean(bare).strip();
        return found(told, whole)
                .map(found -> ReportFields.read(found.object(), found.alone(), written))
                .orElseGet(() -> whole || !(told.startsWith("{") || told.endsWith("}"))
                        ? plain(told)
                        // A node keeps the end of a message: one that breaks off was cut by the worker itself.
                        : ofBeginning(told).orElse(PART));
    }

    /** The worker may have written a report, and its kubelet cannot read it. */
    private static Report unread(String why) {
        var remark = "its kubelet could not read its termination message, so that a result in it is lost: " + why;
        return new Report(null, false, "", "", "", "", null, List.of(Text.cut(Text.clean(remark), 400)), false);
    }

    /** True if the whole text is a report without any other field. A log does not look like that. */
    public static boolean isNothingElse(String text) {
        return LooseJson.read(LooseJson.bare(text))
                .filter(value -> value.whole() && isReport(value.node()))
                .isPresent();
    }

    private static boolean isReport(JsonNode value) {
        return value.isObject() && value.properties().stream().allMatch(field -> ReportFields.isKnown(field.getKey()));
    }

    /** An object without any field says nothing, and may be the rest of a larger one. */
    private static boolean isOnlyAReport(JsonNode value) {
        return isReport(value) && !value.isEmpty();
    }

    private record Found(JsonNode object, boolean alone) {}

    /**
     * The last object in the text that is a report and nothing else, otherwise the last one that has a known field: a worker that
     * writes two reports means the second one, and a logger may write its lines around them.
     */
    private static Optional<Found> found(String text, boolean whole) {
        var first = LooseJson.read(text);
        if (first.isPresent() && first.get().whole()) {
            var node = first.get().node();
            // The value is JSON inside a JSON string: it was encoded twice.
            if (node.isTextual()) return LooseJson.read(node.textValue()).flatMap(again -> known(again, true));
            if (node.isArray() && !node.isEmpty())
                return known(new LooseJson.Value(node.get(node.size() - 1), true), node.size() == 1);
            return known(first.get(), true);
        }
        if (!whole) return Optional.empty();
        if (isBytesOfPython(text)) return found(text.substring(1), true);
        return last(reports(text, first)).or(() -> last(objects(text, first)));
    }

    private static Optional<Found> last(Stream<LooseJson.Value> values) {
        return values.flatMap(value -> known(value, false).stream()).findFirst();
    }

    /** The values that are a report and nothing else, from the last one to the first: also behind another one, or a prefix. */
    private static Stream<LooseJson.Value> reports(String text, Optional<LooseJson.Value> first) {
        var starts = new TreeSet<Integer>();
        for (var at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
            var before = text.substring(0, at).stripTrailing();
            var line = text.lastIndexOf('\n', at) + 1;
            if (before.endsWith("}") || text.indexOf('{', line) == at) starts.add(at);
        }
        return starts.descendingSet().stream()
                .limit(MOST_REPORTS)
                .flatMap(start -> (start == 0 ? first : LooseJson.read(text.substring(start))).stream())
                .filter(value -> isOnlyAReport(value.node()));
    }

    /** The values at the beginning of a line, from the last one to the first. */
    private static Stream<LooseJson.Value> objects(String text, Optional<LooseJson.Value> first) {
        var starts = new ArrayList<>(List.of(0));
        for (var at = text.indexOf("\n{"); at >= 0; at = text.indexOf("\n{", at + 1)) starts.add(at + 1);
        return starts.reversed().stream()
                .flatMap(start -> (start == 0 ? first : LooseJson.read(text.substring(start))).stream());
    }

    /** {@code b'{"result": 1}'}: the bytes of a JSON text as Python prints them. */
    private static boolean isBytesOfPython(String text) {
        return text.startsWith("b'") || text.startsWith("b\"");
    }

    private static Optional<Found> known(LooseJson.Value value, boolean alone) {
        var object = value.node();
        if (!object.isObject()) return Optional.empty();
        var says = StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .anyMatch(ReportFields::isKnown);
        return says || object.isEmpty() ? Optional.of(new Found(object, alone)) : Optional.empty();
    }

    /** The message is not a report: it is a sentence, or program output that was redirected into the file. */
    private static Report plain(String text) {
        var quoted = text.startsWith("\"") || text.startsWith("'");
        var said = (quoted ? LooseJson.read(text) : Optional.<LooseJson.Value>empty())
                .filter(value -> value.whole() && value.node().isTextual())
                .map(value -> Text.wellFormed(value.node().textValue()).strip())
                .orElse(text);
        var log = LogErrors.read(new LogTail(said, false));
        var trace = said.contains("\n") ? log.trace() : "";
        var remarks = text.startsWith("{") || isNamed(said)
                ? List.of("its termination message could not be read as JSON with one of the fields " + NAMES)
                : List.<String>of();
        var object = ofObject(said).or(() -> ofBeginning(said));
        if (object.isPresent()) return object.get();
        var markup = said.startsWith("<") && !log.message().isEmpty();
        return !markup && (log.type().isEmpty() || log.message().isEmpty())
                ? new Report(null, false, "", said, "", "", null, remarks, false)
                : new Report(null, false, log.type(), log.message(), trace, "", null, remarks, false);
    }

    /** An error in another form than a report: {@code {"error": "order 7 is locked"}}. */
    private static Optional<Report> ofObject(String text) {
        var remarks = List.of("its termination message has none of the fields " + NAMES);
        if (!text.startsWith("{")) return Optional.empty();
        return LooseJson.read(text)
                .filter(value -> value.whole() && value.node().isObject())
                .map(value -> ErrorObject.read(value.node()))
                .filter(error -> !error.message().isEmpty())
                .map(error -> new Report(null, false, error.type(), error.message(), "", "", null, remarks, false));
    }

    /** An error whose object breaks off. That the work is done, or with which result, is taken from whole objects only. */
    private static Optional<Report> ofBeginning(String text) {
        var remarks = List.of("its termination message breaks off within its JSON: its first fields were read");
        return LooseJson.beginning(text)
                .map(object -> ReportFields.read(object, true, Optional.empty()))
                .filter(read -> !read.message().isEmpty())
                .map(read -> new Report(
                        null,
                        false,
                        read.type(),
                        read.message(),
                        read.trace(),
                        read.resolution(),
                        null,
                        remarks,
                        false));
    }

    /** {@code result: 12} or {@code done=true}: the names of a report, and no JSON. */
    private static boolean isNamed(String text) {
        var bare = text.startsWith("---\n") ? text.substring(4) : text.startsWith("\"") ? text.substring(1) : text;
        return Stream.of("result", "done")
                .filter(bare::startsWith)
                .map(name -> bare.substring(name.length()).replace("\"", "").strip())
                .anyMatch(rest -> rest.startsWith(":") || rest.startsWith("="));
    }
}
