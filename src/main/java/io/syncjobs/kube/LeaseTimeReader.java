package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import io.syncjobs.core.Times;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of a Lease. Workers write them, and the API server takes years that the client does not: by itself the client would
 * end the watch of all Leases. A time that cannot be read counts as none.
 */
final class LeaseTimeReader extends CachedReader<ZonedDateTime> {
    @Override
    public @Nullable ZonedDateTime deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                return Times.instant(parser.getText()).atZone(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                return null;
            }
        }
        parser.skipChildren();
        return null;
    }
}
