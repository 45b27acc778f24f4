package io.syncjobs.core.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The end of a log.
 *
 * @param text any text of strangers
 * @param cut true if the log began earlier. Then the first line may be the rest of a line, and is not read
 */
public record LogTail(String text, boolean cut) {
    /** No log. */
    public static final LogTail NONE = new LogTail("", false);

    private static final char LOST = '\uFFFD';

    /** A long line is stored in parts of at least this length. */
    private static final int PART_BYTES = 4 * 1024;

    /** True if the last line of the other text stands in this log. Bytes that are not UTF-8 are not compared. */
    public boolean hasEndOf(String other) {
        var end = other.stripTrailing();
        var last = end.substring(Math.max(end.lastIndexOf('\n'), end.lastIndexOf(LOST)) + 1)
                .strip();
        return text.contains(last);
    }

    /** The text of all these bytes. Those that are not UTF-8 become replacement characters. */
    public static LogTail of(byte[] bytes, boolean cut) {
        return new LogTail(new String(bytes, UTF_8), cut);
    }

    /** The last {@code most} bytes of the answer of a node that was asked for the last {@code lines} lines, or parts of lines. */
    public static LogTail of(byte[] bytes, int most, int lines) {
        var parts = bytes.length / PART_BYTES;
        for (var one : bytes) if (one == '\n') parts++;
        var from = Math.max(0, bytes.length - most);
        var end = new String(bytes, from, bytes.length - from, UTF_8);
        return new LogTail(end, from > 0 || parts >= lines);
    }
}
