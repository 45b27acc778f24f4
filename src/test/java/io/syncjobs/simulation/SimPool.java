package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.kube.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** What the API server stores of warm workers: their pods and their Leases. */
final class SimPool {
    static final String NAME = "pool";
    static final PoolKey KEY = new PoolKey(ApiServer.NAMESPACE, NAME);
    static final int SLOTS = 2;
    static final Duration DEAD_AFTER = Duration.ofSeconds(90);
    static final PoolSpec SPEC = new PoolSpec(3, SLOTS, DEAD_AFTER, "");

    private final SimObjects leases;
    private final SimObjects pods;

    SimPool(Supplier<String> versions) {
        leases = new SimObjects(versions);
        pods = new SimObjects(versions);
    }

    SimObjects leases() {
        return leases;
    }

    SimObjects pods() {
        return pods;
    }

    void endWatches(SimProcess process) {
        leases.endWatches(process);
        pods.endWatches(process);
    }

    static SyncWorkerPool object() {
        var pool = new SyncWorkerPool();
        pool.setMetadata(new ObjectMetaBuilder()
                .withName(NAME)
                .withNamespace(ApiServer.NAMESPACE)
                .withUid("uid-" + NAME)
                .withResourceVersion("1")
                .build());
        pool.setSpec(new SyncWorkerPoolSpec(
                SPEC.replicas(),
                SLOTS,
                10,
                (int) DEAD_AFTER.toSeconds(),
                new SyncWorkerPoolSpec.Handler(8080, "/", null),
                RawJson.of("{\"spec\":{\"containers\":[{\"name\":\"handler\",\"image\":\"shop/handler:1\"}]}}")));
        return pool;
    }

    /** A worker shows for the first time that it lives. */
    ObjectNode create(SimProcess by, ObjectNode lease) {
        if (pods.find(by.identity()).isEmpty()) throw new Refused(404, "its pod is gone");
        return leases.create(lease);
    }

    void putPod(String worker, Instant now) {
        pods.create(json("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "%s", "labels": {"%s": "%s"}, "creationTimestamp": "%s"},
                 "spec": {"nodeName": "node-a", "containers": [{"name": "handler"}]},
                 "status": {"phase": "Running"}}""".formatted(worker, Names.POOL, NAME, now)));
    }

    void deletePod(String worker, Instant deadline, Duration grace) {
        pods.patch(worker, json("""
                {"metadata": {"deletionTimestamp": "%s", "deletionGracePeriodSeconds": %d}}""".formatted(deadline, grace.toSeconds())));
    }

    private static ObjectNode json(String text) {
        return Wire.tree(text.getBytes(StandardCharsets.UTF_8));
    }

    void removePod(String worker) {
        pods.remove(worker);
        leases.remove(worker);
    }
}
