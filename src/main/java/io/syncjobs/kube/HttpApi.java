package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The API server over the connections of the library's client. The client's own patch reads the object before each write; these are
 * one request each. Writes of status, of which there are several for each job, take connections of their own: those of the client
 * pass each request through its event loop and many layers, which takes 0.4 ms of processor more for each job.
 */
final class HttpApi implements Api, Apply {
    private static final long TIMEOUT_SECONDS = PATIENCE.toSeconds();

    private static final String ANYTHING = "*/*";
    private static final String METADATA_LIST =
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final String NOT_OF_THE_SCHEMA = "failed to create typed patch object";

    /** Repeats what failed on the way: for reads. */
    private final HttpClient http;

    /** The same for lists that size their pages themselves. */
    private final HttpClient pages;

    /** Sends once: a write that is repeated unseen may meet its own first try, and look as if somebody else had been faster. */
    private final HttpClient once;

    /** Sends writes of status; empty if only the client itself knows how to reach the API server. */
    private final Optional<PlainApi> direct;

    private final String base;

    HttpApi(KubernetesClient client, Client.Answered answered) {
        http = client.getHttpClient();
        pages = http.newBuilder().addOrReplaceInterceptor(PageLimits.NAME, null).build();
        once = http.newBuilder()
                .tag(new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        direct = ClientAccess.of(client.getConfiguration()).map(access -> new PlainApi(access, PATIENCE, answered));
        base = client.getMasterUrl().toString().replaceAll("/+$", "");
    }

    @Override
    public byte[] get(String path) {
        return send("GET", path, JSON, null);
    }

    @Override
    public byte[] create(String path, byte[] object) {
        return send("POST", path, JSON, object);
    }

    @Override
    public byte[] patch(String path, byte[] changes) {
        return send("PATCH", path, MERGE, changes, JSON);
    }

    @Override
    public byte[] patchForMetadata(String path, byte[] changes) {
        if (direct.isPresent()) {
            try {
                return direct.get().patchForMetadata(path, changes);
            } catch (ApiException e) {
                // The client renews a token that has run out.
                if (e.code() != HttpURLConnection.HTTP_UNAUTHORIZED) throw e;
            }
        }
        return send("PATCH", path, MERGE, changes, METADATA_ONLY);
    }

    @Override
    public byte[] apply(String path, byte[] object) {
        var query = "?fieldManager=" + FIELD_MANAGER + "&force=true&fieldValidation=Strict";
        try {
            return send("PATCH", path + query, "application/apply-patch+yaml", object);
        } catch (ApiException e) {
            // Of an unknown field, or of two entries with one name, the API server says that it has failed itself.
            var isObjects = e.code() == 500 && e.getMessage().startsWith(NOT_OF_THE_SCHEMA);
            throw isObjects ? new ApiException(422, "Invalid", e.getMessage()) : e;
        }
    }

    @Override
    public byte[] delete(String path, byte[] options) {
        return send("DELETE", path, JSON, options);
    }

    private byte[] send(String method, String path, String contentType, byte @Nullable [] body) {
        return send(method, path, contentType, body, JSON);
    }

    private byte[] send(String method, String path, String contentType, byte @Nullable [] body, String accept) {
        // As text: where a token has run out the client sends it a second time.
        var request = http.newHttpRequestBuilder()
                .uri(base + (contentType.equals(MERGE) ? Api.with(path, UNCHECKED) : path))
                .method(method, contentType, body == null ? null : new String(body, UTF_8))
                .header("Accept", accept)
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        var sender = method.equals("GET") ? http : once;
        var answer = await(method + " " + path, sender.sendAsync(request, byte[].class), TIMEOUT_SECONDS + 5);
        var bytes = answer.body() == null ? new byte[0] : answer.body();
        if (!answer.isSuccessful()) throw refusal(answer.code(), bytes);
        return bytes;
    }

    @Override
    public Optional<byte[]> get(String path, int most, Duration patience) {
        return head(path, ANYTHING, most, patience);
    }

    @Override
    public Optional<byte[]> metadata(String path, int most) {
        return head(path, METADATA_LIST, most, PATIENCE);
    }

    private Optional<byte[]> head(String path, String accept, int most, Duration patience) {
        var head = new Head(most);
        var answer = stream(path, accept, head, patience.toSeconds());
        if (head.isFull()) return Optional.empty();
        if (!HttpResponse.isSuccessful(answer.code())) throw refusal(answer.code(), head.bytes());
        return Optional.of(head.bytes());
    }

    /** Takes what comes; false: no more of it. */
    private interface Sink {
        boolean add(ByteBuffer buffer);
    }

    private HttpResponse<AsyncBody> stream(String path, String accept, Sink sink, long seconds) {
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(base + path)
                .header("Accept", accept)
                .timeout(seconds, TimeUnit.SECONDS)
                .build();
        var end = new CompletableFuture<Boolean>();
        var begins = pages.consumeBytes(request, (buffers, body) -> take(buffers, body, sink, end));
        HttpResponse<AsyncBody> answer;
        try {
            answer = await("GET " + path, begins, seconds);
        } catch (ApiException e) {
            // Nobody waits for what comes later, and it would keep its connection.
            var _ = begins.whenComplete((late, error) -> {
                if (late != null) late.body().cancel();
            });
            throw e;
        }
        var told = answer.body().done().whenComplete((done, error) -> {
            if (error == null) end.complete(true);
            else end.completeExceptionally(error);
        });
        answer.body().consume();
        var whole = false;
        try {
            whole = await("GET " + path, end, seconds);
        } finally {
            told.cancel(false);
            if (!whole) answer.body().cancel();
        }
        return answer;
    }

    private static void take(List<ByteBuffer> buffers, AsyncBody body, Sink sink, CompletableFuture<Boolean> end) {
        for (var buffer : buffers) {
            if (!sink.add(buffer)) {
                end.complete(false);
                return;
            }
        }
        body.consume();
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

    static ApiException refusal(int code, byte[] body) {
        try {
            var status = Json.mapper().readTree(body);
            if (status.path("message").isTextual())
                return new ApiException(
                        code,
                        status.path("reason").asText(),
                        status.path("message").asText());
        } catch (IOException e) {
            // a proxy in between answered in its own words
        }
        var text = new String(body, UTF_8);
        return new ApiException(code, text.isBlank() ? "HTTP " + code : text);
    }

    /** The first bytes of an answer, and whether there were more. */
    private static final class Head implements Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;
        private boolean full;

        Head(int most) {
            this.most = most;
        }

        @Override
        public synchronized boolean add(ByteBuffer buffer) {
            if (bytes.size() + buffer.remaining() > most) {
                full = true;
                return false;
            }
            var chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.writeBytes(chunk);
            return true;
        }

        synchronized boolean isFull() {
            return full;
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
