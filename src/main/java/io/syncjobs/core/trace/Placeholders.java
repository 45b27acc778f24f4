package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.core.Text;

/** Fills in a message such as {@code %resources is locked} or {@code %1 is locked}: Magento sends its parameters beside it. */
final class Placeholders {
    private static final int MOST = 20;
    private static final int LONGEST_VALUE = 200;

    private Placeholders() {}

    /** The message with the values of {@code parameters}, an object or a list; what has no value stays. */
    static String filled(String message, JsonNode parameters) {
        if (!parameters.isContainerNode() || message.indexOf('%') < 0) return message;
        var text = new StringBuilder();
        var from = 0;
        for (var count = 0; count < MOST; count++) {
            var at = message.indexOf('%', from);
            if (at < 0) break;
            var end = at + 1;
            while (Chars.isWord(Chars.at(message, end))) end++;
            var value = value(parameters, message.substring(at + 1, end));
            var plain = !value.isValueNode() || value.isNull();
            text.append(message, from, at)
                    .append(plain ? message.substring(at, end) : Text.cut(value.asText(), LONGEST_VALUE));
            from = end;
        }
        return text.append(message, from, message.length()).toString();
    }

    /** The parameters of a list are counted from one. */
    private static JsonNode value(JsonNode parameters, String name) {
        if (!parameters.isArray()) return parameters.path(name);
        var number = name.length() == 1 && Chars.isDigit(name.charAt(0)) ? name.charAt(0) - '0' : 0;
        return parameters.path(number - 1);
    }
}
