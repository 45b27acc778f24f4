package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.FakePod;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestNamespace;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever JSON a payload is: a worker in a pod of its own and a warm one get the value that the API server has taken. */
@ClusterTest
class PayloadIT {
    private static final Duration PATIENT = Duration.ofMinutes(3);
    private static final int LARGEST = 32 * 1024;

    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private static Map<String, String> payloads() {
        var payloads = new LinkedHashMap<String, String>();
        payloads.put("null", "null");
        payloads.put("text", "\"order 1042\"");
        payloads.put("empty-text", "\"\"");
        payloads.put("number", "-0");
        payloads.put("fraction", "-0.0");
        payloads.put("long", "9223372036854775807");
        payloads.put("longer", "[9223372036854775808, 12345678901234567890123, 1e22, 1E-7, 0.10, 1e308, 5e-324]");
        payloads.put("expansions", "{\"$(HOME)\": \"$(SYNCJOB_NAME) $$(X) $$$(Y) $( $) $$ $()\"}");
        payloads.put("escapes", "\"\\u0000\\u0001\\u001b[2J\\u007f\\u0085\\u2028\\u2029\\ufeff\\/\\\"\\\\\"");
        payloads.put("surrogates", "[\"\\ud83d\\ude00\", \"😀\", \"\\ud83d\", \"\\ude00\\ud83d\"]");
        payloads.put("keys", "{\"\": 1, \" \": {\"\": null}, \"a.b/c\": [], \"ü\": {}, \"__proto__\": 1, \"\\n\": 2}");
        payloads.put(
                "template", "{\"spec\": {\"containers\": [{\"name\": \"${x}\", \"image\": \"{{ .Values.x }}\"}]}}");
        payloads.put("lines", "\"a\\r\\nb\\tc\\n\\n# --- %s %n `id` $(id) ; & | > < ' * ?\"");
        payloads.put("deep", "[".repeat(400) + "]".repeat(400));
        payloads.put("largest", "\"" + "x".repeat(LARGEST - 2) + "\"");
        payloads.put("largest-of-two-bytes", "\"" + "ü".repeat((LARGEST - 2) / 2) + "\"");
        payloads.put("largest-of-four-bytes", "[\"" + "😀".repeat((LARGEST - 4) / 4) + "\"]");
        payloads.put("largest-expansions", "\"" + "$(A)".repeat((LARGEST - 2) / 4) + "\"");
        return payloads;
    }

    @Test
    void aPayloadArrivesAsTheValueThatTheApiServerHasTaken(TestNamespace here) throws Exception {
        here.apply(pool("warm").spec("handler.path", "/tell/{action}").spec("slots", 4));
        here.apply(
                queue("warm").spec("workerPool", "warm"),
                queue("own")
                        .spec("capacity", 4)
                        .spec("template.spec.containers", List.of(Manifest.container(Images.TEST_WORKER, "payload"))));
        payloads().forEach((name, payload) -> {
            for (var queue : List.of("warm", "own")) here.post("syncjobs", text(queue, name, payload));
        });

        for (var name : payloads().keySet()) {
            for (var queue : List.of("own", "warm")) {
                var done = here.job(queue + "-" + name).await(State.DONE, PATIENT);
                var taken = EXACT.readTree(here.kubectl(
                                "get",
                                "--raw",
                                "/apis/syncjobs.io/v1alpha1/namespaces/" + here.name() + "/syncjobs/" + queue + "-"
                                        + name))
                        .at("/spec/payload");
                assertArrived(queue + "-" + name, taken, done.result());
            }
        }
    }

    private static String text(String queue, String name, String payload) {
        return """
                {"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncJob", "metadata": {"name": "%s-%s"},
                 "spec": {"queue": "%s", "action": "tell", "payload": %s}}""".formatted(queue, name, queue, payload);
    }

