package io.syncjobs.core.trace;

import io.syncjobs.core.trace.Found.Weight;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells an error that the program survived from the one that ended it. A trace says more than a line, so it is chosen even if lines
 * that call themselves errors follow: mostly they tell of the same error, or of the end. But where the program went on with its work
 * after the trace, and the last thing that it said is another error, that one ended it.
 */
final class Survival {
    /** So many lines of work are none by chance. */
    private static final int WORK = 4;

    /** Below the last error only the end of a program is told. */
    private static final int BOTTOM = 3;

    /** A program that ends says so, and may fail again at that. */
    private static final List<String> ENDS = List.of(
            "shut",
            "stop",
            "terminat",
            "exit",
            "bye",
            "graceful",
            "drain",
            "dispos",
            "destroy",
            "teardown",
            "rollback",
            "rolled back",
            "rolling back",
            "finish",
            "kill",
            "signal",
            "sigterm",
            "abort",
            "failed",
            "giving up",
            "reconnect",
            "restart");

    /** These are no work. */
    private static final List<String> NEUTRAL =
            List.of("clos", "flush", "clean", "releas", "total", "summary", "done", "disconnect");

    private Survival() {}

    /** The error that came after this one and ended the program, if this one was survived. */
    static Optional<Found> after(Found survived, Log log, List<Found> all) {
        if (survived.weight() != Weight.BLOCK) return Optional.empty();
        return all.stream()
                .filter(one -> one.last() > survived.last() && one.weight().compareTo(Weight.LINE) >= 0)
                .max(Comparator.comparingInt(Found::last))
                .filter(one -> isAtTheBottom(one, log)
                        && saysWhy(one.message())
                        && !repeats(one, survived)
                        && worked(log, survived.last(), one.last()));
    }

    /** The line that names the error of a trace tells of no other: if the program survived that, it survived this. */
    static void markLinesOf(List<Found> all) {
        var survived = new HashMap<Header, Integer>();
        for (var one : all) {
            if (one.weight() == Weight.WARNED && !one.type().isEmpty())
                survived.merge(new Header(one.type(), Found.withoutCause(one.message())), one.last(), Math::max);
        }
        all.replaceAll(one -> one.weight().compareTo(Weight.WARNED) > 0
                        && survived.getOrDefault(new Header(one.type(), one.message()), -1) >= one.last()
                ? one.at(one.last(), Weight.WARNED)
                : one);
    }

    /** What is indented below an error, and what a shell traces, is part of it or says less. */
    private static boolean isAtTheBottom(Found error, Log log) {
        var below = 0;
        for (var i = error.last() + 1; i < log.size() && below <= BOTTOM; i++) {
            var text = log.text(i);
            if (!text.isBlank() && Character.isLetter(text.charAt(0)) && !Phrases.isWrapper(text)) below++;
        }
        return below <= BOTTOM;
    }

    /** {@code 3 of 9 orders failed}: what the program counts at its end has been told before. */
    private static boolean saysWhy(String message) {
        if (message.startsWith(" of ", Chars.digits(message, 0)) || Phrases.isCount(message)) return false;
        return message.contains(": ") || !message.toLowerCase(Locale.ROOT).contains("fail");
    }

    /** A line about the same error says what its trace says, or its name. */
    private static boolean repeats(Found line, Found block) {
        var name = block.type()
                .substring(Math.max(block.type().lastIndexOf('.'), block.type().lastIndexOf('\\')) + 1);
        return (!name.isEmpty() && line.message().contains(name))
                || (!block.message().isEmpty() && line.message().contains(Found.withoutCause(block.message())))
                || block.message().contains(Found.withoutCause(line.message()));
    }

    private static boolean worked(Log log, int from, int to) {
        var work = 0;
        for (var i = from + 1; i < to; i++) {
            var text = log.text(i).toLowerCase(Locale.ROOT);
            if (ENDS.stream().anyMatch(text::contains)) return false;
            if (isWork(log, i, text)) work++;
        }
        return work >= WORK;
    }

    /** {@code exported: 3}. */
    private static boolean isFigure(String text) {
        var colon = text.indexOf(": ");
        return colon > 0 && Chars.isDigit(Chars.at(text, colon + 2)) && Chars.digits(text, colon + 2) == text.length();
    }

    private static boolean isWork(Log log, int line, String text) {
        return !text.isBlank()
                && text.charAt(0) > ' '
                && !log.level(line).atLeast(Level.WARN)
                && NEUTRAL.stream().noneMatch(text::contains)
                && !isFigure(text)
                && !Phrases.isWrapper(text)
                && !Phrases.soundsLikeError(text);
    }
}
