package io.syncjobs.core.trace;

/**
 * An error that a log tells of.
 *
 * @param last the index of the last line that belongs to it
 * @param trace its trace where the log has it in another form, as within JSON; else empty
 */
record Found(int last, Weight weight, String type, String message, String trace) {
    /** How surely an error is the one that ended the program; of equals the last one did. */
    enum Weight {
        /** It happened to somebody else: a wrapper that only repeats that there was a failure. */
        NOISE,
        /** Words that sound like a failure. */
        WORDS,
        /** An error that its logger took for a warning. */
        WARNED,
        /** A line that says that it is an error. */
        LINE,
        /** A line that says that the program ends. */
        FATAL,
        /** An error with a type or a trace. */
        BLOCK
    }

    static Found block(int last, Header header) {
        return new Found(last, Weight.BLOCK, header.type(), header.message(), "");
    }

    static Found line(int last, Weight weight, String message) {
        return new Found(last, weight, "", message, "");
    }

    /** The same with the error behind it in brackets. */
    Found causedBy(Header cause) {
        if (cause.type().isEmpty() && cause.message().isEmpty()) return this;
        if (cause.type().equals("Error") && cause.message().equals(message)) return this;
        var colon = cause.message().isEmpty() || cause.type().isEmpty() ? "" : ": ";
        var lead = message.isEmpty() ? "" : message + " ";
        return withMessage(lead + "(caused by " + cause.type() + colon + cause.message() + ")");
    }

    Found withMessage(String other) {
        return new Found(last, weight, type, other, trace);
    }

    Found withTrace(String text) {
        return new Found(last, weight, type, message, text);
    }

    Found at(int line, Weight other) {
        return new Found(line, other, type, message, trace);
    }
}
