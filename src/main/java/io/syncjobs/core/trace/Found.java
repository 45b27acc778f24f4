package io.syncjobs.core.trace;

/**
 * An error that was found in a log.
 *
 * @param last the index of the last line that belongs to it
 * @param trace its trace, if the log has it in another form, for example in JSON; otherwise empty
 */
record Found(int last, Weight weight, String type, String message, String trace) {
    /** How likely it is that an error ended the program. Of two equally likely ones the later one did. */
    enum Weight {
        /** A wrapper reports only that another program has failed. */
        NOISE,
        /** The words sound like a failure. */
        WORDS,
        /** An error that was logged as a warning. */
        WARNED,
        /** The line itself says that it is an error. */
        LINE,
        /** The line says that the program ends. */
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

    /** The same error, with its cause in brackets after the message. */
    Found causedBy(Header cause) {
        if (cause.type().isEmpty() && cause.message().isEmpty()) return this;
        if (cause.type().equals("Error") && cause.message().equals(message)) return this;
        if (cause.type().isEmpty() && message.contains(cause.message())) return this;
        var colon = cause.message().isEmpty() || cause.type().isEmpty() ? "" : ": ";
        var lead = message.isEmpty() ? "" : message + " ";
        return withMessage(lead + "(caused by " + cause.type() + colon + cause.message() + ")");
    }

    static String withoutCause(String message) {
        var cause = message.indexOf(" (caused by ");
        return cause < 0 ? message : message.substring(0, cause);
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
