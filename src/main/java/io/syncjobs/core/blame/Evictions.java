package io.syncjobs.core.blame;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a kubelet says of a pod that it evicts because its node is short of something. It names each container that used more than
 * it requests: one that requests nothing is named for a few KiB, although others have filled the node.
 */
final class Evictions {
    /** A container is not what filled the node if it used less than this part of what the node keeps free. */
    private static final double NEXT_TO_NOTHING = 0.1;

    private static final String CONTAINER = "Container ";

    private static final Map<String, Double> UNITS = Map.of(
            "", 1.0, "k", 1e3, "M", 1e6, "G", 1e9, "T", 1e12, "Ki", 0x1p10, "Mi", 0x1p20, "Gi", 0x1p30, "Ti", 0x1p40);

    private Evictions() {}

    static String withoutNextToNothing(String words) {
        var kept = amount(words, "Threshold quantity: ");
        if (kept.isEmpty()) return words;
        var left = new StringBuilder();
        var at = 0;
        while (at < words.length()) {
            var next = words.indexOf(CONTAINER, at + 1);
            var end = next < 0 ? words.length() : next;
            var part = words.substring(at, end);
            var used = part.startsWith(CONTAINER) ? amount(part, " was using ") : OptionalDouble.empty();
            if (used.isEmpty() || used.getAsDouble() >= kept.getAsDouble() * NEXT_TO_NOTHING) left.append(part);
            at = end;
        }
        return left.toString();
    }

    /** The quantity behind these words; empty if there is none. */
    private static OptionalDouble amount(String words, String before) {
        var from = words.indexOf(before);
        if (from < 0) return OptionalDouble.empty();
        var start = from + before.length();
        var digits = start;
        while (digits < words.length() && (isDigit(words.charAt(digits)) || words.charAt(digits) == '.')) digits++;
        var end = digits;
        while (end < words.length() && Character.isLetter(words.charAt(end))) end++;
        var unit = UNITS.get(words.substring(digits, end));
        try {
            return unit == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Double.parseDouble(words.substring(start, digits)) * unit);
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
