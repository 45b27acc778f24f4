package io.syncjobs.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/** A short text that two templates share only if they say the same, in whatever order their fields stand. */
final class Fingerprint {
    private static final int BYTES = 8;

    private Fingerprint() {}

    static String of(JsonNode json) {
        var text = new StringBuilder();
        if (Payloads.isTooDeep(json)) return "";
        write(json, text);
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            var names = new TreeSet<String>();
            node.fieldNames().forEachRemaining(names::add);
            text.append('{');
            for (var name : names) {
                text.append(name.length()).append(name).append(':');
                write(node.path(name), text);
            }
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            for (var item : node) {
                write(item, text);
                text.append(',');
            }
            text.append(']');
        } else {
            text.append(node);
        }
    }
}
