package io.syncjobs.simulation;

/** The API server says no, or nobody knows what it said. The distinctions are those of ApiException. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The answer never came: it may have been carried out or not. */
    static final int NO_ANSWER = 0;

    private final int code;
    private final boolean alreadyExists;

    Refused(int code, String message) {
        this(code, false, message);
    }

    private Refused(int code, boolean alreadyExists, String message) {
        super(code + " " + message, null, false, false);
        this.code = code;
        this.alreadyExists = alreadyExists;
    }

    static Refused alreadyExists(String name) {
        return new Refused(409, true, name + " already exists");
    }

    int code() {
        return code;
    }

    boolean isConflict() {
        return code == 409;
    }

    boolean isAlreadyExists() {
        return alreadyExists;
    }

    boolean isNotFound() {
        return code == 404;
    }

    boolean isRefusal() {
        return code >= 400 && code < 500 && code != 401 && code != 408 && code != 409 && code != 429;
    }

    boolean mayHaveBeenDone() {
        return (code == NO_ANSWER || code == 408 || code >= 500)
                && !String.valueOf(getMessage()).contains("failed calling webhook");
    }
}
