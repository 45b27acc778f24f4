package io.syncjobs.kube;

import java.util.List;

/** An answer of the API server that is not success, or none at all (code 0). The message is the API server's. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What admission says, with whatever code, before anything is written. */
    private static final List<String> BEFORE_THE_WRITE =
            List.of("failed calling webhook", "denied the request", "resource quota evaluation timed out");

    private final int code;
    private final String reason;

    public ApiException(int code, String message) {
        this(code, "", message);
    }

    /** {@code reason} is the API server's word for it, as in {@code AlreadyExists}; empty where it gave none. */
    public ApiException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    public ApiException(String message, Throwable cause) {
        super(message, cause);
        code = 0;
        reason = "";
    }

    /** The HTTP status; 0 where no answer came and nobody knows whether the request was carried out. */
    public int code() {
        return code;
    }

    /** The object was changed by somebody else since we saw it, or exists already. */
    public boolean isConflict() {
        return code == 409;
    }

    /** An object of that name exists; other conflicts may pass. */
    public boolean isAlreadyExists() {
        return code == 409 && reason.equals("AlreadyExists");
    }

    public boolean isNotFound() {
        return code == 404;
    }

    /** Whoever asks has not the right to. */
    public boolean isForbidden() {
        return code == 403;
    }

    /** A refusal that a repetition with the same request would meet again. */
    public boolean isRefusal() {
        return code >= 400 && code < 500 && code != 401 && code != 408 && code != 409 && code != 429;
    }

    /** No answer, or one that leaves open whether the write was carried out: a server that fails may have done it before. */
    public boolean mayHaveBeenDone() {
        if (code != 0 && code != 408 && code < 500) return false;
        return !isTooLarge() && BEFORE_THE_WRITE.stream().noneMatch(String.valueOf(getMessage())::contains);
    }

    /** The object would be larger than the API server's store takes: no repetition helps, though the answer may be a 500. */
    public boolean isTooLarge() {
        return code == 413 || (code == 500 && String.valueOf(getMessage()).contains("request is too large"));
    }
}
