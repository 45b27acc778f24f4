package io.syncjobs.agent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Decompresses the body of an answer: some servers compress although they are asked not to. */
final class Encodings {
    private Encodings() {}

    /** Bytes of which {@code whole} is false if there are more. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Decoded(byte[] bytes, boolean whole) {}

    /** The first {@code most} bytes of what was compressed; what cannot be decompressed stays as it is. */
    static Decoded decoded(String encoding, byte[] body, int most) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> read(GZIPInputStream::new, body, most);
            case "deflate" -> read(InflaterInputStream::new, body, most);
            default -> new Decoded(body, true);
        };
    }

    private interface Opening {
        InputStream open(InputStream in) throws IOException;
    }

    private static Decoded read(Opening opening, byte[] body, int most) {
        var read = new ByteArrayOutputStream();
        try (var in = opening.open(new ByteArrayInputStream(body))) {
            var part = new byte[4096];
            for (var n = in.read(part); n >= 0 && read.size() <= most; n = in.read(part)) read.write(part, 0, n);
        } catch (EOFException e) {
            // The agent read only the beginning of the body.
        } catch (IOException e) {
            return new Decoded(body, true);
        }
        var bytes = read.toByteArray();
        return bytes.length <= most ? new Decoded(bytes, true) : new Decoded(Arrays.copyOf(bytes, most), false);
    }
}
