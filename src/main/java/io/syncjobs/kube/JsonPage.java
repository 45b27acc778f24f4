package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Reads a page of a list as JSON, one item after the other. */
final class JsonPage {
    /** Reads an item from where the parser is. */
    interface Item {
        void read(JsonParser parser) throws IOException;
    }

    private JsonPage() {}

    /** Returns the metadata of the page. */
    static JsonNode read(byte[] page, Item item) {
        JsonNode metadata = Json.object();
        try (var parser = Json.mapper().createParser(page)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                parser.nextToken();
                if (field.equals("items")) readItems(parser, item);
                else if (field.equals("metadata")) metadata = parser.readValueAs(JsonNode.class);
                else parser.skipChildren();
            }
            return metadata;
        } catch (IOException e) {
            throw new ApiException("the API server's list cannot be read: " + e.getMessage(), e);
        }
    }

    private static void readItems(JsonParser parser, Item item) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) return;
        while (parser.nextToken() != JsonToken.END_ARRAY) item.read(parser);
    }

    /** The token of the next page; empty in the last one. */
    static String next(JsonNode metadata) {
        return metadata.path("continue").asText("");
    }
}
