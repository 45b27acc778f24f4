package io.syncjobs.core.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.core.pool.PoolObjects.Child;
import io.syncjobs.core.settings.AgentDefaults;
import io.syncjobs.core.settings.PoolTiming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A pool with what a test is about; what it does not name does not matter to it. */
public final class GivenPool {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static final PoolTiming TIMING = new PoolTiming(Duration.ofSeconds(10), Duration.ofSeconds(300));
    static final AgentDefaults SETTINGS = new AgentDefaults(
            "r.example/syncjobs:1",
            "Always",
            List.of("pull"),
            tree("{limits: {memory: 77Mi, cpu: 0.5}}"),
            new TreeMap<>(Map.of("SYNCJOBS_TRACE_BYTES", "4096", "SYNCJOBS_LOG_FORMAT", "json")),
            TIMING);

    private final ObjectNode template = tree("{spec: {containers: [{name: handler, image: 'shop:7'}]}}");
    private int replicas = 2;
    private int slots = 8;
    private int port = 8080;
    private final TreeMap<String, PoolObjects.Worker> workers = new TreeMap<>();

    static ObjectNode tree(String yaml) {
        // What begins with a brace is taken for JSON.
        return JSON.valueToTree(Serialization.unmarshal("---\n" + yaml, Map.class));
    }

    /** Merges into the template. */
    GivenPool template(String yaml) {
        merge(template, tree(yaml));
        return this;
    }

    private static void merge(ObjectNode into, ObjectNode other) {
        other.properties().forEach(field -> {
            if (into.get(field.getKey()) instanceof ObjectNode inner && field.getValue() instanceof ObjectNode more)
                merge(inner, more);
            else into.set(field.getKey(), field.getValue());
        });
    }

    GivenPool replicas(int count) {
        replicas = count;
        return this;
    }

    GivenPool slots(int count) {
        slots = count;
        return this;
    }

    GivenPool port(int number) {
        port = number;
        return this;
    }

    GivenPool worker(String name, String uid) {
        return worker(name, uid, "");
    }

    GivenPool worker(String name, String uid, String account) {
        workers.put(uid, new PoolObjects.Worker(name, account));
        return this;
    }

    public SyncWorkerPool pool() {
        var pool = new SyncWorkerPool();
        pool.getMetadata().setName("shop");
        pool.getMetadata().setNamespace("erp");
        pool.getMetadata().setUid("u-1");
        pool.getMetadata().setGeneration(3L);
        var handler = new SyncWorkerPoolSpec.Handler(port, "/jobs/{action}", null);
        pool.setSpec(new SyncWorkerPoolSpec(replicas, slots, null, null, handler, RawJson.of(template.toString())));
        return pool;
    }

    List<Child> objects() {
        return PoolObjects.of(pool(), template, SETTINGS, workers);
    }

    JsonNode object(String kind) {
        return objects().stream()
                .filter(child -> child.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .json();
    }

    /** The spec of its pods. */
    JsonNode pod() {
        return object("Deployment").at("/spec/template/spec");
    }
}
