package io.syncjobs.kube;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The API server over the JDK's own HTTP client: for a process that makes a few requests and one watch, and has to be small.
 * Every request is sent once.
 */
public final class PlainApi implements StreamApi {
    private static final int LONGEST_ANSWER = 8 * 1024 * 1024;
    private static final int LONGEST_REFUSAL = 64 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ClusterAccess access;
    private final Duration timeout;
    private volatile HttpClient http;

    /** {@code timeout} bounds each request but watches. */
    public PlainApi(ClusterAccess access, Duration timeout) {
        this.access = access;
        this.timeout = timeout;
        http = newClient();
    }

    private HttpClient newClient() {
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        access.trust().ifPresent(builder::sslContext);
        return builder.build();
    }

    @Override
    public byte[] get(String path) {
        return get(path, LONGEST_ANSWER)
                .orElseThrow(() ->
                        new ApiException(0, "the answer to GET " + path + " is over " + LONGEST_ANSWER + " bytes"));
    }

    @Override
    public Optional<byte[]> get(String path, int most, Duration patience) {
        return send("GET", path, "application/json", null, most, patience.compareTo(timeout) < 0 ? patience : timeout);
    }

    @Override
    public Optional<byte[]> metadata(String path, int most) {
        throw new UnsupportedOperationException("a worker lists its own jobs, and these whole: " + path);
    }

    @Override
    public byte[] create(String path, byte[] object) {
        return write("POST", path, "application/json", object);
    }

    @Override
    public byte[] patch(String path, byte[] changes) {
        return write("PATCH", path, "application/merge-patch+json", changes);
    }

    @Override
    public byte[] delete(String path, byte[] options) {
        return write("DELETE", path, "application/json", options);
    }

    private byte[] write(String method, String path, String contentType, byte[] body) {
        var named = path + (path.contains("?") ? "&" : "?") + "fieldManager=" + FIELD_MANAGER;
        return send(method, named, contentType, body, LONGEST_ANSWER, timeout)
                .orElseThrow(() -> new ApiException(0, "the answer to " + method + " " + path + " is too long"));
    }

    private Optional<byte[]> send(
            String method, String path, String contentType, byte @Nullable [] body, int most, Duration patience) {
        var bounded = BodyHandlers.limiting(BodyHandlers.ofByteArray(), most);
        try {
            var answer = exchange(method, path, contentType, body, bounded, patience);
            if (answer.statusCode() / 100 != 2) throw HttpApi.refusal(answer.statusCode(), answer.body());
            return Optional.of(answer.body());
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("body exceeds capacity")) return Optional.empty();
            throw failed(method, path, e);
        }
    }

    @Override
    public InputStream stream(String path) {
        try {
            var answer = exchange("GET", path, "application/json", null, BodyHandlers.ofInputStream(), timeout);
            if (answer.statusCode() / 100 == 2) return answer.body();
            try (var in = answer.body()) {
                throw HttpApi.refusal(answer.statusCode(), in.readNBytes(LONGEST_REFUSAL));
            }
        } catch (IOException e) {
            throw failed("GET", path, e);
        }
    }

    private <T> HttpResponse<T> exchange(
            String method,
            String path,
            String contentType,
            byte @Nullable [] body,
            BodyHandler<T> handler,
            Duration patience)
            throws IOException {
        var answer = once(request(method, path, contentType, body), handler, patience);
        if (answer.statusCode() != 401) return answer;
        if (answer.body() instanceof InputStream in) in.close();
        // The token was replaced since it was read: nothing was done.
        access.forgetToken();
        return once(request(method, path, contentType, body), handler, patience);
    }

    /** The client's own timeout ends with the head of the answer. */
    private <T> HttpResponse<T> once(HttpRequest request, BodyHandler<T> handler, Duration patience)
            throws IOException {
        var answer = http.sendAsync(request, handler);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // The cluster may have a new authority.
            if (e.getCause() instanceof SSLException) http = newClient();
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static ApiException failed(String method, String path, IOException e) {
        return new ApiException(method + " " + path + " failed: " + e, e);
    }

    private HttpRequest request(String method, String path, String contentType, byte @Nullable [] body) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        var builder = HttpRequest.newBuilder(URI.create(access.server() + path))
                .header("Accept", "application/json")
                .method(method, publisher);
        if (body != null) builder.header("Content-Type", contentType);
        access.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        return builder.build();
    }
}
