package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a worker's result into what the API server can keep. The API server keeps numbers as 64 bits, so a number that would lose
 * digits is kept as text. What cannot be kept is left out or replaced, and the job's status says so.
 */
public final class Results {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String NO_JSON = "its result calls itself JSON, could not be read as JSON and is kept as text";

    private static final char LOST = '\uFFFD';

    private final List<String> asText = new ArrayList<>();
    private final List<String> lossy = new ArrayList<>();
    private @Nullable String noNumber;

    private Results() {}

    /** The kept part of a result, and a remark for the owner of the job. */
    public record Kept(@Nullable JsonNode result, Optional<String> remark) {}

    /**
     * Reads the body of an answer. JSON is kept as JSON and other text as a string; null and an empty body are no result.
     *
     * @param called true if the answer calls itself JSON, so that its owner is told where it is none
     */
    public static Kept ofText(String text, boolean called) {
        var bare = LooseJson.bare(text);
        if (bare.isEmpty()) return new Kept(null, Optional.empty());
        var json = LooseJson.read(bare)
                .filter(LooseJson.Value::whole)
                .map(LooseJson.Value::node)
                // Of what only looks like JSON, objects and arrays alone have a plain meaning: +4930123456 is no
                // number.
                .filter(node -> node.isContainerNode() || isNoNumber(node) || LooseJson.isStrict(bare));
        if (json.isPresent() && json.get().isNull()) return new Kept(null, Optional.empty());
        if (json.isPresent()) return of(json.get());
        var kept = of(JSON.textNode(text));
        return called && kept.remark().isEmpty() ? new Kept(kept.result(), Optional.of(NO_JSON)) : kept;
    }

    /** The result was longer than what was read of it. */
    public static Kept ofTooLong(int atLeastBytes) {
        return leftOut("it is more than " + atLeastBytes + " bytes, the limit is " + Limits.RESULT_BYTES);
    }

    static Kept of(JsonNode result) {
        if (isDeeper(result, Limits.NESTING)) return leftOut("it is nested deeper than " + Limits.NESTING + " levels");
        var reading = new Results();
        var kept = reading.keep(result, "result");
        if (reading.noNumber != null)
            return leftOut("it could not be read as JSON: " + reading.noNumber + "; write null or text instead");
        var bytes = kept.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.RESULT_BYTES)
            return leftOut("it is " + bytes + " bytes, the limit is " + Limits.RESULT_BYTES);
        return new Kept(kept, reading.remark());
    }

    private static Kept leftOut(String why) {
        return new Kept(null, Optional.of("its result was left out: " + why));
    }

    private Optional<String> remark() {
        return Stream.of(
                        told(asText, " has more digits than the API server keeps of a number and is kept as text"),
                        told(lossy, " has characters that are not valid UTF-8, and " + LOST + " in their place"))
                .flatMap(Optional::stream)
                .reduce((one, other) -> one + "; " + other);
    }

    private static Optional<String> told(List<String> paths, String what) {
        if (paths.isEmpty()) return Optional.empty();
        var others = paths.size() == 1 ? "" : " and " + (paths.size() - 1) + " more";
        return Optional.of(paths.getFirst() + others + what);
    }

    private JsonNode keep(JsonNode value, String path) {
        if (value.isObject()) {
            var object = JSON.objectNode();
            value.properties()
                    .forEach(field -> object.set(field.getKey(), keep(field.getValue(), path + "." + field.getKey())));
            return object;
        }
        if (value.isArray()) {
            var array = JSON.arrayNode();
            for (var i = 0; i < value.size(); i++) array.add(keep(value.get(i), path + "[" + i + "]"));
            return array;
        }
        if (value.isNumber()) return number(value, path);
        return value.isTextual() ? text(value.textValue(), path) : value;
    }

    private JsonNode text(String value, String path) {
        var text = Text.wellFormed(value);
        if (text.indexOf(LOST) >= 0) lossy.add(Text.cut(Text.wellFormed(path), 100));
        return JSON.textNode(text);
    }

    private JsonNode number(JsonNode value, String path) {
        if (value.isInt() || value.isLong()) return value;
        var near = value.doubleValue();
        // The parser reads a number with all its digits, except for NaN and infinities.
        if (isNoNumber(value)) {
            if (noNumber == null) noNumber = Text.cut(Text.wellFormed(path), 100) + " is " + near;
            return value;
        }
        if (keepsItsDigits(value, near)) return value.isIntegralNumber() ? value : JSON.numberNode(near);
        asText.add(Text.cut(Text.wellFormed(path), 100));
        return JSON.textNode(value.asText());
    }

    /** True for NaN and the infinities. */
    private static boolean isNoNumber(JsonNode value) {
        return value.isDouble() && !Double.isFinite(value.doubleValue());
    }

    /** True if the shortest number with the same 64 bits is the number itself. */
    static boolean keepsItsDigits(JsonNode number, double near) {
        return Double.isFinite(near) && new BigDecimal(Double.toString(near)).compareTo(number.decimalValue()) == 0;
    }

    /** True for JSON that is too deep for this program and for most other readers. */
    private static boolean isDeeper(JsonNode value, int levels) {
        if (!value.isContainerNode()) return false;
        if (levels == 0) return true;
        for (var child : value) {
            if (isDeeper(child, levels - 1)) return true;
        }
        return false;
    }
}
