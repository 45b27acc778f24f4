package io.syncjobs.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** Stands between a process and the API server and does to each request what a plan says; watches stream through it. */
final class ApiProxy implements AutoCloseable {
    /** A request that is about to be handed on. */
    record Request(String method, String path, String body) {
        boolean isWrite() {
            return !method.equals("GET") && !path.contains("dryRun=All");
        }

        boolean isWatch() {
            return path.contains("watch=true") || path.contains("watch=1&");
        }

        @Override
        public String toString() {
            return method + " " + path + " " + body.substring(0, Math.min(body.length(), 160));
        }
    }

    private final ServerSocket server;
    private final URI upstream;
    private final SSLSocketFactory tls;
    private final Set<Socket> streams = ConcurrentHashMap.newKeySet();
    private volatile Function<Request, Fault> plan = request -> Fault.NONE;
    private volatile BiConsumer<Request, Integer> listener = (request, code) -> {};

    /** Its own side is made by {@code sockets}. */
    ApiProxy(URI upstream, SSLSocketFactory tls, ServerSocketFactory sockets) {
        this.upstream = upstream;
        this.tls = tls;
        try {
            server = sockets.createServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on each request is done to as {@code next} says. */
    void plan(Function<Request, Fault> next) {
        plan = next;
    }

    /** Is told the API server's answer to each request. */
    void onAnswer(BiConsumer<Request, Integer> next) {
        listener = next;
    }

    /** Breaks all watches that are open. */
    void breakWatches() {
        streams.forEach(ApiProxy::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (exchange(client)) {
                // the next request on the same connection
            }
        } catch (IOException e) {
            // one of the two has gone: so does the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request and its answer; false when the connection ends with it. */
    private boolean exchange(Socket client) throws IOException, InterruptedException {
        var message = HttpMessage.readBody(HttpMessage.readHead(client.getInputStream()), client.getInputStream());
        var words = message.head().split(" ", 3);
        var request = new Request(words[0], words[1], new String(message.body().getBytes(ISO_8859_1), UTF_8));
        var fault = plan.apply(request);
        switch (fault) {
            case Fault.Reset r -> {
                reset(client);
                return false;
            }
            case Fault.Answer answer -> {
                HttpMessage.error(answer.code(), answer.reason()).writeTo(client.getOutputStream());
                return true;
            }
            case Fault.Withhold withhold -> {
                withhold.untilGone().run();
                reset(client);
                return false;
            }
            case Fault.Hold hold -> {
                hold.held().countDown();
                hold.until().await();
            }
            case Fault.Delay delay -> TimeUnit.MILLISECONDS.sleep(delay.millis());
            case Fault other -> {}
        }
        return handOn(client, request, fault instanceof Fault.Forgotten ? fromTheBeginning(message) : message, fault);
    }

    private static HttpMessage fromTheBeginning(HttpMessage watch) {
        return new HttpMessage(watch.head().replaceFirst("resourceVersion=\\d+", "resourceVersion=1"), watch.body());
    }

    private boolean handOn(Socket client, Request request, HttpMessage message, Fault fault) throws IOException {
        try (var server = tls.createSocket(upstream.getHost(), upstream.getPort())) {
            message.writeTo(server.getOutputStream());
            var head = HttpMessage.readHead(server.getInputStream());
            if (request.isWatch() || head.contains(" 101 ")) {
                stream(client, head, server);
                return false;
            }
            var answer = HttpMessage.readBody(head, server.getInputStream());
            listener.accept(request, Integer.valueOf(head.split(" ", 3)[1]));
            if (fault instanceof Fault.LoseAnswer lose) {
                lose.then().run();
                reset(client);
                return false;
            }
            if (fault instanceof Fault.KeepAnswer keep && !keep.isHandedOn().getAsBoolean()) {
                reset(client);
                return false;
            }
            try {
                answer.writeTo(client.getOutputStream());
            } finally {
                if (fault instanceof Fault.KeepAnswer keep) keep.then().run();
            }
            return true;
        }
    }

    private void stream(Socket client, String head, Socket server) throws IOException {
        streams.add(client);
        try {
            client.getOutputStream().write(head.getBytes(UTF_8));
            Thread.ofVirtual().start(() -> {
                try (server) {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // the client has gone: so does the watch
                }
            });
            pump(server.getInputStream(), client);
        } finally {
            streams.remove(client);
        }
    }

    private static void pump(InputStream from, Socket to) throws IOException {
        var buffer = new byte[8192];
        for (var read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.getOutputStream().write(buffer, 0, read);
            to.getOutputStream().flush();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            breakWatches();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
