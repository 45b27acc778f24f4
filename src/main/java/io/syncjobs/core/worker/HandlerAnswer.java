package io.syncjobs.core.worker;

/** The result of calling a handler. */
public sealed interface HandlerAnswer {
    /**
     * The handler answered.
     *
     * @param contentType the header of that name; empty if it was not sent
     * @param retryAfter the header of that name; empty if it was not sent
     * @param body the part of the body that was read
     * @param whole false if the body is longer than the part that was read
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
    record Answered(int status, String contentType, String retryAfter, byte[] body, boolean whole)
            implements HandlerAnswer {
        /** The same answer without headers and body. */
        public Answered statusOnly() {
            return new Answered(status, "", "", new byte[0], true);
        }
    }

    /** Nothing was sent: the handler accepted no connection. */
    record NotSent(String why) implements HandlerAnswer {}

    /** The connection broke before the answer was complete, and the request may have been sent. */
    record Broken(String why) implements HandlerAnswer {}

    /** The answer is not HTTP. */
    record NotHttp(String why) implements HandlerAnswer {}
}
