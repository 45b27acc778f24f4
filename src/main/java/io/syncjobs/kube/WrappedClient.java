package io.syncjobs.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A client that passes everything on to another one, and so do the clients that are derived from it. */
abstract class WrappedClient implements HttpClient {
    private final HttpClient http;

    WrappedClient(HttpClient http) {
        this.http = http;
    }

    /** Wraps a derived client as this one wraps its own. */
    abstract HttpClient wrap(HttpClient derived);

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, Class<T> type) {
        return http.sendAsync(request, type);
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytes(
            HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        return http.consumeBytes(request, consumer);
    }

    @Override
    public DerivedClientBuilder newBuilder() {
        return new Derived(http.newBuilder(), this::wrap);
    }

    private record Derived(DerivedClientBuilder builder, UnaryOperator<HttpClient> wrap)
            implements DerivedClientBuilder {
        @Override
        public HttpClient build() {
            return wrap.apply(builder.build());
        }

        @Override
        public DerivedClientBuilder addOrReplaceInterceptor(String name, Interceptor interceptor) {
            return new Derived(builder.addOrReplaceInterceptor(name, interceptor), wrap);
        }

        @Override
        public DerivedClientBuilder authenticatorNone() {
            return new Derived(builder.authenticatorNone(), wrap);
        }

        @Override
        public DerivedClientBuilder tag(Object value) {
            return new Derived(builder.tag(value), wrap);
        }
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return http.newWebSocketBuilder();
    }

    @Override
    public HttpRequest.Builder newHttpRequestBuilder() {
        return http.newHttpRequestBuilder();
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public boolean isClosed() {
        return http.isClosed();
    }
}
