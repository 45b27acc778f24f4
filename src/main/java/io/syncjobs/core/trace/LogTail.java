package io.syncjobs.core.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The end of a log.
 *
 * @param text may hold anything
 * @param cut true where the log begins further up, so that the first line may be the rest of one: of that nothing is read
 */
public record LogTail(String text, boolean cut) {
    /** No log. */
    public static final LogTail NONE = new LogTail("", false);

    /** A line is written in parts of at least this length where it is long. */
    private static final int PART_BYTES = 4 * 1024;

    /** The bytes of a log; those that are no UTF-8 are shown as such. */
    public static LogTail of(byte[] bytes, boolean cut) {
        return new LogTail(new String(bytes, UTF_8), cut);
    }

    /** The last {@code most} bytes of what a node gave when it was asked for the last {@code lines} lines, or parts of lines. */
    public static LogTail of(byte[] bytes, int most, int lines) {
        var parts = bytes.length / PART_BYTES;
        for (var one : bytes) if (one == '\n') parts++;
        var from = Math.max(0, bytes.length - most);
        var end = new String(bytes, from, bytes.length - from, UTF_8);
        return new LogTail(end, from > 0 || parts >= lines);
    }
}
