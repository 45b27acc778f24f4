package io.syncjobs.kube;

import java.util.List;

/** An answer of the API server that is not a success, or a missing answer (code 0). The message is the API server's. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Messages of admission. Whatever the code, they mean that nothing was written. */
    private static final List<String> BEFORE_THE_WRITE =
            List.of("failed calling webhook", "denied the request", "resource quota evaluation timed out");

    private final int code;
    private final String reason;

    /** An answer without a word for its reason. {@code code} is its HTTP status; 0 if no answer came. */
    public ApiException(int code, String message) {
        this(code, "", message);
    }

    /** {@code reason} is the API server's word, such as {@code AlreadyExists}; empty if it gave none. */
    public ApiException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    /** No answer came. */
    public ApiException(String message, Throwable cause) {
        super(message, cause);
        code = 0;
        reason = "";
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The HTTP status; 0 if no answer came, and then it is unknown whether the request was carried out. */
    public int code() {
        return code;
    }

    /** Somebody else has changed the object since we saw it, or it exists already. */
    public boolean isConflict() {
        return code == 409;
    }

    /** An object of that name exists. Other conflicts may be temporary. */
    public boolean isAlreadyExists() {
        return code == 409 && reason.equals("AlreadyExists");
    }

    /** There is no such object, or it is gone. */
    public boolean isNotFound() {
        return code == 404;
    }

    /** The account lacks the right. */
    public boolean isForbidden() {
        return code == 403;
    }

    /** A refusal that the same request would get again. */
    public boolean isRefusal() {
        return code >= 400 && code < 500 && code != 401 && code != 408 && code != 409 && code != 429;
    }

    /**
     * True if the request may have been carried out: there was no answer, or a server error that may have come after the write.
     */
    public boolean mayHaveBeenDone() {
        if (code != 0 && code != 408 && code < 500) return false;
        return !isTooLarge() && BEFORE_THE_WRITE.stream().noneMatch(getMessage()::contains);
    }

    /** The object would exceed the size limit of etcd. A repetition does not help, even though the answer may be a 500. */
    public boolean isTooLarge() {
        return code == 413 || (code == 500 && getMessage().contains("request is too large"));
    }
}
