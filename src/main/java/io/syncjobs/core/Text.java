package io.syncjobs.core;

import org.jspecify.annotations.Nullable;

/** Cutting text to the bounds of the API. */
final class Text {
    private static final String ARROW = " → ";

    private Text() {}

    /** At most {@code max} characters, the last one an ellipsis where something was cut; never half a surrogate pair. */
    static String cut(@Nullable String text, int max) {
        if (text == null) return "";
        if (text.length() <= max) return text;
        var end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    /** What is wrong and what to do about it: of the two the advice stays whole. */
    static String withAdvice(String words, String advice) {
        if (advice.isEmpty()) return message(words);
        return message(
                cut(words, Math.max(256, Limits.MESSAGE_CHARS - advice.length() - ARROW.length())) + ARROW + advice);
    }

    /** What is wrong, of the two. */
    static String withoutAdvice(String message) {
        var arrow = message.lastIndexOf(ARROW);
        return arrow < 0 ? message : message.substring(0, arrow);
    }

    static String message(@Nullable String text) {
        return cut(text, Limits.MESSAGE_CHARS);
    }
}
