package io.syncjobs.kube;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The last bytes of a stream. */
final class Tail {
    private final byte[] ring;
    private long seen;

    Tail(int size) {
        ring = new byte[size];
    }

    synchronized void add(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            var at = (int) (seen % ring.length);
            var count = Math.min(buffer.remaining(), ring.length - at);
            buffer.get(ring, at, count);
            seen += count;
        }
    }

    synchronized byte[] bytes() {
        if (seen <= ring.length) return Arrays.copyOf(ring, (int) seen);
        var at = (int) (seen % ring.length);
        var all = new byte[ring.length];
        System.arraycopy(ring, at, all, 0, ring.length - at);
        System.arraycopy(ring, 0, all, ring.length - at, at);
        return all;
    }
}
