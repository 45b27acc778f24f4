package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;

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

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            // A percent sign that encodes nothing.
            return text;
        }
    }
}
