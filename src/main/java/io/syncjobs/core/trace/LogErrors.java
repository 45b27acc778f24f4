package io.syncjobs.core.trace;

import java.nio.charset.StandardCharsets;

/** Reads what the end of a log tells about a failure. */
public final class LogErrors {
    private LogErrors() {}

    /** Never fails; {@code tail} may begin anywhere and hold anything. */
    public static LogError read(byte[] tail) {
        var text = new String(tail, StandardCharsets.UTF_8).strip();
        var message = text.substring(text.lastIndexOf('\n') + 1);
        return new LogError("", message, text.substring(Math.max(0, text.length() - 16_384)));
    }
}
