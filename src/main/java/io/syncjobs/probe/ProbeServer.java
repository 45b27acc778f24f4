package io.syncjobs.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of a kubelet, whoever else connects. A server that closes each connection beyond its limit closes the
 * kubelet's too, and then the kubelet restarts the container. So where there are too many connections the oldest one is closed: a
 * probe is over in milliseconds, and what is old is silent or slow. None is closed while its answer is awaited: a drain may take as
 * long as the jobs of its worker.
 */
public final class ProbeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeServer.class);

    /** Each has a socket and a virtual thread. */
    private static final int CONNECTIONS = 512;

    private static final int LONGEST_REQUEST = 8192;

    /** How long a request may take to come. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** After an accept that failed, for example because the process has no file descriptor left. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerSocket server;
    private final Map<String, Supplier<Answer>> answers;

    /** The open connections that may be closed to make room for others, the oldest first. */
    private final Set<Socket> open = new LinkedHashSet<>();

    /** The open connections whose answer is awaited. */
    private final Set<Socket> asked = new HashSet<>();

    /** The status and the text of an answer. */
    public record Answer(int code, String text) {}

    /**
     * Serves immediately, each path with its answer. An answer may take its time.
     *
     * @param port 0 picks a free port
     */
    public ProbeServer(int port, Map<String, Supplier<Answer>> answers) throws IOException {
        this.answers = answers;
        server = new ServerSocket(port, CONNECTIONS);
        Thread.ofPlatform().daemon().name("probes").start(this::accept);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var connection = server.accept();
                makeRoom(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                if (!server.isClosed()) pause(e);
            }
        }
    }

    private void makeRoom(Socket connection) {
        Socket oldest = null;
        synchronized (open) {
            if (open.size() >= CONNECTIONS) {
                oldest = open.iterator().next();
                open.remove(oldest);
            }
            open.add(connection);
        }
        if (oldest != null) closeQuietly(oldest);
    }

    private static void pause(IOException why) {
        LOG.warn("a connection to the port of the probes failed: {}", why.getMessage());
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var request = read(connection);
            // Neither a whole request nor patience is left.
            if (request.isEmpty() || !isToBeAnswered(connection)) return;
            var answer = answer(request);
            answered(connection);
            connection.getOutputStream().write(answer.getBytes(UTF_8));
        } catch (IOException e) {
            LOG.debug("a probe was not answered", e);
        } finally {
            synchronized (open) {
                open.remove(connection);
                asked.remove(connection);
            }
        }
    }

    /** False if it was closed to make room for others, or if so many answers are awaited already. */
    private boolean isToBeAnswered(Socket connection) {
        synchronized (open) {
            return asked.size() < CONNECTIONS && open.remove(connection) && asked.add(connection);
        }
    }

    /** Whoever does not read the answer may be closed again. */
    private void answered(Socket connection) {
        synchronized (open) {
            asked.remove(connection);
            open.add(connection);
        }
    }

    /** The head of the request, empty where it does not come, or not soon enough. */
    private static String read(Socket connection) throws IOException {
        var until = System.nanoTime() + PATIENCE.toNanos();
        var bytes = new byte[LONGEST_REQUEST];
        var length = 0;
        while (length < bytes.length) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) return "";
            connection.setSoTimeout(Math.toIntExact(left));
            var more = connection.getInputStream().read(bytes, length, bytes.length - length);
            if (more < 0) return "";
            length += more;
            var text = new String(bytes, 0, length, ISO_8859_1);
            if (text.contains("\r\n\r\n")) return text;
        }
        return "";
    }

    private String answer(String request) {
        var words = request.substring(0, request.indexOf('\r')).split(" ", 3);
        var path = words.length < 2 ? "" : words[1].split("\\?", 2)[0];
        var answer = orTheFailure(path, answers.getOrDefault(path, () -> new Answer(404, "there is no such page\n")));
        return "HTTP/1.1 " + answer.code() + " \r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + answer.text().getBytes(UTF_8).length + "\r\nConnection: close\r\n\r\n" + answer.text();
    }

    /** The answer; code 500 if it throws. Otherwise the connection would be closed, and neither the caller nor the log would learn why. */
    public static Answer orTheFailure(String path, Supplier<Answer> answer) {
        try {
            return answer.get();
        } catch (RuntimeException e) {
            LOG.error("{} cannot be answered", path, e);
            return new Answer(500, "failed; the log says why\n");
        }
    }

    private static void closeQuietly(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("a connection was not closed", e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("the port of the probes was not closed", e);
        }
        Set<Socket> rest;
        synchronized (open) {
            rest = new HashSet<>(open);
            rest.addAll(asked);
        }
        rest.forEach(ProbeServer::closeQuietly);
    }
}
