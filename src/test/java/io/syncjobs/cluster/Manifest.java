package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A SyncJob, SyncQueue or SyncWorkerPool to create; what a test does not name does not matter to it. */
public final class Manifest {
    private final ObjectNode object = Json.MAPPER.createObjectNode();

    private Manifest(String kind, String name) {
        object.put("apiVersion", "syncjobs.io/v1alpha1").put("kind", kind);
        object.putObject("metadata").put("name", name);
        object.putObject("spec");
    }

    /** A job with an action; how it runs is said by {@link #worker} or by its queue. */
    public static Manifest job(String name) {
        return new Manifest("SyncJob", name).spec("action", "test." + name);
    }

    public static Manifest queue(String name) {
        return new Manifest("SyncQueue", name);
    }

    /** A pool of the test worker's HTTP server, see src/test/images/testworker/serve.go. */
    public static Manifest pool(String name) {
        return new Manifest("SyncWorkerPool", name)
                .spec("handler.port", 8080)
                .spec("handler.path", "/jobs/{action}")
                .spec("handler.cancelPath", "/cancel")
                .worker("serve=8080")
                .spec("template.spec.terminationGracePeriodSeconds", 10);
    }

    /** Runs the test worker with these arguments, see src/test/images/testworker. */
    public Manifest worker(String... args) {
        return spec("template.spec.terminationGracePeriodSeconds", 1)
                .spec("template.spec.containers", List.of(container(Images.TEST_WORKER, args)));
    }

    /** A container for a template. */
    public static Map<String, Object> container(String image, String... args) {
        return Map.of("name", "worker", "image", image, "args", List.of(args));
    }

    /** Sets a field of spec by its path, for example {@code retry.limit}; a number in it is the place in a list. */
    public Manifest spec(String path, @Nullable Object value) {
        var steps = ("spec." + path).split("\\.", -1);
        var at = object;
        for (var i = 0; i < steps.length - 1; i++) {
            at = at.get(steps[i]) instanceof ArrayNode list
                    ? (ObjectNode) list.get(Integer.parseInt(steps[++i]))
                    : at.withObjectProperty(steps[i]);
        }
        at.set(steps[steps.length - 1], Json.node(value));
        return this;
    }

    /** Sets an annotation. */
    public Manifest annotation(String annotation, String value) {
        object.withObjectProperty("metadata").withObjectProperty("annotations").put(annotation, value);
        return this;
    }

    String name() {
        return object.path("metadata").path("name").asText();
    }

    static String list(List<Manifest> manifests) {
        return Json.text(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "List",
                "items",
                manifests.stream().map(m -> m.object).toList()));
    }
}
