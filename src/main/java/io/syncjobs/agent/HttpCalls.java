package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotHttp;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import io.syncjobs.core.worker.HandlerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the handler over HTTP/1.1 on a plain socket, within the pod. Each call has a connection of its own. With a connection that
 * is kept: 1. The agent sends the next request. 2. The handler closes the idle connection. 3. Nobody knows whether the handler has
 * begun with the request.
 */
final class HttpCalls implements Calls {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** How long the handler may take to answer that it was told to give up a call. */
    private final Duration tell;

    /** Where the handler may listen: some runtimes make ::1 of the name localhost. Both are tried, because a lookup says one of them. */
    private final List<InetSocketAddress> loopback;

    /** Where the handler was found last. */
    private volatile InetSocketAddress handler;

    HttpCalls(int port) {
        this(port, Duration.ofSeconds(10));
    }

    HttpCalls(int port, Duration tell) {
        this.tell = tell;
        var six = new byte[16];
        six[15] = 1;
        loopback = Stream.of(new byte[] {127, 0, 0, 1}, six)
                .map(address -> new InetSocketAddress(address(address), port))
                .toList();
        handler = loopback.getFirst();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public Call start(HandlerRequest request, Consumer<HandlerAnswer> answered) {
        var socket = new Socket();
        // Sent, the request is forgotten: a call may last for an hour.
        var letter = new AtomicReference<>(Optional.of(request));
        Thread.ofVirtual()
                .name("call")
                .start(() -> answered.accept(exchange(
                        socket, () -> letter.getAndSet(Optional.empty()).orElseThrow())));
        return () -> close(socket);
    }

    private HandlerAnswer exchange(Socket socket, Supplier<HandlerRequest> request) {
        try (socket) {
            try {
                socket.connect(handler, (int) CONNECT.toMillis());
            } catch (IOException e) {
                return new NotSent("localhost:" + handler.getPort() + " accepts no connection");
            }
            return exchangeOver(socket, request);
        } catch (HttpAnswer.NoHttp e) {
            return new NotHttp(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Broken(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("a call of the handler could not be carried out", e);
            return new Broken(e.toString());
        }
    }

    private HandlerAnswer exchangeOver(Socket socket, Supplier<HandlerRequest> request) throws IOException {
        socket.setTcpNoDelay(true);
        try {
            socket.getOutputStream().write(bytes(request.get()));
        } catch (IOException e) {
            // The handler may have answered, and closed the connection, before it had read the whole request.
            return HttpAnswer.read(socket.getInputStream());
        }
        return HttpAnswer.read(socket.getInputStream());
    }

    private byte[] bytes(HandlerRequest request) {
        var head = new StringBuilder("POST ").append(request.path()).append(" HTTP/1.1\r\n");
        head.append("Host: 127.0.0.1:").append(handler.getPort()).append("\r\n");
        head.append("User-Agent: syncjobs-agent\r\nConnection: close\r\n");
        head.append("Accept: application/json, application/problem+json, */*\r\nAccept-Encoding: identity\r\n");
        var body = request.body().getBytes(UTF_8);
        head.append("Content-Length: ").append(body.length).append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        var all = new ByteArrayOutputStream(head.length() + 2 + body.length);
        all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    @Override
    public void tell(HandlerRequest request) {
        // The answer is ignored. Whether the handler gives up the call shows in its answer to the call.
        var socket = new Socket();
        // A limit for each read would be none for all of them: an answer may come byte by byte.
        var patience = Thread.ofVirtual().name("patience").start(() -> closeLater(socket));
        try {
            exchange(socket, () -> request);
        } finally {
            patience.interrupt();
        }
    }

    private void closeLater(Socket socket) {
        try {
            Thread.sleep(tell);
            close(socket);
        } catch (InterruptedException e) {
            // it was answered in time
        }
    }

    @Override
    public boolean isReady() {
        for (var address : loopback) {
            if (!answers(address)) continue;
            handler = address;
            return true;
        }
        return false;
    }

    private static boolean answers(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, (int) CONNECT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed already
        }
    }
}
