package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches over connections of their own, one line for each event. The library's informers watch over web sockets; they are given one
 * that reads such a connection. The event loop and the layers of the client would take more time for each event than reading it.
 */
final class DirectWatches extends WrappedClient {
    /**
     * While a watch lasts, a bookmark arrives each minute. A connection that leads nowhere is not noticed otherwise. Of a kind of which
     * nothing has changed since the API server began, there may be no bookmarks: such a watch begins anew each time.
     */
    private static final Duration SILENCE = Duration.ofSeconds(90);

    /** Longer than any object: etcd takes 1.5 MB, and JSON has six bytes for some letters of a pod, which are one there. */
    private static final int LONGEST = 16 * 1024 * 1024;

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
            Thread.ofVirtual().name("watch").start(() -> {
                try {
                    follow(listener, built);
                } catch (Throwable e) {
                    // Whatever it is: nobody else would tell the library, and it would wait for ever.
                    built.completeExceptionally(e);
                }
            });
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

        /** Until one side ends it. The end is told when the last event has been handled, as the library expects it. */
        void read() {
            try (in) {
                EventLines.each(in, LONGEST, line -> {
                    asked.acquireUninterruptibly();
                    if (closed) return false;
                    listener.onMessage(this, new String(line, UTF_8));
                    return true;
                });
                end(null);
            } catch (IOException e) {
                end(closed || e.getCause() instanceof SocketTimeoutException ? null : e);
            } catch (Throwable e) {
                // The same: a watch that ends untold is silent for ever.
                listener.onError(this, e);
            }
        }

        private void end(@Nullable IOException why) {
            if (!closed) asked.acquireUninterruptibly();
            if (why == null) listener.onClose(this, NORMAL, "the watch has ended");
            else listener.onError(this, why);
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
