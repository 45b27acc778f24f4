package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.api.SyncWorkerPoolStatus;
import io.syncjobs.core.pool.PoolObjects.Child;
import io.syncjobs.core.pool.PoolSize;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads pools whole, applies their objects, and writes their status, locked by the version that was seen. */
public final class Pools {
    private final Api api;
    private final Apply apply;
    private final Room room = new Room();

    /** {@code apply} writes the objects of pools, {@code api} does the rest. */
    public Pools(Api api, Apply apply) {
        this.api = api;
        this.apply = apply;
    }

    /** Runs work that needs the text of a pool's template when there is memory for it. */
    public <T> T within(SyncWorkerPool pool, Supplier<T> work) {
        var template = Optional.ofNullable(pool.getSpec()).map(SyncWorkerPoolSpec::template);
        return room.during(template.map(RawJson::bytes).orElse(0), work);
    }

    /** The pool as it is now, with the text of its template, which caches leave out; empty if it is gone. */
    public Optional<SyncWorkerPool> read(SyncWorkerPool cached) {
        return api.find(path(cached))
                .map(answer -> Json.read(answer, SyncWorkerPool.class, Contents.LONGEST))
                .filter(pool ->
                        pool.getMetadata().getUid().equals(cached.getMetadata().getUid()));
    }

    /** The template of a pool that was read whole. It must be small enough to be read as a tree. */
    public ObjectNode template(SyncWorkerPool whole) {
        return (ObjectNode)
                Json.tree(whole.getSpec().template().text().orElseThrow().getBytes(UTF_8));
    }

    /** The existing object with the name of this child, whoever created it. */
    public Optional<JsonNode> existing(Child child) {
        return api.find(path(child)).map(Json::tree);
    }

    /** Applies an object of a pool, and returns the object after that. */
    public JsonNode apply(Child child) {
        return Json.tree(apply.apply(path(child), Json.bytes(child.json())));
    }

    /** Sets how many workers there are, if this is still their Deployment, and leaves all else as it is. */
    public void scale(SyncWorkerPool pool, String deployment) {
        var patch = Json.object();
        patch.putObject("metadata").put("uid", deployment);
        patch.putObject("spec").put("replicas", PoolSize.of(pool.getSpec()).replicas());
        var meta = pool.getMetadata();
        api.patchForMetadata(
                "/apis/apps/v1/namespaces/" + meta.getNamespace() + "/deployments/" + meta.getName(),
                Json.bytes(patch));
    }

    /** Writes the difference; returns false if there is none. */
    public boolean writeStatus(SyncWorkerPool seen, SyncWorkerPoolStatus next) {
        var before = Objects.requireNonNullElse(seen.getStatus(), SyncWorkerPoolStatus.NEW);
        var patch = Json.statusPatch(seen, before, next);
        patch.ifPresent(changes -> api.patchForMetadata(path(seen) + "/status", Json.bytes(changes)));
        return patch.isPresent();
    }

    private static String path(SyncWorkerPool pool) {
        var meta = pool.getMetadata();
        return Paths.pools(meta.getNamespace()) + "/" + meta.getName();
    }

    private static String path(Child child) {
        var root = child.apiVersion().contains("/") ? "/apis/" : "/api/";
        return root + child.apiVersion() + "/namespaces/"
                + child.json().at("/metadata/namespace").asText() + "/" + child.plural() + "/" + child.name();
    }
}
