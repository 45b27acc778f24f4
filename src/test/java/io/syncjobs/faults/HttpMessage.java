package io.syncjobs.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;

/** One HTTP/1.1 request or response: its head, and its body with its framing; each character is a byte. */
record HttpMessage(String head, String body) {
    /** Reads up to the empty line; throws {@link EOFException} where the other side has closed before. */
    static String readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (var last = 0; last != 0x0d0a0d0a; ) {
            var next = in.read();
            if (next < 0) throw new EOFException();
            head.write(next);
            last = last << 8 | next;
        }
        return head.toString(ISO_8859_1);
    }

    /** Reads the body that belongs to a head, with its framing. */
    static HttpMessage readBody(String head, InputStream in) throws IOException {
        if (header(head, "transfer-encoding").equals("chunked")) return new HttpMessage(head, readChunks(in));
        var length = header(head, "content-length");
        return new HttpMessage(
                head, length.isEmpty() ? "" : new String(in.readNBytes(Integer.parseInt(length)), ISO_8859_1));
    }

    private static String readChunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        var size = -1;
        while (size != 0) {
            var line = readLine(in);
            size = Integer.parseInt(line.strip(), 16);
            body.write(line.getBytes(ISO_8859_1));
            body.write(in.readNBytes(size + 2));
        }
        return body.toString(ISO_8859_1);
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); ; next = in.read()) {
            if (next < 0) throw new EOFException();
            line.write(next);
            if (next == '\n') return line.toString(ISO_8859_1);
        }
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head.getBytes(ISO_8859_1));
        out.write(body.getBytes(ISO_8859_1));
        out.flush();
    }

    /** A header's value in small letters, empty where there is none. */
    static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    /** An error as the API server would tell it. */
    static HttpMessage error(int code, String reason) {
        var body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                + "\",\"message\":\"" + reason + ", says the test\",\"code\":" + code + "}";
        return new HttpMessage(
                "HTTP/1.1 " + code + " " + reason + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n",
                body);
    }
}
