package io.syncjobs.core.trace;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Bytes of a log as text that may be shown to anybody. */
final class LogText {
    /** As much of a log as a status holds. */
    private static final int TRACE_BYTES = 16 * 1024;

    /** Colours and cursor movements (CSI), and titles and links (OSC). */
    private static final Pattern ESCAPES =
            Pattern.compile("\u001b(?:\\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\\\))");

    private LogText() {}

    /** Valid text without escape sequences; what is no character and no line end or tab is replaced. */
    static String clean(byte[] bytes) {
        var start = 0;
        while (start < Math.min(3, bytes.length) && (bytes[start] & 0xC0) == 0x80) start++;
        var text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        var plain = ESCAPES.matcher(text).replaceAll("").replace("\r\n", "\n").replace('\r', '\n');
        var clean = new StringBuilder(plain.length());
        plain.codePoints().forEach(c -> clean.appendCodePoint(isHarmless(c) ? c : 0xFFFD));
        return clean.toString().stripTrailing();
    }

    private static boolean isHarmless(int c) {
        return c == '\n' || c == '\t' || !(Character.isISOControl(c) || c == 0xFFFE || c == 0xFFFF);
    }

    /** The last 16 KiB, cut at a line; of a last line that is longer than that, its end. */
    static String tail(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= TRACE_BYTES) return text;
        var from = bytes.length - TRACE_BYTES;
        var line = from;
        while (line < bytes.length && bytes[line - 1] != '\n') line++;
        if (line == bytes.length) {
            line = from;
            while ((bytes[line] & 0xC0) == 0x80) line++;
        }
        return new String(bytes, line, bytes.length - line, StandardCharsets.UTF_8);
    }
}
