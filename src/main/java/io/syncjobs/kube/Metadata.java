package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.syncjobs.api.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads those parts of an object's metadata that are used here. All others, which may be large, are skipped. */
final class Metadata {
    /** The longest value of an annotation that is kept; the status never shows more of it. */
    static final int LONGEST_VALUE = 2_048;

    private static final int MOST_FINALIZERS = 8;

    private Metadata() {}

    static ObjectMeta read(JsonParser parser) throws IOException {
        var meta = empty();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return meta;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            var token = parser.nextToken();
            switch (field) {
                case "name" -> meta.setName(parser.getValueAsString());
                case "namespace" -> meta.setNamespace(SharedTexts.shared(parser.getValueAsString()));
                case "uid" -> meta.setUid(parser.getValueAsString());
                case "resourceVersion" -> meta.setResourceVersion(parser.getValueAsString());
                case "generation" -> meta.setGeneration(parser.getValueAsLong());
                case "creationTimestamp" -> meta.setCreationTimestamp(SharedTexts.shared(parser.getValueAsString()));
                case "deletionTimestamp" -> meta.setDeletionTimestamp(parser.getValueAsString());
                case "annotations" -> meta.setAnnotations(texts(parser, token));
                case "finalizers" -> meta.setFinalizers(finalizers(parser, token));
                default -> parser.skipChildren();
            }
        }
        return meta;
    }

    /** A new object has a map or list of its own for each field that is not read, which is more than the rest of it. */
    private static ObjectMeta empty() {
        var meta = new ObjectMeta();
        meta.setAnnotations(Map.of());
        meta.setLabels(Map.of());
        meta.setAdditionalProperties(Map.of());
        meta.setFinalizers(List.of());
        meta.setManagedFields(List.of());
        meta.setOwnerReferences(List.of());
        return meta;
    }

    /** Only annotations of the product are kept. */
    private static Map<String, String> texts(JsonParser parser, JsonToken token) throws IOException {
        var kept = new HashMap<String, String>();
        if (token != JsonToken.START_OBJECT) return kept;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            if (Names.ANNOTATIONS.contains(name)) kept.put(name, cut(parser));
            else parser.skipChildren();
        }
        return kept.isEmpty() ? Map.of() : kept;
    }

    private static List<String> finalizers(JsonParser parser, JsonToken token) throws IOException {
        var kept = new ArrayList<String>();
        if (token != JsonToken.START_ARRAY) return kept;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (kept.size() < MOST_FINALIZERS) kept.add(cut(parser));
            else parser.skipChildren();
        }
        return kept;
    }

    private static String cut(JsonParser parser) throws IOException {
        var text = parser.getValueAsString("");
        if (text.length() <= LONGEST_VALUE) return text;
        var end = Character.isHighSurrogate(text.charAt(LONGEST_VALUE - 1)) ? LONGEST_VALUE - 1 : LONGEST_VALUE;
        return text.substring(0, end);
    }
}
