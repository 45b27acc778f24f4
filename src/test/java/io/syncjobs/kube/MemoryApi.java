package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** An API server in memory: objects by path, versions, merge patches with compare and set; and what can go wrong with it. */
public final class MemoryApi implements Api {
    /** A request that changes something. */
    public record Write(String method, String path, JsonNode body) {}

    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Write> writes = new ArrayList<>();
    private Consumer<SyncJob> watch = job -> {};
    private Consumer<SyncJob> watchGone = job -> {};
    private long version = 100;
    private boolean away;
    private Predicate<Write> losesAnswer = write -> false;
    private Predicate<String> keeps = any -> false;
    private Predicate<Write> losesRequest = write -> false;
    private Function<Write, Optional<RuntimeException>> refuses = write -> Optional.empty();
    private volatile Predicate<String> hangs = any -> false;
    private volatile Predicate<String> frozen = any -> false;

    /** Is told of each version of a job, as it is stored. */
    public void watch(Consumer<SyncJob> by) {
        watch = by;
    }

    /** Is told of each job that is deleted, as it was. */
    public void watchGone(Consumer<SyncJob> by) {
        watchGone = by;
    }

    /** From now on nobody may delete these. */
    public synchronized void keep(Predicate<String> paths) {
        keeps = paths;
    }

    /** From now on nobody may write to these. */
    public void freeze(Predicate<String> paths) {
        frozen = paths;
    }

    /** From now on deletions of these get no answer, for as long as that is so. */
    public void hang(Predicate<String> paths) {
        hangs = paths;
    }

    /** No request reaches it. */
    public void setAway(boolean away) {
        this.away = away;
    }

    /** The next such write is carried out, and nobody is told. */
    public void loseAnswerOf(Predicate<Write> write) {
        losesAnswer = write;
    }

    /** The next such write does not arrive. */
    public void loseRequest(Predicate<Write> write) {
        losesRequest = write;
    }

    /** From now on such a write fails in this way, and is not carried out. */
    public void refuse(Function<Write, Optional<RuntimeException>> writes) {
        refuses = writes;
    }

    public List<Write> writes() {
        return writes;
    }

    public Optional<JsonNode> object(String path) {
        return Optional.ofNullable(objects.get(path));
    }

    /** Stores an object, or merges changes into one, as somebody else would. */
    public synchronized ObjectNode put(String path, String json) {
        return store(path, (ObjectNode) Json.tree(json.getBytes(UTF_8)));
    }

    public synchronized void remove(String path) {
        objects.remove(path);
    }

    /** A stored job as a watch brings it. */
    public SyncJob job(String path) {
        return Json.read(Json.bytes(found(path)), SyncJob.class, Limits.PAYLOAD_BYTES);
    }

    private ObjectNode store(String path, ObjectNode change) {
        var object = objects.computeIfAbsent(path, absent -> Json.object());
        merge(object, change);
        var meta = object.withObject("/metadata");
        meta.put("resourceVersion", Long.toString(++version));
        if (!meta.has("uid")) meta.put("uid", UUID.randomUUID().toString());
        // The watch may change the object again, before this write is answered.
        var stored = object.deepCopy();
        if (path.contains("/syncjobs/")) watch.accept(job(path));
        return stored;
    }

    private static void merge(ObjectNode target, JsonNode change) {
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) target.remove(field.getKey());
            else if (field.getValue().isObject())
                merge(
                        target.get(field.getKey()) instanceof ObjectNode inner
                                ? inner
                                : target.putObject(field.getKey()),
                        field.getValue());
            else target.set(field.getKey(), field.getValue().deepCopy());
        });
    }

    @Override
    public Optional<byte[]> metadata(String path, int most) {
        throw new UnsupportedOperationException("a worker lists its own jobs, and these whole: " + path);
    }

    @Override
    public synchronized byte[] get(String path) {
        if (away) throw new ApiException("no route to host", new IOException());
        return Json.bytes(found(path));
    }

    private ObjectNode found(String path) {
        var found = objects.get(path);
        if (found == null) throw new ApiException(404, "NotFound", path + " not found");
        return found;
    }

    @Override
    public Optional<byte[]> get(String path, int most, Duration patience) {
        return Optional.of(get(path));
    }

    @Override
    public synchronized byte[] create(String path, byte[] object) {
        var body = (ObjectNode) Json.tree(object);
        return write("POST", path + "/" + body.at("/metadata/name").asText(), body);
    }

    @Override
    public byte[] patchForMetadata(String path, byte[] changes) {
        return Wire.metadataOf(patch(path, changes));
    }

    @Override
    public synchronized byte[] patch(String path, byte[] changes) {
        return write("PATCH", path, (ObjectNode) Json.tree(changes));
    }

    private byte[] write(String method, String path, ObjectNode body) {
        var write = new Write(method, path, body);
        if (away || losesRequest.test(write)) {
            losesRequest = any -> false;
            throw new ApiException("connection refused", new IOException());
        }
        refuses.apply(write).ifPresent(why -> {
            throw why;
        });
        if (frozen.test(path)) throw new ApiException(403, "Forbidden", "changes are frozen");
        var target = path.replaceAll("/status$", "");
        if (method.equals("PATCH")) {
            var seen = body.at("/metadata/resourceVersion").asText("");
            if (!seen.isEmpty()
                    && !seen.equals(
                            found(target).at("/metadata/resourceVersion").asText()))
                throw new ApiException(409, "Conflict", "the object has been modified");
        }
        writes.add(write);
        var stored = store(target, body);
        if (!losesAnswer.test(write)) return Json.bytes(stored);
        losesAnswer = any -> false;
        throw new ApiException("connection reset", new IOException());
    }

    @Override
    public byte[] delete(String path, byte[] options) {
        while (hangs.test(path)) LockSupport.parkNanos(10_000_000);
        return deleted(path, options);
    }

    private synchronized byte[] deleted(String path, byte[] options) {
        if (keeps.test(path)) throw new ApiException(403, "Forbidden", "denied by an admission policy");
        var body = Json.tree(options);
        var version = found(path).at("/metadata/resourceVersion").asText();
        if (!body.at("/preconditions/resourceVersion").asText(version).equals(version))
            throw new ApiException(409, "Conflict", "the object has been modified");
        writes.add(new Write("DELETE", path, body));
        var gone = path.contains("/syncjobs/") ? Optional.of(job(path)) : Optional.<SyncJob>empty();
        objects.remove(path);
        gone.ifPresent(watchGone);
        return new byte[0];
    }
}
