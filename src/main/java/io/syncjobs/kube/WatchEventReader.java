package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserSequence;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Map;

/**
 * Reads the events of a watch. The client's own reader makes a tree of each object to find out its kind. The API server sends the
 * kind in the first fields, so here the product's objects are read directly.
 */
final class WatchEventReader extends CachedReader<WatchEvent> {
    private static final Map<String, Class<? extends KubernetesResource>> OURS =
            Map.of("SyncJob", SyncJob.class, "SyncQueue", SyncQueue.class, "SyncWorkerPool", SyncWorkerPool.class);

    @Override
    public WatchEvent deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            return event(parser, context);
        } catch (JsonParseException e) {
            // The event is not valid JSON, so it is unknown what it said. The watch then lists everything again, as it
            // does for an expired version.
            var gone = new StatusBuilder()
                    .withCode(HttpURLConnection.HTTP_GONE)
                    .withReason("Expired")
                    .withMessage("a watch event is not valid JSON: " + e.getOriginalMessage())
                    .build();
            return new WatchEvent(gone, "ERROR");
        }
    }

    private static WatchEvent event(JsonParser parser, DeserializationContext context) throws IOException {
        var event = new WatchEvent();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "type" -> event.setType(parser.getText());
                case "object" -> event.setObject(object(parser, context));
                default -> parser.skipChildren();
            }
        }
        return event;
    }

    private static KubernetesResource object(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return context.readValue(parser, KubernetesResource.class);
        }
        var head = new TokenBuffer(parser, context);
        head.copyCurrentEvent(parser);
        Class<? extends KubernetesResource> kind = KubernetesResource.class;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            head.copyCurrentEvent(parser);
            if (!parser.nextToken().isScalarValue()) break;
            head.copyCurrentEvent(parser);
            if (field.equals("kind")) kind = OURS.getOrDefault(parser.getText(), kind);
        }
        // The parser is at the first token that is not in the buffer.
        var whole = JsonParserSequence.createFlattened(true, head.asParser(parser.getCodec()), parser);
        whole.nextToken();
        return context.readValue(whole, kind);
    }
}
