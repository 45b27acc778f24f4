package io.syncjobs.core;

import org.jspecify.annotations.Nullable;

/** Cutting text to the bounds of the API. */
public final class Text {
    private Text() {}

    /** At most {@code max} characters, the last one an ellipsis where something was cut; never half a surrogate pair. */
    static String cut(@Nullable String text, int max) {
        if (text == null) return "";
        if (text.length() <= max) return text;
        var end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    /** As much of a message as a status keeps. */
    public static String message(@Nullable String text) {
        return cut(text, Limits.MESSAGE_CHARS);
    }
}
