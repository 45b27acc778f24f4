package io.syncjobs.core.trace;

import java.nio.charset.StandardCharsets;

/** The error at the end of a log. A part that is not known is empty. The trace has at most 16 KiB. */
public record LogError(String type, String message, String trace) {
    /** No error was found. */
    public static final LogError NONE = new LogError("", "", "");

    /** The same error with at most {@code traceBytes} bytes of its trace: its end, cut at a line. */
    public LogError atMost(int traceBytes) {
        var bytes = trace.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= traceBytes) return this;
        var from = bytes.length - traceBytes;
        while (from < bytes.length && bytes[from - 1] != '\n') from++;
        return new LogError(type, message, new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
    }

    /** The log could not be read; {@code why} is shown in place of the trace. */
    public static LogError unread(String why) {
        return new LogError("", "", "the log could not be read: " + why);
    }
}
