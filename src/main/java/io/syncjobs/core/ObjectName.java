package io.syncjobs.core;

/** The form that Kubernetes demands of names: small letters, digits and dashes, in parts between dots. */
public final class ObjectName {
    /** The form in words, for messages. */
    public static final String FORM = "small letters, digits, dashes and dots";

    private static final int LONGEST = 253;

    private ObjectName() {}

    /** True if an object may have this name. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > LONGEST) return false;
        for (var at = 0; at < text.length(); at++) {
            var inner = text.charAt(at) == '-' || text.charAt(at) == '.';
            if (inner ? !isBetween(text, at) : !isLetterOrDigit(text, at)) return false;
        }
        return true;
    }

    /** A dash stands between letters, digits and dashes; a dot between letters and digits. */
    private static boolean isBetween(String text, int at) {
        var dash = text.charAt(at) == '-';
        for (var beside : new int[] {at - 1, at + 1}) {
            var alike = beside >= 0 && beside < text.length() && dash && text.charAt(beside) == '-';
            if (!alike && !isLetterOrDigit(text, beside)) return false;
        }
        return true;
    }

    private static boolean isLetterOrDigit(String text, int at) {
        if (at < 0 || at >= text.length()) return false;
        var c = text.charAt(at);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
