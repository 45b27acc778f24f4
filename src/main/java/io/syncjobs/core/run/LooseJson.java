package io.syncjobs.core.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.core.Text;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads JSON as programs write it: a strict parser refuses it, but its meaning is clear. It accepts a byte order mark, UTF-16,
 * NaN, {@code .5} and {@code +5}, single quotes, names without quotes, raw line ends in text, a trailing comma, comments, and
 * True and None of Python.
 */
public final class LooseJson {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
                    .build())
            // All digits are kept until it is known how many the API server keeps.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectReader STRICT =
            new ObjectMapper().reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Map<String, String> WORDS = Map.of("True", "true", "False", "false", "None", "null");

    private LooseJson() {}

    /** The value at the beginning of a text; {@code whole} is true if nothing follows it. */
    public record Value(JsonNode node, boolean whole) {}

    /** Removes what an editor, a shell or a serializer puts around text: a byte order mark, and the zero bytes of UTF-16. */
    public static String bare(String text) {
        var bytes = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        var from = 0;
        while (from < bytes.length() && isMark(bytes.charAt(from))) from++;
        return bytes.substring(from).strip();
    }

    private static boolean isMark(char c) {
        // The byte order mark of UTF-16 is not valid UTF-8, so it arrives as two replacement characters.
        return c == '\uFFFD'
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.getType(c) == Character.FORMAT;
    }

    /** A value as text: a list of texts as lines, other lists and objects as JSON, null as the empty text. */
    public static String text(JsonNode value) {
        if (value.isArray() && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual)) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(line -> Text.wellFormed(line.textValue()))
                    .collect(Collectors.joining("\n"));
        }
        return Text.wellFormed(value.isContainerNode() ? value.toString() : value.asText(""));
    }

    /** Reads the value at the beginning of a text. */
    public static Optional<Value> read(String text) {
        return parse(text).or(() -> {
            var words = withoutPythonsWords(text);
            return words.equals(text) ? Optional.empty() : parse(words);
        });
    }

    /** True if the text is JSON as every parser reads it. */
    static boolean isStrict(String text) {
        return parse(text, STRICT).isPresent();
    }

    /**
     * The text fields of an object that the text breaks off in, as far as they are complete: whoever wrote it was killed, or had no
     * more room. Empty if the text is no such beginning.
     */
    static Optional<ObjectNode> beginning(String text) {
        var object = JSON.createObjectNode();
        try {
            JSON.readerForUpdating(object).readValue(text);
            return Optional.empty();
        } catch (JsonProcessingException | NumberFormatException e) {
            if (!(e instanceof JsonEOFException) && !(e.getCause() instanceof JsonEOFException))
                return Optional.empty();
        }
        var texts = JSON.createObjectNode();
        object.properties().stream()
                .filter(field -> field.getValue().isTextual())
                .forEach(field -> texts.set(field.getKey(), field.getValue()));
        return Optional.of(texts);
    }

    /** The value of a text of which only the beginning was read: what is open at its end is closed there. */
    public static Optional<JsonNode> closed(String beginning) {
        var open = new StringBuilder();
        var end = beginning.length();
        for (var i = 0; i < beginning.length(); i++) {
            var c = beginning.charAt(i);
            var last = open.isEmpty() ? 0 : open.charAt(open.length() - 1);
            if (last == '"' && c == '\\') {
                var next = i + (beginning.startsWith("u", i + 1) ? 6 : 2);
                if (next > beginning.length()) end = i;
                i = next - 1;
            } else if (!open.isEmpty() && c == last) open.setLength(open.length() - 1);
            else if (last != '"' && "\"{[".indexOf(c) >= 0) open.append("\"}]".charAt("\"{[".indexOf(c)));
        }
        return read(beginning.substring(0, end) + open.reverse())
                .filter(Value::whole)
                .map(Value::node);
    }

    /** Text in quotes stays as it is. */
    private static String withoutPythonsWords(String text) {
        var words = new StringBuilder(text.length());
        var unclosed = "";
        for (var i = 0; i < text.length(); ) {
            var c = text.charAt(i);
            var end = i + 1;
            var word = "";
            if ((c == '"' || c == '\'') && unclosed.indexOf(c) < 0) {
                end = textEnd(text, i);
                // If no quote ends this text, none ends a text that begins later.
                if (end == i + 1) unclosed += c;
            } else {
                word = word(text, i);
                end = i + Math.max(1, word.length());
            }
            words.append(WORDS.getOrDefault(word, text.substring(i, end)));
            i = end;
        }
        return words.toString();
    }

    /** The position after the text in quotes that begins here; the position after its first quote if it has no end. */
    private static int textEnd(String text, int from) {
        for (var i = from + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') i++;
            else if (text.charAt(i) == text.charAt(from)) return i + 1;
        }
        return from + 1;
    }

    /** The word of Python that begins here, and is no part of a longer word; empty if none does. */
    private static String word(String text, int from) {
        if ("TFN".indexOf(text.charAt(from)) < 0 || isWordAt(text, from - 1)) return "";
        for (var word : WORDS.keySet()) {
            if (text.startsWith(word, from) && !isWordAt(text, from + word.length())) return word;
        }
        return "";
    }

    private static boolean isWordAt(String text, int at) {
        if (at < 0 || at >= text.length()) return false;
        var c = text.charAt(at);
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static Optional<Value> parse(String text) {
        return parse(text, JSON.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS))
                .map(node -> new Value(node, true))
                .or(() -> parse(text, JSON.reader()).map(node -> new Value(node, false)));
    }

    private static Optional<JsonNode> parse(String text, ObjectReader reader) {
        try {
            return Optional.of(reader.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException | NumberFormatException e) {
            // jackson-core throws NumberFormatException itself for an exponent that does not fit into an int.
            return Optional.empty();
        }
    }
}
