package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.api.SyncWorkerPoolStatus;
import io.syncjobs.core.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Optional;

/** JSON in the form that the API server uses. */
final class Json {
    private static final ObjectMapper MAPPER = newMapper();

    /** Created with the first client: a process without a client does not need its classes. */
    private static final class OfClient {
        static final KubernetesSerialization SERIALIZATION = newSerialization();
    }

    private Json() {}

    /** The only mapper of the process. The client has configured it for Kubernetes objects. */
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** The client's view of the same mapper. */
    static KubernetesSerialization serialization() {
        return OfClient.SERIALIZATION;
    }

    private static KubernetesSerialization newSerialization() {
        var serialization = new KubernetesSerialization(MAPPER, true);
        serialization.registerKubernetesResource(SyncJob.class);
        serialization.registerKubernetesResource(SyncQueue.class);
        serialization.registerKubernetesResource(SyncWorkerPool.class);
        return serialization;
    }

    private static ObjectMapper newMapper() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(RawJson.UNLIMITED)
                // By itself each thread has buffers of its own: with a thread for each event, they would be new for
                // each event.
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build();
        var trees = new SimpleModule("trees")
                .addDeserializer(JsonNode.class, new BoundedJson<>(JsonNode.class))
                .addDeserializer(ObjectNode.class, new BoundedJson<>(ObjectNode.class))
                .addDeserializer(WatchEvent.class, new WatchEventReader())
                .addDeserializer(Instant.class, new InstantReader())
                .addDeserializer(ZonedDateTime.class, new LeaseTimeReader())
                .addDeserializer(String.class, new SharedTexts())
                .addDeserializer(
                        SyncJob.class, new ResourceReader<>(SyncJobSpec.class, SyncJobStatus.class, SyncJob::new))
                .addDeserializer(
                        SyncQueue.class,
                        new ResourceReader<>(SyncQueueSpec.class, SyncQueueStatus.class, SyncQueue::new))
                .addDeserializer(
                        SyncWorkerPool.class,
                        new ResourceReader<>(
                                SyncWorkerPoolSpec.class, SyncWorkerPoolStatus.class, SyncWorkerPool::new));
        return new ObjectMapper(factory)
                .registerModule(new JavaTimeModule())
                .registerModule(trees)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** The answer of the API server as a tree. */
    static JsonNode tree(byte[] answer) {
        return read(answer, JsonNode.class);
    }

    static <T> T read(byte[] answer, Class<T> type) {
        return read(answer, type, 0);
    }

    /** Keeps the text of free-form values of up to {@code keep} bytes each. */
    static <T> T read(byte[] answer, Class<T> type, int keep) {
        try {
            T read = MAPPER.readerFor(type).withAttribute(RawJson.KEEP, keep).readValue(answer);
            if (read == null) throw new IOException("it is null");
            return read;
        } catch (JsonProcessingException e) {
            throw new ApiException(
                    "the API server's answer is not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ApiException(
                    "the API server's answer is not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode treeOf(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The other way round. */
    static <T> T value(JsonNode tree, Class<T> type) {
        return MAPPER.convertValue(tree, type);
    }

    /**
     * Makes texts such that a terminal can show them: some come from logs, programs and people.
     *
     * @return true if one was changed
     */
    static boolean clean(JsonNode node) {
        var changed = false;
        if (node instanceof ObjectNode object) {
            for (var field : object.properties()) {
                var text = cleaned(field.getValue());
                if (text.isPresent()) field.setValue(text.get());
                changed |= text.isPresent() || clean(field.getValue());
            }
            // The field names of a result come from programs too.
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            for (var name : names) {
                if (Text.clean(name).equals(name)) continue;
                object.set(Text.clean(name), object.remove(name));
                changed = true;
            }
        } else if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                var text = cleaned(array.get(i));
                if (text.isPresent()) array.set(i, text.get());
                changed |= text.isPresent() || clean(array.get(i));
            }
        }
        return changed;
    }

    /** The text without what a terminal cannot show; empty if there is no such thing in it. */
    private static Optional<JsonNode> cleaned(JsonNode node) {
        if (!node.isTextual()) return Optional.empty();
        var clean = Text.clean(node.textValue());
        return clean.equals(node.textValue()) ? Optional.empty() : Optional.of(TextNode.valueOf(clean));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A merge patch that changes nothing of an object that is another one, or that somebody has changed since. */
    static ObjectNode locked(HasMetadata seen) {
        var patch = object();
        patch.putObject("metadata")
                .put("uid", seen.getMetadata().getUid())
                .put("resourceVersion", seen.getMetadata().getResourceVersion());
        return patch;
    }

    /** The locked merge patch that turns the status {@code before} into {@code next}; empty if they are equal. */
    static Optional<ObjectNode> statusPatch(HasMetadata seen, Object before, Object next) {
        var changes = diff(treeOf(before), treeOf(next));
        if (changes.isEmpty()) return Optional.empty();
        var patch = locked(seen);
        patch.set("status", changes);
        return Optional.of(patch);
    }

    /** The merge patch that turns {@code from} into {@code to}; empty if they are equal. */
    static ObjectNode diff(JsonNode from, JsonNode to) {
        var patch = object();
        from.fieldNames().forEachRemaining(name -> {
            if (!to.has(name)) patch.putNull(name);
        });
        to.properties().forEach(field -> {
            var before = from.path(field.getKey());
            var after = field.getValue();
            if (before.isObject() && after.isObject()) {
                var inner = diff(before, after);
                if (!inner.isEmpty()) patch.set(field.getKey(), inner);
            } else if (!before.equals(after)) {
                patch.set(field.getKey(), after);
            }
        });
        return patch;
    }
}
