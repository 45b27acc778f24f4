package io.syncjobs.simulation;

/** The API server says no, or nobody knows what it said. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The answer never came: it may have been carried out or not. */
    static final int NO_ANSWER = 0;

    private final int code;

    Refused(int code, String message) {
        super(code + " " + message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean isConflict() {
        return code == 409;
    }

    /** The same distinction as in ApiException: it was understood and refused for good. */
    boolean isRefusal() {
        return code >= 400 && code < 500 && code != 409 && code != 429;
    }

    boolean mayHaveBeenDone() {
        return code == NO_ANSWER || code >= 500;
    }
}
