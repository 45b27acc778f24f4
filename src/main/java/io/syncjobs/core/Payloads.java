package io.syncjobs.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Size and depth of free-form JSON. */
public final class Payloads {
    private Payloads() {}

    /** Why a payload cannot be given to a worker; empty where it can. */
    public static Optional<String> problem(@Nullable RawJson payload) {
        if (payload == null) return Optional.empty();
        if (payload.depth() > Limits.NESTING) return Optional.of("is nested deeper than " + Limits.NESTING + " levels");
        return payload.bytes() <= Limits.PAYLOAD_BYTES
                ? Optional.empty()
                : Optional.of("is " + payload.bytes() + " bytes as JSON, the limit is " + Limits.PAYLOAD_BYTES);
    }

    /** Why a template cannot be made a pod of, whatever it says; empty where it can. */
    static Optional<String> templateProblem(RawJson template) {
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

    /** Bytes of a value as compact JSON, 0 where there is none. */
    static int size(@Nullable JsonNode value) {
        return value == null || value.isMissingNode() || value.isNull()
                ? 0
                : value.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Why a result cannot be kept; empty where it can. */
    static Optional<String> resultProblem(@Nullable JsonNode result) {
        if (isTooDeep(result)) return Optional.of("is nested deeper than " + Limits.NESTING + " levels");
        if (result != null && hasEndlessNumber(result)) return Optional.of("has a number of more than 308 digits");
        var bytes = size(result);
        return bytes <= Limits.RESULT_BYTES
                ? Optional.empty()
                : Optional.of("is " + bytes + " bytes, the limit is " + Limits.RESULT_BYTES);
    }

    /** The API server keeps numbers as 64 bits and takes none that have no place there. */
    private static boolean hasEndlessNumber(JsonNode value) {
        if (value.isNumber()) return !Double.isFinite(value.doubleValue());
        for (var child : value) {
            if (hasEndlessNumber(child)) return true;
        }
        return false;
    }

    /** True for JSON that neither we nor most workers could walk through. */
    static boolean isTooDeep(@Nullable JsonNode value) {
        return value != null && isDeeper(value, Limits.NESTING);
    }

    private static boolean isDeeper(JsonNode value, int levels) {
        if (!value.isContainerNode()) return false;
        if (levels == 0) return true;
        for (var child : value) {
            if (isDeeper(child, levels - 1)) return true;
        }
        return false;
    }
}
