package io.syncjobs.core.run;

/** No pod can be made from a template. The message names the field, what is wrong and what to do. */
public final class InvalidTemplate extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@code message} names the field from {@code spec} on, what is wrong and what to do. */
    public InvalidTemplate(String message) {
        super(message);
    }
}
