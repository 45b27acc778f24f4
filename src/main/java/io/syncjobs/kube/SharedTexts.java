package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts, and returns the same object for equal ones that were read lately. Thousands of jobs wait in one queue for one reason,
 * and each would have texts of its own that say so. Thread-safe without locks: at worst a text has two copies.
 */
final class SharedTexts extends StdDeserializer<String> {
    private static final long serialVersionUID = 1;

    /** Longer texts are seldom equal. */
    static final int LONGEST = 256;

    private static final int SLOTS = 1 << 10;

    /** Each text has one slot, by its hash. A slot keeps the text that came last. */
    private static final @Nullable String[] RECENT = new String[SLOTS];

    SharedTexts() {
        super(String.class);
    }

    /** The text, or an equal one that was read before. */
    static @Nullable String shared(@Nullable String text) {
        if (text == null || text.length() > LONGEST) return text;
        var hash = text.hashCode();
        var slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        var before = RECENT[slot];
        if (text.equals(before)) return before;
        RECENT[slot] = text;
        return text;
    }

    @Override
    public @Nullable String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING
                ? shared(parser.getText())
                : StringDeserializer.instance.deserialize(parser, context);
    }

    @Override
    public @Nullable Object deserializeWithType(
            JsonParser parser, DeserializationContext context, TypeDeserializer types) throws IOException {
        return deserialize(parser, context);
    }

    @Override
    public LogicalType logicalType() {
        return LogicalType.Textual;
    }

    /** Otherwise Jackson looks at the class anew for each object. */
    @Override
    public boolean isCachable() {
        return true;
    }
}
