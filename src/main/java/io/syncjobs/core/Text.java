package io.syncjobs.core;

import org.jspecify.annotations.Nullable;

/** Cutting text to the bounds of the API. */
final class Text {
    private Text() {}

    /** At most {@code max} characters, the last one an ellipsis where something was cut; never half a surrogate pair. */
    static String cut(@Nullable String text, int max) {
        if (text == null) return "";
        if (text.length() <= max) return text;
        var end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    /** Half of a surrogate pair, which JSON can name and UTF-8 cannot write, as the sign for a character that is lost. */
    static String wellFormed(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> whole.appendCodePoint(
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c));
        return whole.toString();
    }

    static String message(@Nullable String text) {
        return cut(text, Limits.MESSAGE_CHARS);
    }
}
