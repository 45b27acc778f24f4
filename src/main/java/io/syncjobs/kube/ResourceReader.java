package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.syncjobs.api.Names;
import java.io.IOException;
import java.util.HashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the product's objects token by token and keeps what decisions need. An object that cannot be read must not stop the watch
 * or the list of all others. It is returned with the annotation {@link Names#UNREADABLE}, which says what is wrong.
 */
final class ResourceReader<S, T, R extends CustomResource<S, T>> extends CachedReader<R> {
    private final Part<S> spec;
    private final Part<T> status;
    private final Supplier<R> empty;

    ResourceReader(Class<S> spec, Class<T> status, Supplier<R> empty) {
        this.spec = new Part<>(spec);
        this.status = new Part<>(status);
        this.empty = empty;
    }

    /** Reads spec or status. Jackson, where it is asked for a class, looks at the annotations of that class for each object. */
    private static final class Part<V> {
        private final Class<V> type;
        private volatile @Nullable JsonDeserializer<Object> reader;

        Part(Class<V> type) {
            this.type = type;
        }

        @Nullable
        V read(JsonParser parser, DeserializationContext context) throws IOException {
            var known = reader;
            if (known == null) {
                known = context.findContextualValueDeserializer(context.constructType(type), null);
                reader = known;
            }
            if (parser.currentToken() == JsonToken.VALUE_NULL) return type.cast(known.getNullValue(context));
            return type.cast(known.deserialize(parser, context));
        }
    }

    @Override
    public R deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var object = empty.get();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw JsonMappingException.from(parser, "the API server sent something that is not an object");
        }
        var problem = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            var around = parser.getParsingContext();
            parser.nextToken();
            try {
                switch (field) {
                    case "metadata" -> object.setMetadata(Metadata.read(parser));
                    case "spec" -> set(spec.read(parser, context), object::setSpec);
                    case "status" -> set(status.read(parser, context), object::setStatus);
                    default -> parser.skipChildren();
                }
            } catch (JsonMappingException e) {
                problem = field + " cannot be read: " + e.getOriginalMessage();
                while (!around.equals(parser.getParsingContext())) parser.nextToken();
            }
        }
        if (!problem.isEmpty()) mark(object.getMetadata(), problem);
        return object;
    }

    private static void mark(ObjectMeta meta, String problem) {
        var annotations = new HashMap<>(meta.getAnnotations());
        annotations.put(Names.UNREADABLE, problem);
        meta.setAnnotations(annotations);
    }

    private static <V> void set(@Nullable V value, Consumer<V> setter) {
        if (value != null) setter.accept(value);
    }
}
