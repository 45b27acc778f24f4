package io.syncjobs.core.trace;

/** What the end of a log tells about a failure; a part that is not known is empty. The trace has at most 16 KiB. */
public record LogError(String type, String message, String trace) {
    /** A log that tells nothing. */
    public static final LogError NONE = new LogError("", "", "");

    /** A log that could not be had, for this reason. */
    public static LogError unread(String why) {
        return new LogError("", "", "the log could not be read: " + why);
    }
}
