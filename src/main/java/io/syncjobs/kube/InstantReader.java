package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import io.syncjobs.core.Times;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads a moment without a formatter: each event of a job has several. */
final class InstantReader extends CachedReader<Instant> {
    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                return Times.instant(parser.getText());
            } catch (DateTimeException e) {
                // Jackson says what is wrong with it, or takes it all the same.
            }
        }
        return InstantDeserializer.INSTANT.deserialize(parser, context);
    }
}
