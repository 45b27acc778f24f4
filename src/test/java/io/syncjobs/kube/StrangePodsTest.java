package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.PodNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows for a job, and that the API server takes the status that says so: src/test/resources/strange-pods.txt has the pods. */
class StrangePodsTest {
    private static final Path PODS = Path.of("src/test/resources/strange-pods.txt");
    private static final Path CRD = Path.of("crds/syncjobs.syncjobs.io-v1.yml");

    /** A line of the file. */
    record Case(String state, String spec, String metadata, String status, List<String> then) {
        static Case of(String line) {
            var columns = line.split(" *\\| *", 5);
            return new Case(columns[0], columns[1], columns[2], columns[3], List.of(columns[4].split(", ")));
        }
    }

    static List<Case> cases() throws IOException {
        try (var lines = Files.lines(PODS)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStrangePodLeadsToAStatusThatSaysWhatIsTheCase(Case one) throws IOException {
        var job = one.state().equals("STARTED") ? Given.started("a") : Given.enqueued("a");

        var step = Lifecycle.next(Given.seen(job, PodViews.of(Pruned.of(pod(one)))));

        assertThat(step).isInstanceOf(Step.Change.class);
        var next = Statuses.after(job, (Step.Change) step, Given.NOW);
        assertThat(told(next)).contains(one.then());
        var tree = Json.treeOf(next);
        Json.clean(tree);
        hold(tree, schema(), "status");
    }

    private static String told(SyncJobStatus status) {
        var error = status.error();
        return status.state() + " " + status.reason() + " since " + status.startedTime() + ": " + status.message() + " "
                + (error == null ? "" : error.resolution());
    }

    private static Pod pod(Case one) {
        var pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        var metadata = tree(one.metadata())
                .put("name", PodNames.of(Given.job("a"), 1))
                .put("uid", "pod-uid")
                .put("resourceVersion", "7")
                .put("creationTimestamp", "2026-03-01T11:59:56Z");
        metadata.putObject("labels").put("syncjobs.io/attempt", "1");
        pod.set("metadata", metadata);
        var spec = tree(one.spec()).put("restartPolicy", "Never");
        spec.putArray("containers").addObject().put("name", "worker");
        pod.set("spec", spec);
        pod.set("status", tree(one.status()));
        return Json.value(pod, Pod.class);
    }

    private static ObjectNode tree(String yaml) {
        var timed = yaml.replace(": S,", ": \"2026-03-01T11:59:57Z\",")
                .replace(": S}", ": \"2026-03-01T11:59:57Z\"}")
                .replace(": F}", ": \"2026-03-01T11:59:59Z\"}")
                .replace(": D,", ": \"2026-03-01T12:00:28Z\",");
        // What begins with a brace is taken for JSON.
        return yaml.isBlank()
                ? Json.object()
                : (ObjectNode) Json.treeOf(Serialization.unmarshal("---\n" + timed, Map.class));
    }

    private static JsonNode schema() throws IOException {
        return Json.treeOf(Serialization.unmarshal(Files.readString(CRD), Map.class))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/status");
    }

    /** Holds a value against the bounds of its schema. */
    private static void hold(JsonNode value, JsonNode schema, String path) {
        if (value.isTextual() && schema.has("maxLength"))
            assertThat(value.asText().codePoints().count())
                    .as(path)
                    .isLessThanOrEqualTo(schema.path("maxLength").asLong());
        if (value.isNumber() && schema.has("minimum"))
            assertThat(value.asDouble())
                    .as(path)
                    .isGreaterThanOrEqualTo(schema.path("minimum").asDouble());
        if (value.isNumber() && schema.has("maximum"))
            assertThat(value.asDouble())
                    .as(path)
                    .isLessThanOrEqualTo(schema.path("maximum").asDouble());
        for (var item : value.isArray() ? value : Json.object()) hold(item, schema.path("items"), path + "[]");
        if (value.isObject())
            value.properties()
                    .forEach(field -> hold(
                            field.getValue(),
                            schema.path("properties").path(field.getKey()),
                            path + "." + field.getKey()));
    }
}
