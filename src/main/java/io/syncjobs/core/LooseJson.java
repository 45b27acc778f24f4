package io.syncjobs.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads JSON as programs write it: a strict parser refuses it, but its meaning is clear. It accepts a byte order mark, UTF-16,
 * NaN, {@code .5} and {@code +5}, single quotes, names without quotes, raw line ends in text, a trailing comma, and True and
 * None of Python.
 */
public final class LooseJson {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
                    .build())
            // All digits are kept until it is known how many the API server keeps.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Map<String, String> WORDS = Map.of("True", "true", "False", "false", "None", "null");

    /** Matches text in quotes, which stays as it is, or one of the words. */
    private static final Pattern WORD_OR_TEXT =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\b(?:True|False|None)\\b", Pattern.DOTALL);

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

    private static String withoutPythonsWords(String text) {
        var found = WORD_OR_TEXT.matcher(text);
        var words = new StringBuilder(text.length());
        var from = 0;
        while (found.find()) {
            words.append(text, from, found.start()).append(WORDS.getOrDefault(found.group(), found.group()));
            from = found.end();
        }
        return words.append(text, from, text.length()).toString();
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
