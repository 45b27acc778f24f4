package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.kube.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Objects of one kind as the API server stores them, where nobody needs to know more of them: versions, compare and set, watches. */
final class SimObjects {
    private final Supplier<String> versions;
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Watch<ObjectNode>> watches = new ArrayList<>();
    private final List<SimStream> streams = new ArrayList<>();

    SimObjects(Supplier<String> versions) {
        this.versions = versions;
    }

    void watch(Watch<ObjectNode> watch) {
        watches.add(watch);
        watch.listed(objects);
    }

    void list(Watch<ObjectNode> watch) {
        watch.listed(objects);
    }

    /** Tells of what is there, and of all changes to come but ends. */
    void stream(SimStream stream) {
        objects.values().forEach(stream::tell);
        streams.add(stream);
    }

    void breakStreams() {
        streams.forEach(SimStream::breaks);
    }

    void endWatches(SimProcess process) {
        watches.removeIf(watch -> watch.isOf(process));
        streams.removeIf(stream -> stream.isOf(process));
    }

    List<ObjectNode> all(Predicate<JsonNode> some) {
        return objects.values().stream().filter(some).toList();
    }

    Optional<ObjectNode> find(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    ObjectNode get(String name) {
        return find(name).orElseThrow(() -> new Refused(404, name + " not found"));
    }

    ObjectNode create(ObjectNode object) {
        var name = object.at("/metadata/name").asText();
        if (objects.containsKey(name)) throw Refused.alreadyExists(name);
        var meta = object.withObject("/metadata");
        if (!meta.has("uid")) meta.put("uid", "uid-" + name + "-" + versions.get());
        meta.put("namespace", ApiServer.NAMESPACE);
        return put(name, object);
    }

    /** A merge patch; refused where it names a version or a uid that the object does not have. */
    ObjectNode patch(String name, JsonNode changes) {
        var stored = get(name);
        for (var lock : List.of("resourceVersion", "uid")) {
            var seen = changes.path("metadata").path(lock).asText("");
            if (!seen.isEmpty()
                    && !seen.equals(stored.path("metadata").path(lock).asText()))
                throw new Refused(409, name + " has changed");
        }
        var next = stored.deepCopy();
        Wire.merge(next, changes);
        if (next.equals(stored)) return stored;
        return put(name, next);
    }

    ObjectNode put(String name, ObjectNode object) {
        object.withObject("/metadata").put("resourceVersion", versions.get());
        objects.put(name, object);
        watches.forEach(watch -> watch.tell(name, Optional.of(object)));
        streams.removeIf(SimStream::isEnded);
        streams.forEach(stream -> stream.tell(object));
        return object;
    }

    void remove(String name) {
        if (objects.remove(name) == null) return;
        watches.forEach(watch -> watch.tell(name, Optional.empty()));
    }
}
