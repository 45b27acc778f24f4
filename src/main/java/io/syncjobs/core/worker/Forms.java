package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** {@code error=invalid_grant&error_description=token+expired}: the fields of a form. */
final class Forms {
    private static final int MOST = 100;

    private Forms() {}

    static ObjectNode read(String text) {
        var fields = JsonNodeFactory.instance.objectNode();
        for (var field : text.split("&", MOST)) {
            var equals = field.indexOf('=');
            if (equals > 0) fields.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
        }
        return fields;
    }

    /** A percent sign that encodes nothing stays. */
    private static String decoded(String text) {
        var from = text.getBytes(UTF_8);
        var bytes = new byte[from.length];
        var length = 0;
        for (var i = 0; i < from.length; i++) {
            var high = from[i] == '%' && i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
            var low = high < 0 ? -1 : Character.digit(from[i + 2], 16);
            if (low >= 0) i += 2;
            bytes[length++] = low >= 0 ? (byte) (high * 16 + low) : from[i] == '+' ? (byte) ' ' : from[i];
        }
        return new String(Arrays.copyOf(bytes, length), UTF_8);
    }
}
