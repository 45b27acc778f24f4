package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads the names and versions of all objects of a kind consistently, in pages. Nothing else of the objects is sent. */
public final class MetadataLists {
    /** One object. */
    public record Item(String namespace, String name, String uid, long version) {}

    private final Api api;

    public MetadataLists(Api api) {
        this.api = api;
    }

    /** Hands each page of the list at {@code path} to {@code some}; {@code labels} is a selector, or empty for none. */
    public void read(String path, String labels, Consumer<List<Item>> some) {
        var selector = labels.isEmpty() ? "" : "&labelSelector=" + Pages.encoded(labels);
        Pages.read(api::metadata, path, selector, page -> {
            var items = new ArrayList<Item>();
            var next = page(page, items);
            some.accept(items);
            return next;
        });
    }

    private static String page(byte[] page, List<Item> items) {
        var next = "";
        try (var parser = Json.mapper().createParser(page)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                parser.nextToken();
                if (field.equals("metadata")) {
                    next = string(parser, "continue");
                } else if (field.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) item(parser, items);
                } else {
                    parser.skipChildren();
                }
            }
            return next;
        } catch (IOException e) {
            throw new ApiException("the API server's list cannot be read: " + e.getMessage(), e);
        }
    }

    private static void item(JsonParser parser, List<Item> items) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var isMetadata = parser.currentName().equals("metadata");
            parser.nextToken();
            if (isMetadata) items.add(metadata(parser));
            else parser.skipChildren();
        }
    }

    private static Item metadata(JsonParser parser) throws IOException {
        var namespace = "";
        var name = "";
        var uid = "";
        var version = 0L;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "namespace" -> namespace = parser.getText();
                case "name" -> name = parser.getText();
                case "uid" -> uid = parser.getText();
                case "resourceVersion" -> version = Long.parseLong(parser.getText());
                default -> parser.skipChildren();
            }
        }
        return new Item(namespace, name, uid, version);
    }

    private static String string(JsonParser parser, String wanted) throws IOException {
        var found = "";
        if (parser.currentToken() != JsonToken.START_OBJECT) return found;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            parser.nextToken();
            if (field.equals(wanted)) found = parser.getText();
            else parser.skipChildren();
        }
        return found;
    }
}
