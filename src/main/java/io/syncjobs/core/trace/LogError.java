package io.syncjobs.core.trace;

import java.nio.charset.StandardCharsets;

/** What the end of a log tells about a failure; a part that is not known is empty. The trace has at most 16 KiB. */
public record LogError(String type, String message, String trace) {
    /** A log that tells nothing. */
    public static final LogError NONE = new LogError("", "", "");

    /** The same with at most so many bytes of the trace, its end, from the beginning of a line. */
    public LogError atMost(int traceBytes) {
        var bytes = trace.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= traceBytes) return this;
        var from = bytes.length - traceBytes;
        while (from < bytes.length && bytes[from - 1] != '\n') from++;
        return new LogError(type, message, new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
    }

    /** A log that could not be had, for this reason. */
    public static LogError unread(String why) {
        return new LogError("", "", "the log could not be read: " + why);
    }
}