    private static void assertArrived(String what, JsonNode taken, JsonNode told) throws Exception {
        if (told.has("base64")) {
            var arrived = EXACT.readTree(told.path("base64").binaryValue());
            assertThat(arrived).as(what).isEqualTo(taken.isMissingNode() ? EXACT.nullNode() : taken);
        } else {
            // A text is written in one way only, where nothing in it must be escaped.
            var compact = EXACT.writeValueAsString(taken).getBytes(UTF_8);
            assertThat(told.path("bytes").asInt())
                    .as(what)
                    .isEqualTo(compact.length)
                    .isLessThanOrEqualTo(LARGEST);
            assertThat(told.path("sha256").asText()).as(what).isEqualTo(sha256(compact));
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aPayloadThatNoWorkerCanReadEndsItsJobAlone(TestNamespace here) {
        here.apply(queue("own")
                .spec("template.spec.containers", List.of(Manifest.container(Images.TEST_WORKER, "payload"))));
        here.post("syncjobs", text("own", "too-deep", "[".repeat(9_000) + "]".repeat(9_000)));
        here.post("syncjobs", text("own", "too-long", "\"" + "😀".repeat(LARGEST / 4) + "\""));
        here.post("syncjobs", text("own", "next", "{}"));

        for (var job : here.jobs("own-too-deep", "own-too-long"))
            assertThat(job.await(State.FAILED).reason()).isEqualTo("PayloadTooLarge");
        here.job("own-next").await(State.DONE);
    }

    /** Whoever may annotate a job may write what he likes; nobody's terminal shows it, and the job runs. */
    @Test
    void annotationsOfAnySizeAndContentHinderNothing(TestNamespace here) {
        here.create(job("long")
                .annotation("syncjobs.io/set-done", "\u001b[2J\u0007" + "ü".repeat(100_000))
                .worker("hang"));
        here.create(job("trace")
                .annotation("traceparent", "\r\nX: 1" + "z".repeat(200_000))
                .worker("exit=0"));

        var set = here.job("long").await(State.DONE);
        assertThat(set.reason()).isEqualTo("ManuallySetDone");
        assertThat(set.message().getBytes(UTF_8).length).isLessThan(8_192);
        here.job("trace").await(State.DONE);
        var shown = here.kubectl("describe", "syncjobs") + here.kubectl("get", "events", "-o", "yaml");
        assertThat(here.kubectl("get", "syncjobs", "-o", "jsonpath={.items[*].status}"))
                .doesNotContain("\u001b", "\u0007", "\\u001b");
        assertThat(here.kubectl("get", "events", "-o", "jsonpath={.items[*].message}"))
                .doesNotContain("\u001b", "\u0007");
        assertThat(shown).isNotEmpty();
    }

    /** Containers beside the worker: who is blamed, and with whose words. */
    @Test
    void aContainerBeforeTheWorkerIsNamedWithItsOwnWords(TestNamespace here) {
        here.apply(
                before("says", List.of("message=the database is not migrated", "exit=3"), Map.of()),
                before(
                        "reports",
                        List.of("message={\"type\": \"Locked\", \"message\": \"order 7\", \"done\": true}", "exit=1"),
                        Map.of()),
                before("waits", List.of("message={\"retryAfterSeconds\": 0}", "exit=75"), Map.of())
                        .spec("retry.limit", 1),
                before("silent", List.of("exit=4"), Map.of()),
                before("memory", List.of(), Map.of("resources", Map.of("limits", Map.of("memory", "48Mi"))))
                        .spec("template.spec.schedulerName", "nobody"),
                before("beside", List.of("exit=1"), Map.of("restartPolicy", "Always")),
                before(
                        "never-ready",
                        List.of("hang"),
                        Map.of(
                                "restartPolicy",
                                "Always",
                                "startupProbe",
                                Map.of("exec", Map.of("command", List.of("/nothing")), "failureThreshold", 100))));

        // By hand: a real runtime on a busy machine may never tell that memory was the cause.
        FakePod.of(here, here.job("memory"), 1).initExits("before", 137, "OOMKilled");

        var says = here.job("says").await(State.FAILED, PATIENT);
        assertThat(says.text("error.message")).isEqualTo("the database is not migrated");
        assertThat(says.text("error.resolution")).contains("Init container before failed");
        assertThat(says.number("error.exitCode")).isEqualTo(3);
        var reports = here.job("reports").await(State.FAILED, PATIENT);
        assertThat(reports.text("error.type")).isEqualTo("Locked");
        assertThat(reports.text("error.message")).isEqualTo("order 7");
        var waits = here.job("waits").await(State.FAILED, PATIENT);
        assertThat(waits.reason()).isEqualTo("RetriesExhausted");
        assertThat(waits.outcomes()).containsExactly("Retried", "Failed");
        var silent = here.job("silent").await(State.FAILED, PATIENT);
        assertThat(silent.text("error.message")).contains("before");
        assertThat(silent.text("error.resolution")).contains("-c before");
        var memory = here.job("memory").await(State.FAILED, PATIENT);
        assertThat(memory.reason()).as(memory.json().toPrettyString()).isEqualTo("OutOfMemory");
        assertThat(memory.text("error.resolution")).contains("container before");
        here.job("beside").await(State.DONE, PATIENT);
        here.job("never-ready")
                .await(
                        "it names its sidecar",
                        PATIENT,
                        status -> status.message().contains("init container before"));
    }

    private static Manifest before(String name, List<String> args, Map<String, Object> more) {
        var container =
                new LinkedHashMap<String, Object>(Map.of("name", "before", "image", Images.TEST_WORKER, "args", args));
        container.putAll(more);
        return job(name).worker("exit=0").spec("template.spec.initContainers", List.of(container));
    }
}
