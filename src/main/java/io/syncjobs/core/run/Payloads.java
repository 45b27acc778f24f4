package io.syncjobs.core.run;

import io.syncjobs.api.RawJson;
import io.syncjobs.core.Limits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks of free-form JSON: its size and its depth. */
public final class Payloads {
    private Payloads() {}

    /** Why a worker cannot be given this payload; empty if it can. */
    public static Optional<String> problem(@Nullable RawJson payload) {
        if (payload == null) return Optional.empty();
        if (payload.depth() > Limits.NESTING) return Optional.of("is nested deeper than " + Limits.NESTING + " levels");
        return payload.bytes() <= Limits.PAYLOAD_BYTES
                ? Optional.empty()
                : Optional.of("is " + payload.bytes() + " bytes as JSON, the limit is " + Limits.PAYLOAD_BYTES);
    }

    /** Why this template cannot be read at all; empty if it can. Errors inside it are found when the pod is made. */
    public static Optional<String> templateProblem(RawJson template) {
        if (template.kind() != RawJson.Kind.OBJECT) return Optional.of("must be an object");
        if (template.depth() > Limits.NESTING)
            return Optional.of("is nested deeper than " + Limits.NESTING + " levels");
        if (template.bytes() > Limits.TEMPLATE_BYTES)
            return Optional.of("is " + template.bytes() + " bytes as JSON, the limit is " + Limits.TEMPLATE_BYTES
                    + "; put what is large into a ConfigMap or an image");
        return template.values() <= Limits.TEMPLATE_VALUES
                ? Optional.empty()
                : Optional.of("has " + template.values() + " values, the limit is " + Limits.TEMPLATE_VALUES);
    }
}
