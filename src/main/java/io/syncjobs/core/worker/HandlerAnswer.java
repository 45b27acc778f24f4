package io.syncjobs.core.worker;

/** What came of calling a handler. */
public sealed interface HandlerAnswer {
    /**
     * It answered.
     *
     * @param contentType as it was sent; empty where it was not
     * @param retryAfter the header of that name, likewise
     * @param body what was read of it
     * @param whole false where there was more than anybody reads
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
    record Answered(int status, String contentType, String retryAfter, byte[] body, boolean whole)
            implements HandlerAnswer {
        /** The same as if nothing else had been sent. */
        public Answered statusOnly() {
            return new Answered(status, "", "", new byte[0], true);
        }
    }

    /** Nothing was sent: nobody took the connection. */
    record NotSent(String why) implements HandlerAnswer {}

    /** The connection broke after the request may have been sent, before the answer was there. */
    record Broken(String why) implements HandlerAnswer {}

    /** What came back is no HTTP. */
    record NotHttp(String why) implements HandlerAnswer {}
}
