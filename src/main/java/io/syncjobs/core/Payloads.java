package io.syncjobs.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sizes of free-form JSON. */
final class Payloads {
    private Payloads() {}

    /** Bytes of a value as compact JSON, 0 where there is none. */
    static int size(@Nullable JsonNode value) {
        return value == null || value.isMissingNode() || value.isNull()
                ? 0
                : value.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
