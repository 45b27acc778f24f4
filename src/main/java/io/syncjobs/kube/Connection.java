package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A connection to the API server over HTTP/1.1, for one request at a time. One thread uses it, and waits for the answer. */
final class Connection implements Closeable {
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;
    private static final long UNKNOWN = -1;
    private static final long PEEK_NANOS = 2_000_000;

    /** A request of this size fits into the buffers of a connection, so that sending it waits for nobody. */
    private static final int SMALL = 8 * 1024;

    /** The connection below TLS. To close it waits for nobody who writes. */
    private final Socket plain;

    private final Socket socket;
    private final InputStream in;
    private long deadline = Long.MAX_VALUE;
    private int silenceMillis;
    private int status;
    private boolean chunked;
    private boolean lasts;
    private long left;

    private Connection(Socket plain, Socket socket) throws IOException {
        this.plain = plain;
        this.socket = socket;
        in = new BufferedInputStream(new Patient(socket.getInputStream()), 8192);
    }

    /** {@code tls} is null for a server without TLS. To connect, and to agree on a cipher, may take {@code millis} each. */
    static Connection open(String host, int port, @Nullable SSLSocketFactory tls, int millis) throws IOException {
        var plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(millis);
            return new Connection(plain, tls == null ? plain : secured(plain, host, port, tls));
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port, SSLSocketFactory tls) throws IOException {
        var socket = (SSLSocket) tls.createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setCipherSuites(
                cheapFirst(List.of(parameters.getCipherSuites())).toArray(String[]::new));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** AES is fast only with the JVM's second compiler. With the first one ChaCha20 takes far less time. */
    static List<String> cheapFirst(List<String> suites) {
        return suites.stream()
                .sorted(Comparator.comparing(suite -> !suite.contains("CHACHA20")))
                .toList();
    }

    /** Sends a request and reads the head of its answer. The whole answer must arrive within {@code patience}. */
    int send(byte[] request, Duration patience) throws IOException {
        deadline = System.nanoTime() + patience.toNanos();
        write(request, patience);
        do head();
        while (status / 100 == 1);
        return status;
    }

    /** A write has no time limit of its own. Where the network has gone, the system gives up after a quarter of an hour. */
    private void write(byte[] request, Duration patience) throws IOException {
        var late = request.length <= SMALL
                ? Optional.<Thread>empty()
                : Optional.of(Thread.ofVirtual().name("late").start(() -> closeAfter(patience)));
        try {
            socket.getOutputStream().write(request);
        } finally {
            late.ifPresent(Thread::interrupt);
        }
    }

    private void closeAfter(Duration patience) {
        try {
            Thread.sleep(patience);
            plain.close();
        } catch (InterruptedException | IOException e) {
            // it was written in time, or it is closed already
        }
    }

    /** The body, but at most one byte more than {@code most}. */
    byte[] body(int most) throws IOException {
        return new Body().readNBytes(most + 1);
    }

    /**
     * The body as it arrives. Nothing limits its time but {@code silence}, unless that is zero: reading fails when nothing arrives for
     * so long. Closing it closes the connection.
     */
    InputStream stream(Duration silence) {
        deadline = Long.MAX_VALUE;
        silenceMillis = (int) silence.toMillis();
        return new Body();
    }

    /** True unless the other side has closed the connection while nothing was asked. It takes a millisecond. */
    boolean isOpen() {
        deadline = System.nanoTime() + PEEK_NANOS;
        try {
            // Its end, or an answer that nobody has asked for.
            in.read();
            return false;
        } catch (IOException e) {
            return e.getCause() instanceof SocketTimeoutException;
        }
    }

    /** True if the answer was read to its end, so that another request may follow. */
    boolean isFree() {
        return lasts && !chunked && left == 0;
    }

    private void head() throws IOException {
        var line = line();
        var parts = line.split(" ", 3);
        if (!line.startsWith("HTTP/1.") || parts.length < 2 || !parts[1].matches("[1-5][0-9][0-9]"))
            throw new IOException("it does not speak HTTP/1.1");
        status = Integer.parseInt(parts[1]);
        lasts = !line.startsWith("HTTP/1.0");
        chunked = false;
        left = status == 204 || status == 304 ? 0 : UNKNOWN;
        for (var number = 0; number < MOST_HEADERS; number++) {
            var header = line();
            if (header.isEmpty()) {
                if (left == UNKNOWN && !chunked) lasts = false;
                return;
            }
            header(header.toLowerCase(Locale.ROOT));
        }
        throw new IOException("its answer has more than " + MOST_HEADERS + " headers");
    }

    private void header(String header) throws IOException {
        var colon = header.indexOf(':');
        if (colon < 0) return;
        var value = header.substring(colon + 1).strip();
        switch (header.substring(0, colon)) {
            case "content-length" -> left = length(value, 10);
            case "transfer-encoding" -> chunked = value.contains("chunked");
            case "connection" -> lasts &= !value.contains("close");
            default -> {}
        }
    }

    private static long length(String text, int radix) throws IOException {
        try {
            var length = Long.parseLong(text, radix);
            if (length >= 0) return length;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IOException("its answer has a length that is no number");
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException("the connection was closed without an answer");
            if (line.size() >= LONGEST_LINE) throw new IOException("its answer has too long a line");
            if (next != '\r') line.write(next);
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The body of this answer, without any byte of the next one. */
    private final class Body extends InputStream {
        private boolean begun;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) return 0;
            if (chunked && (left == UNKNOWN || (begun && left == 0))) nextChunk();
            if (left == 0) return -1;
            var count = in.read(into, from, left == UNKNOWN ? length : (int) Math.min(length, left));
            if (count < 0 && left != UNKNOWN) throw new EOFException("the connection was closed within an answer");
            if (count < 0) left = 0;
            else if (left != UNKNOWN) left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (begun) line();
            begun = true;
            left = length(line().split(";", 2)[0].strip(), 16);
            if (left > 0) return;
            begun = false;
            chunked = false;
            while (!line().isEmpty()) {}
        }

        @Override
        public void close() throws IOException {
            Connection.this.close();
        }
    }

    /** Reads from the socket until the deadline. */
    private final class Patient extends InputStream {
        private final InputStream from;

        Patient(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read through a buffer");
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (deadline == Long.MAX_VALUE) socket.setSoTimeout(silenceMillis);
            else {
                var millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) throw new IOException("no answer in time");
                socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
            }
            try {
                return from.read(into, at, length);
            } catch (SocketTimeoutException e) {
                throw new IOException("no answer in time", e);
            }
        }
    }
}
