package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The requests that SyncJobs sends to the API server, as JSON. The client's own patch reads the object before each write;
 * these are one request each, over the same connections and credentials.
 */
final class Api {
    private static final long TIMEOUT_SECONDS = 30;

    /** A log that comes later than this is not worth holding up its job: its node may be silent. */
    private static final long LOG_TIMEOUT_SECONDS = 10;

    /** Repeats what failed on the way: for reads. */
    private final HttpClient http;

    /** Sends once: a write that is repeated unseen may meet its own first try, and look as if somebody else had been faster. */
    private final HttpClient once;

    private final String base;
    private final ObjectMapper json = Json.mapper();

    Api(KubernetesClient client) {
        http = client.getHttpClient();
        once = http.newBuilder()
                .tag(new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        base = client.getMasterUrl().toString().replaceAll("/+$", "");
    }

    /** A merge patch: the changed fields, with metadata.resourceVersion where it must not overwrite others' changes. */
    JsonNode patch(String path, JsonNode changes) {
        return send("PATCH", path, "application/merge-patch+json", changes);
    }

    JsonNode create(String path, JsonNode object) {
        return send("POST", path, "application/json", object);
    }

    JsonNode delete(String path, JsonNode options) {
        return send("DELETE", path, "application/json", options);
    }

    JsonNode get(String path) {
        return send("GET", path, "application/json", null);
    }

    private JsonNode send(String method, String path, String contentType, @Nullable JsonNode body) {
        var request = http.newHttpRequestBuilder()
                .uri(base + path)
                .method(method, contentType, body == null ? null : body.toString())
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        var sender = method.equals("GET") ? http : once;
        var answer = await(method + " " + path, sender.sendAsync(request, byte[].class), TIMEOUT_SECONDS + 5);
        var text = answer.body() == null ? "" : new String(answer.body(), StandardCharsets.UTF_8);
        if (!answer.isSuccessful()) throw refusal(answer.code(), text);
        return parse(text);
    }

    /** The last bytes of a response that may be long, read as it comes. */
    byte[] tail(String path, int bytes) {
        HttpRequest request = http.newHttpRequestBuilder().uri(base + path).build();
        var tail = new Tail(bytes);
        var answer = await(
                "GET " + path,
                once.consumeBytes(request, (buffers, body) -> {
                    buffers.forEach(tail::add);
                    body.consume();
                }),
                LOG_TIMEOUT_SECONDS);
        answer.body().consume();
        try {
            await("GET " + path, answer.body().done(), LOG_TIMEOUT_SECONDS);
        } catch (ApiException e) {
            answer.body().cancel();
            throw e;
        }
        if (!HttpResponse.isSuccessful(answer.code())) {
            throw refusal(answer.code(), new String(tail.bytes(), StandardCharsets.UTF_8));
        }
        return tail.bytes();
    }

    private static <T> T await(String what, CompletableFuture<T> answer, long seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new ApiException(what + " failed: " + e.getCause(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new ApiException(what + ": no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(what + ": interrupted", e);
        }
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ApiException("the API server's answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private ApiException refusal(int code, String text) {
        try {
            var status = json.readTree(text);
            if (status.path("message").isTextual())
                return new ApiException(
                        code,
                        status.path("reason").asText(),
                        status.path("message").asText());
        } catch (JsonProcessingException e) {
            // a proxy in between answered in its own words
        }
        return new ApiException(code, text.isBlank() ? "HTTP " + code : text);
    }
}
