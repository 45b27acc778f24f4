package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.syncjobs.core.Text;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the answer on a connection that is used for one request. Each part of the answer is bounded. */
final class HttpAnswer {
    /** No more of a body is read. A result has at most 4 KiB, a trace 16 KiB. */
    static final int MOST_BYTES = 64 * 1024;

    /** Statuses whose answers have no body, whatever their headers say. */
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);

    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    /** No more of the lines of an answer is read, whatever is kept of them. */
    private static final int MOST_OF_LINES = 1024 * 1024;

    private static final int PART = 8 * 1024;
    private static final String VERSION = "HTTP/1.";

    /** The answer is not HTTP/1.x. */
    static final class NoHttp extends IOException {
        private static final long serialVersionUID = 1;

        NoHttp(String what) {
            super(what);
        }
    }

    private final InputStream in;
    private Map<String, String> headers = Map.of();
    private int readOfLines;

    private HttpAnswer(InputStream in) {
        this.in = in;
    }

    /** Reads the final answer. Informational answers (1xx) before it are skipped. */
    static Answered read(InputStream in) throws IOException {
        var answer = new HttpAnswer(new BufferedInputStream(in));
        var status = answer.head();
        while (status / 100 == 1 && status != 101) status = answer.head();
        return answer.answered(status);
    }

    private int head() throws IOException {
        // A server of another protocol may send a greeting and then wait. Its first bytes are enough to recognise it.
        for (var at = 0; at < VERSION.length(); at++) {
            var next = in.read();
            if (next < 0) throw new EOFException("the connection was closed without an answer");
            if (next != VERSION.charAt(at)) throw new NoHttp(beginning((char) next + shortly()));
        }
        var line = line();
        var parts = line.split(" ", 3);
        if (parts.length < 2 || parts[1].length() != 3 || !parts[1].chars().allMatch(c -> c >= '0' && c <= '9'))
            throw new NoHttp(beginning(VERSION + line));
        headers = headers();
        return Integer.parseInt(parts[1]);
    }

    /** The bytes that have arrived already, for the message. */
    private String shortly() throws IOException {
        return new String(in.readNBytes(Math.min(in.available(), 40)), ISO_8859_1);
    }

    private static String beginning(String text) {
        return "it begins with " + (line(text).isEmpty() ? "bytes that are no text" : quoted(text));
    }

    private static String quoted(String text) {
        return '"' + Text.cut(line(text), 60) + '"';
    }

    private static String line(String text) {
        return Text.clean(text).replaceAll("\\s+", " ").strip();
    }

    /** The status says what became of the work, so headers beyond the bounds are skipped. */
    private Map<String, String> headers() throws IOException {
        var found = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            if (colon > 0 && found.size() < MOST_HEADERS)
                found.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
        }
        return found;
    }

    /** The next line, as far as its bound allows. */
    private String line() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException("the connection was closed within the answer's head");
            if (++readOfLines > MOST_OF_LINES)
                throw new NoHttp("it has a head of more than " + MOST_OF_LINES + " bytes");
            if (line.size() < LONGEST_LINE) line.write(next);
        }
        var text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private Answered answered(int status) throws IOException {
        var body = new ByteArrayOutputStream(512);
        var whole = WITHOUT_BODY.contains(status) || readable(body);
        var read = Encodings.decoded(headers.getOrDefault("content-encoding", ""), body.toByteArray(), MOST_BYTES);
        return new Answered(
                status,
                headers.getOrDefault("content-type", ""),
                headers.getOrDefault("retry-after", ""),
                read.bytes(),
                whole && read.whole());
    }

    /** If the length of the body cannot be understood, the status and what was read before count. */
    private boolean readable(ByteArrayOutputStream body) throws IOException {
        try {
            return body(body);
        } catch (NoHttp e) {
            return true;
        }
    }

    /** Returns false if the body is longer than the part that was read. */
    private boolean body(ByteArrayOutputStream body) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) return chunks(body);
        if (headers.containsKey("content-length")) return part(body, length());
        return untilClosed(body);
    }

    /**
     * A body without a length ends with the connection. It may end by a reset: 1. The handler answers without having read the
     * whole request. 2. It closes the connection. 3. Its kernel has bytes that nobody reads any more, and resets the connection.
     */
    private boolean untilClosed(ByteArrayOutputStream body) throws IOException {
        var part = new byte[PART];
        try {
            for (var count = in.read(part); count >= 0; count = in.read(part)) {
                var room = MOST_BYTES - body.size();
                body.write(part, 0, Math.min(count, room));
                if (count > room) return false;
            }
        } catch (SocketException e) {
            // it was reset
        }
        return true;
    }

    /** A proxy may have joined two equal ones: "5, 5". */
    private long length() throws NoHttp {
        return number(
                headers.getOrDefault("content-length", "").split(",", 2)[0].strip(), 10);
    }

    private boolean chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            var size = number(line().split(";", 2)[0].strip(), 16);
            if (size == 0) return true;
            if (!part(body, size)) return false;
            line();
        }
    }

    /** Reads the next {@code size} bytes, as far as there is room for them. */
    private boolean part(ByteArrayOutputStream body, long size) throws IOException {
        var room = MOST_BYTES - body.size();
        var wanted = (int) Math.min(size, room);
        var bytes = in.readNBytes(wanted);
        body.writeBytes(bytes);
        if (bytes.length < wanted) throw new EOFException("the connection was closed within the answer's body");
        return size <= room;
    }

    private static long number(String text, int radix) throws NoHttp {
        try {
            var number = Long.parseLong(text, radix);
            if (number >= 0) return number;
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new NoHttp("it has " + quoted(text) + " instead of a length");
    }
}
