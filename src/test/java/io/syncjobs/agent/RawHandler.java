package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler made of a socket, which answers whatever a test likes, byte by byte. */
final class RawHandler implements AutoCloseable {
    /** What it does with a connection. */
    interface Script {
        void serve(Socket socket, Request request) throws IOException;
    }

    /** What it was sent: the head as it came, and the body. */
    record Request(String head, String body) {
        String line() {
            return head.lines().findFirst().orElse("");
        }

        List<String> headers() {
            return head.lines().skip(1).toList();
        }
    }

    private final ServerSocket server;
    private final Script script;
    final List<Request> requests = new CopyOnWriteArrayList<>();

    RawHandler(Script script) {
        this(InetAddress.getLoopbackAddress(), script);
    }

    RawHandler(InetAddress address, Script script) {
        this.script = script;
        try {
            server = new ServerSocket(0, 50, address);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** One that answers these bytes to every request, and closes. */
    static RawHandler answering(String head, byte[] body) {
        return new RawHandler((socket, request) -> {
            var out = socket.getOutputStream();
            out.write((head + "\r\n\r\n").getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var request = read(in);
            requests.add(request);
            script.serve(socket, request);
        } catch (IOException e) {
            // the caller has had enough of it
        }
    }

    private static Request read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) throw new IOException("no whole request");
            head.write(next);
        }
        var text = head.toString(ISO_8859_1).strip();
        var length = text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return new Request(text, new String(in.readNBytes(length), UTF_8));
    }

    /** Closes a connection as a process that was killed does. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
