package io.syncjobs.faults;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.RestrictedPod;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The system outside that the handlers work in: what it has noted happened, whatever the API server says of the jobs. */
final class Shop {
    private static final String NAME = "outside";
    private static final int PORT = 8080;

    private final TestNamespace namespace;
    private final String address;

    private Shop(TestNamespace namespace, String address) {
        this.namespace = namespace;
        this.address = address;
    }

    /** One attempt as the shop has seen it; without an end the process that made it is gone, or hangs. */
    record Visit(String job, int attempt, String pod, long begin, OptionalLong end, int effects) {
        /** True where the other one of the same job had begun when this one had not ended. */
        boolean overlaps(Visit later) {
            return attempt < later.attempt && end.isPresent() && later.begin < end.getAsLong();
        }
    }

    /** Opens one, in a pod of its own; see src/test/images/testworker/shop.go. */
    static Shop open(TestNamespace namespace) {
        var pods = namespace.cluster().client().pods().inNamespace(namespace.name());
        // It serves all workers, and without a request it would get next to nothing beside them.
        pods.resource(RestrictedPod.of(namespace, NAME, "shop", "shop=" + PORT)
                        .editSpec()
                        .editFirstContainer()
                        .withNewResources()
                        .addToRequests("cpu", new Quantity("200m"))
                        .endResources()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        namespace.kubectl("wait", "--for=condition=Ready", "pod/" + NAME, "--timeout=120s");
        var ip = namespace.kubectl("get", "pod", NAME, "-o=jsonpath={.status.podIP}");
        var shop = new Shop(namespace, "http://" + ip + ":" + PORT + "/");
        Waiting.until("the shop answers", () -> shop.answer() != null, namespace::describe);
        return shop;
    }

    /** Where handlers reach it. */
    String address() {
        return address;
    }

    private @Nullable String answer() {
        var path = "/api/v1/namespaces/" + namespace.name() + "/pods/" + NAME + ":" + PORT + "/proxy/";
        return namespace.cluster().client().raw(path);
    }

    /** All visits so far, by their job. */
    Map<String, List<Visit>> visits() {
        var text = answer();
        if (text == null) throw new AssertionError("the shop does not answer");
        var attempts = StreamSupport.stream(Json.read(text).spliterator(), false)
                .collect(groupingBy(note -> note.path("job").asText() + " "
                        + note.path("attempt").asText() + " " + note.path("pod").asText()));
        return attempts.values().stream().map(Shop::visit).collect(groupingBy(Visit::job));
    }

    private static Visit visit(List<JsonNode> notes) {
        var first = notes.getFirst();
        var end = notes.stream()
                .filter(note -> !note.path("what").asText().equals("begin"))
                .mapToLong(note -> note.path("micros").asLong())
                .max();
        var effects = notes.stream()
                .filter(note -> note.path("what").asText().equals("effect"))
                .count();
        return new Visit(
                first.path("job").asText(),
                first.path("attempt").asInt(),
                first.path("pod").asText(),
                first.path("micros").asLong(),
                end,
                (int) effects);
    }
}
