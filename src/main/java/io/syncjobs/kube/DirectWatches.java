package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Watches over connections of their own, one line for each event. The library's informers watch over web sockets; they are given one
 * that reads such a connection. The event loop and the layers of the client would take more time for each event than reading it.
 */
final class DirectWatches extends WrappedClient {
    /** While a watch lasts, at least a bookmark arrives each minute. A connection that leads nowhere is not noticed otherwise. */
    private static final Duration SILENCE = Duration.ofSeconds(90);

    private static final int NORMAL = 1000;

    private final PlainApi direct;

    DirectWatches(HttpClient http, PlainApi direct) {
        super(http);
        this.direct = direct;
    }

    @Override
    HttpClient wrap(HttpClient derived) {
        return new DirectWatches(derived, direct);
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return new Builder(super.newWebSocketBuilder(), direct);
    }

    private static final class Builder implements WebSocket.Builder {
        private final WebSocket.Builder client;
        private final PlainApi direct;
        private URI address = URI.create("");

        Builder(WebSocket.Builder client, PlainApi direct) {
            this.client = client;
            this.direct = direct;
        }

        @Override
        public CompletableFuture<WebSocket> buildAsync(WebSocket.Listener listener) {
            if (!String.valueOf(address.getRawQuery()).contains("watch=true")) return client.buildAsync(listener);
            var built = new CompletableFuture<WebSocket>();
            Thread.ofVirtual().name("watch").start(() -> follow(listener, built));
            return built;
        }

        private void follow(WebSocket.Listener listener, CompletableFuture<WebSocket> built) {
            Watch watch;
            try {
                var stream = direct.stream(address.getRawPath() + "?" + address.getRawQuery(), SILENCE);
                watch = new Watch(stream, listener);
            } catch (RuntimeException e) {
                // The client renews a token that has run out, and tells of a refusal in its own way.
                var _ = client.buildAsync(listener).whenComplete((socket, error) -> {
                    if (error != null) built.completeExceptionally(error);
                    else if (!built.complete(socket)) socket.sendClose(NORMAL, "not wanted any more");
                });
                return;
            }
            listener.onOpen(watch);
            if (built.complete(watch)) watch.read();
            else watch.sendClose(NORMAL, "not wanted any more");
        }

        @Override
        public WebSocket.Builder subprotocol(String protocol) {
            client.subprotocol(protocol);
            return this;
        }

        @Override
        public WebSocket.Builder header(String name, String value) {
            client.header(name, value);
            return this;
        }

        @Override
        public WebSocket.Builder setHeader(String name, String value) {
            client.setHeader(name, value);
            return this;
        }

        @Override
        public WebSocket.Builder uri(URI uri) {
            address = uri;
            client.uri(uri);
            return this;
        }

        @Override
        public WebSocket.Builder connectTimeout(long timeout, TimeUnit unit) {
            client.connectTimeout(timeout, unit);
            return this;
        }
    }

    /** What the API server tells, as messages. The next one is handed over when it is asked for. */
    private static final class Watch implements WebSocket {
        private final InputStream in;
        private final Listener listener;
        private final Semaphore asked = new Semaphore(1);
        private volatile boolean closed;

        Watch(InputStream in, Listener listener) {
            this.in = in;
            this.listener = listener;
        }

        /** Until one side ends it. */
        void read() {
            try (in) {
                EventLines.each(in, line -> {
                    asked.acquireUninterruptibly();
                    if (closed) return false;
                    listener.onMessage(this, new String(line, UTF_8));
                    return true;
                });
                listener.onClose(this, NORMAL, "the watch has ended");
            } catch (IOException | RuntimeException e) {
                if (closed) listener.onClose(this, NORMAL, "it was closed");
                else listener.onError(this, e);
            }
        }

        @Override
        public void request() {
            asked.release();
        }

        @Override
        public boolean sendClose(int code, String reason) {
            if (closed) return false;
            closed = true;
            asked.release();
            try {
                in.close();
            } catch (IOException e) {
                // then it has ended by itself
            }
            return true;
        }

        @Override
        public boolean send(ByteBuffer message) {
            return false;
        }

        @Override
        public long queueSize() {
            return 0;
        }
    }
}
