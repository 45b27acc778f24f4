package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/** An API server that answers as a test says, and notes what it was asked. */
public final class StubApi implements AutoCloseable {
    /** A request; the body is a missing node where there was none. */
    public record Request(String method, String path, JsonNode body) {
        /** True for a request that only asks whether a write would be taken. */
        public boolean isDryRun() {
            return path.contains("dryRun=All");
        }

        /** True for one that changes something. */
        public boolean isWrite() {
            return !method.equals("GET") && !isDryRun();
        }

        /** The value of a body's field, empty where it is not set. */
        public String field(String pointer) {
            return body.at(pointer).asText("");
        }
    }

    /** An answer; every one but a success has its reason as its message. */
    public record Answer(int code, String body) {
        /** The words of an API server that does not do it. */
        public static Answer refusal(int code, String reason) {
            return new Answer(
                    code,
                    Json.object().put("reason", reason).put("message", reason).toString());
        }

        /** Any object, as JSON. */
        public static Answer object(Object object) {
            return new Answer(200, Json.mapper().valueToTree(object).toString());
        }

        /** To a patch or a create: what it sends becomes the object, under the next version. */
        public static Answer taken(Request request) {
            var object = request.body().isObject() ? (ObjectNode) request.body().deepCopy() : Json.object();
            var meta = object.withObject("/metadata");
            meta.put(
                    "resourceVersion",
                    Long.toString(meta.path("resourceVersion").asLong(0) + 1));
            if (!meta.has("name"))
                meta.put(
                        "name",
                        request.path().replaceAll("(/status)?(\\?.*)?$", "").replaceAll(".*/", ""));
            if (request.path().contains("/syncjobs/")) {
                meta.put("namespace", "shop").put("creationTimestamp", "2026-03-01T11:00:00Z");
                object.withObject("/spec").put("action", "export.order");
                if (!object.at("/status/state").isTextual())
                    object.withObject("/status").put("state", "Pending");
            }
            return new Answer(200, object.toString());
        }
    }

    /** On every write; left out of what a test sees of it. */
    private static final String MANAGER = "fieldManager=syncjobs";

    /** On every merge patch; left out as well. */
    private static final String UNCHECKED = "fieldValidation=Ignore";

    private final HttpServer server;
    private final KubernetesClient client;
    private final Api api;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public StubApi(Function<Request, Answer> answers) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                var uri = exchange.getRequestURI().toString();
                var request = new Request(
                        exchange.getRequestMethod(),
                        uri.replaceAll("[?&](" + MANAGER + "|" + UNCHECKED + ")", ""),
                        Json.mapper().readTree(exchange.getRequestBody()));
                requests.add(request);
                var nameless = !uri.contains(MANAGER)
                        && List.of("POST", "PATCH", "PUT").contains(request.method());
                var answer = nameless ? Answer.refusal(400, "who writes?") : answers.apply(request);
                var bytes = answer.body().getBytes(UTF_8);
                var accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
                if (answer.code() == 200 && accept.contains("protobuf")) bytes = ProtobufList.of(bytes);
                exchange.sendResponseHeaders(answer.code(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        client = Client.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
        api = Api.of(client);
    }

    public KubernetesClient client() {
        return client;
    }

    public Api api() {
        return api;
    }

    /** What it was asked so far, as wanted. */
    public List<Request> requests(Predicate<Request> wanted) {
        return requests.stream().filter(wanted).toList();
    }

    /** A job of the namespace {@code shop}, as it was at some version. */
    public static SyncJob job(String name, long version, SyncJobSpec spec, SyncJobStatus status) {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withResourceVersion(Long.toString(version))
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .build());
        job.setSpec(spec);
        job.setStatus(status);
        return job;
    }

    /** A pod of the namespace {@code shop} with one container, of which nothing has been told yet. */
    public static PodBuilder pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .withUid("pod-uid")
                .withResourceVersion("7")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("worker")
                .endContainer()
                .endSpec();
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
