package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Last words that are a few lines, of C++ and its sanitizers, of Kotlin, Crystal and Tcl. */
final class NativeFormat implements Format {
    private static final String INSTANCE = "terminate called after throwing an instance of '";
    private static final String WHAT = "what():";
    private static final String OF_TYPE = " exception of type ";
    private static final String KOTLIN = "Uncaught Kotlin exception: ";
    private static final String UNHANDLED = "Unhandled exception: ";
    private static final String SIGNAL = "*** SIG";
    private static final int REPORT = 200;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) ofLine(log, i).ifPresent(found::add);
        return found;
    }

    private static Optional<Found> ofLine(Log log, int line) {
        var text = log.text(line);
        if (text.startsWith(INSTANCE)) return Optional.of(instance(log, line, text));
        if (text.startsWith("libc++abi: terminating") && text.indexOf(OF_TYPE) > 0)
            return Header.of(text.substring(text.indexOf(OF_TYPE) + OF_TYPE.length()))
                    .map(one -> Found.block(line, one));
        if (text.startsWith(KOTLIN))
            return Header.of(text.substring(KOTLIN.length())).map(one -> Found.block(line, one));
        if (text.startsWith("==") && text.contains("==ERROR: ")) return Optional.of(sanitizer(log, line, text));
        if (text.startsWith(SIGNAL) && text.contains(" received ")) return Optional.of(signal(text, line));
        if (text.startsWith(UNHANDLED) && log.text(line + 1).startsWith("  from ")) return crystal(text, line);
        var known = LastWords.read(log, line);
        if (known.isPresent()) return known;
        if (text.equals("    while executing") && !log.isBlank(line - 1))
            return Optional.of(
                    Found.line(line, Found.Weight.BLOCK, log.text(line - 1).strip()));
        return Optional.empty();
    }

    private static Found instance(Log log, int line, String text) {
        var end = text.lastIndexOf('\'');
        var type = text.substring(INSTANCE.length(), Math.max(INSTANCE.length(), end));
        var below = log.text(line + 1).strip();
        if (!below.startsWith(WHAT)) return Found.block(line, new Header(type, ""));
        var next = line + 2;
        while (next < line + 2 + LineFormat.TAKEN && !log.isBlank(next) && !Phrases.isWrapper(log.text(next))) next++;
        return Found.block(line + 1, new Header(type, log.message(below.substring(WHAT.length()), line + 1, next)));
    }

    /** {@code *** SIGSEGV received at time=1714871472 on cpu 3 ***}, and then the frames. */
    private static Found signal(String text, int line) {
        var said = text.replace("*", "").strip();
        return Found.block(line, new Header(said.substring(0, Level.wordEnd(said, 0)), said));
    }

    private static Found sanitizer(Log log, int line, String text) {
        var last = line;
        for (var i = line; i < Math.min(log.size(), line + REPORT); i++) {
            if (log.text(i).startsWith("SUMMARY: ") || log.text(i).endsWith("==ABORTING")) last = i;
        }
        return Found.line(last, Found.Weight.BLOCK, text.substring(text.indexOf("==ERROR: ") + "==ERROR: ".length()));
    }

    /** The type stands in brackets behind the message. */
    private static Optional<Found> crystal(String text, int line) {
        var said = text.substring(UNHANDLED.length());
        var open = said.endsWith(")") ? said.lastIndexOf(" (") : -1;
        return open < 0
                ? Optional.empty()
                : Optional.of(Found.block(
                        line, new Header(said.substring(open + 2, said.length() - 1), said.substring(0, open))));
    }
}
