package io.syncjobs.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Any JSON value that a stranger wrote. It is never kept as a tree, which may take fifty times the memory of its text. The value
 * is measured while it is parsed. Its text, compact and with all digits, is kept only on request and up to a length. Two values
 * are equal if their texts are, whether or not these are kept.
 */
@JsonDeserialize(using = RawJson.Reader.class)
@JsonSerialize(using = RawJson.Writer.class)
public final class RawJson {
    /** Attribute of a reader, an Integer: texts of up to so many bytes are kept. Without it none are. */
    public static final String KEEP = RawJson.class.getName() + ".keep";

    /** No limits: the API server has its own, and an object that it has accepted must not stop the watch of all others. */
    public static final StreamReadConstraints UNLIMITED = StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(UNLIMITED)
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            // Without it, a character beyond 16 bits would be written as two escapes, three times as long.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    /** The type of the value. */
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL
    }

    private final Kind kind;
    private final int bytes;
    private final int depth;
    private final int values;

    /** Two hashes of the text. Nobody gains anything by a value with the hashes of another one, so they need only be fast. */
    private final long hashHigh;

    private final long hashLow;
    private final byte @Nullable [] text;

    private RawJson(Kind kind, int depth, int values, Text text) {
        this.kind = kind;
        this.depth = depth;
        this.values = values;
        bytes = text.size;
        hashHigh = text.hashHigh;
        hashLow = text.hashLow;
        this.text = text.kept();
    }

    private RawJson(RawJson of) {
        kind = of.kind;
        depth = of.depth;
        values = of.values;
        bytes = of.bytes;
        hashHigh = of.hashHigh;
        hashLow = of.hashLow;
        text = null;
    }

    /** The value of a JSON text, with the text. */
    public static RawJson of(String json) {
        try (var parser = FACTORY.createParser(json)) {
            parser.nextToken();
            return read(parser, Integer.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Kind kind() {
        return kind;
    }

    /** The bytes of its compact text in UTF-8. */
    public int bytes() {
        return bytes;
    }

    /** The depth of nested objects and arrays; 0 for a text, a number, true, false and null. */
    public int depth() {
        return depth;
    }

    /** The number of values in it, including itself: the number of nodes that its tree would have. */
    public int values() {
        return values;
    }

    /** Its compact text; empty if the text was not kept. */
    public Optional<String> text() {
        return Optional.ofNullable(text).map(kept -> new String(kept, StandardCharsets.UTF_8));
    }

    /** True if its text was kept. */
    public boolean hasText() {
        return text != null;
    }

    /** A short text that identifies the value. */
    public String fingerprint() {
        return HexFormat.of().toHexDigits(hashHigh);
    }

    /** The same value without its text. */
    public RawJson measured() {
        return text == null ? this : new RawJson(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawJson that
                && hashHigh == that.hashHigh
                && hashLow == that.hashLow
                && bytes == that.bytes;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hashHigh);
    }

    @Override
    public String toString() {
        return text().orElse(kind + " of " + bytes + " bytes");
    }

    /** Reads one value token by token, however deep or large it is. */
    private static RawJson read(JsonParser parser, int keep) throws IOException {
        var first = parser.currentToken();
        var text = new Text(keep);
        var depth = 0;
        var deepest = 0;
        var values = 0;
        try (var out = FACTORY.createGenerator(text)) {
            for (var token = first; ; token = parser.nextToken()) {
                if (token == null) throw new IOException("the JSON text ends within a value");
                write(parser, token, out);
                if (token.isStructStart()) deepest = Math.max(deepest, ++depth);
                if (token.isStructEnd()) depth--;
                else if (token != JsonToken.FIELD_NAME) values++;
                if (depth == 0) break;
            }
        }
        return new RawJson(kind(first), deepest, values, text);
    }

    private static void write(JsonParser parser, JsonToken token, JsonGenerator out) throws IOException {
        switch (token) {
            case START_OBJECT -> out.writeStartObject();
            case END_OBJECT -> out.writeEndObject();
            case START_ARRAY -> out.writeStartArray();
            case END_ARRAY -> out.writeEndArray();
            case FIELD_NAME -> out.writeFieldName(parser.currentName());
            case VALUE_STRING ->
                out.writeString(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            // The text of the number, because a numeric type would lose digits.
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(parser.getText());
            case VALUE_TRUE -> out.writeBoolean(true);
            case VALUE_FALSE -> out.writeBoolean(false);
            default -> out.writeNull();
        }
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            default -> Kind.NULL;
        };
    }

    /** Counts and hashes what is written. Keeps it until it is too long, and then keeps nothing. */
    private static final class Text extends OutputStream {
        private final int keep;
        private @Nullable ByteArrayOutputStream kept;
        private int size;

        /** FNV-1a, and a second one that mixes otherwise. */
        private long hashHigh = 0xcbf29ce484222325L;

        private long hashLow;

        Text(int keep) {
            this.keep = keep;
            kept = keep > 0 ? new ByteArrayOutputStream(128) : null;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            size += length;
            for (var i = offset; i < offset + length; i++) {
                hashHigh = (hashHigh ^ (from[i] & 0xff)) * 0x100000001b3L;
                hashLow = (Long.rotateLeft(hashLow, 5) ^ from[i]) * 0x517cc1b727220a95L;
            }
            if (kept == null) return;
            if (size > keep) kept = null;
            else kept.write(from, offset, length);
        }

        byte @Nullable [] kept() {
            return kept == null ? null : kept.toByteArray();
        }
    }

    /** Measures a value, and keeps its text as {@link #KEEP} says. */
    static final class Reader extends JsonDeserializer<RawJson> {
        @Override
        public RawJson deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return read(parser, context.getAttribute(KEEP) instanceof Integer keep ? keep : 0);
        }
    }

    /** Writes the text. A value whose text was not kept cannot be written. */
    static final class Writer extends JsonSerializer<RawJson> {
        @Override
        public void serialize(RawJson value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeRawValue(
                    value.text().orElseThrow(() -> new IllegalStateException("a value that was not kept: " + value)));
        }
    }
}
