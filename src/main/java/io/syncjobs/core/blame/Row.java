package io.syncjobs.core.blame;

import io.syncjobs.api.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One row of the table: a signal and what follows from it.
 *
 * @param id the name of the row, for tests and the documentation
 * @param codes the signal has one of these codes; a code that ends in {@code *} is a prefix; an empty list matches any code
 * @param phrases the message contains one of these, in lower case; an empty list matches any message;
 *     in one, {@code #} is a digit, and {@code …} anything; one with a brace is about a taint, see {@link Heard}
 * @param facts all of these hold
 * @param vague true if the signal does not tell the cause, so that a more specific signal is looked for
 * @param error the message of the error; empty if the worker's own words are used
 * @param over true if the job cannot go on, whatever anybody does
 * @param advice what to do; {@code {name}} stands for the name of an object
 */
public record Row(
        String id,
        Source source,
        List<String> codes,
        List<String> phrases,
        Set<Fact> facts,
        Party party,
        Course course,
        Reason reason,
        boolean vague,
        boolean over,
        String error,
        String advice,
        List<Name> names) {

    /** Where a message contains the name of an object. */
    record Name(String field, String before, String after) {
        Optional<String> in(String words) {
            var from = words.indexOf(before);
            if (from < 0) return Optional.empty();
            var start = from + before.length();
            var end = after.isEmpty() ? words.length() : words.indexOf(after, start);
            var name = end < 0 ? words.substring(start) : words.substring(start, end);
            // A sentence may end behind it.
            return Optional.of(name.strip().replaceAll("[.,;]$", ""))
                    .filter(text -> !text.isEmpty() && text.length() <= 253);
        }
    }

    boolean matches(Signal signal, Heard heard) {
        return source == signal.source()
                && (codes.isEmpty() || signal.codes().stream().anyMatch(this::hasCode))
                && (phrases.isEmpty() || phrases.stream().anyMatch(phrase -> says(heard.asFor(phrase), phrase)))
                && signal.facts().containsAll(facts);
    }

    private static boolean says(String words, String phrase) {
        var from = 0;
        for (var part : phrase.split(" … ", -1)) {
            var at = find(words, part, from);
            if (at < 0) return false;
            from = at + part.length();
        }
        return true;
    }

    /** Where a part of a phrase begins; -1 where it does not. */
    private static int find(String words, String part, int from) {
        var digits = part.indexOf('#');
        if (digits < 0) return words.indexOf(part, from);
        var lead = part.substring(0, digits);
        for (var at = words.indexOf(lead, from); at >= 0; at = words.indexOf(lead, at + 1)) {
            var end = at + digits;
            while (end < words.length() && Character.isDigit(words.charAt(end))) end++;
            if (end == at + part.length()) return at;
        }
        return -1;
    }

    boolean hasCode(String code) {
        return codes.stream()
                .anyMatch(own ->
                        own.endsWith("*") ? code.startsWith(own.substring(0, own.length() - 1)) : own.equals(code));
    }

    static Draft row(String id, Source source, String... codes) {
        return new Draft(id, source, List.of(codes));
    }

    /** Builds a row. */
    static final class Draft {
        private final String id;
        private final Source source;
        private final List<String> codes;
        private final List<String> phrases = new ArrayList<>();
        private final Set<Fact> facts = EnumSet.noneOf(Fact.class);
        private final List<Name> names = new ArrayList<>();
        private boolean vague;
        private boolean over;
        private String error = "";

        private Draft(String id, Source source, List<String> codes) {
            this.id = id;
            this.source = source;
            this.codes = codes;
        }

        Draft saying(String... any) {
            phrases.addAll(List.of(any));
            return this;
        }

        Draft where(Fact... all) {
            facts.addAll(List.of(all));
            return this;
        }

        /** The message has the name for {@code {field}} of the advice between {@code before} and {@code after}. */
        Draft naming(String field, String before, String after) {
            names.add(new Name(field, before, after));
            return this;
        }

        Draft vague() {
            vague = true;
            return this;
        }

        Draft over() {
            over = true;
            return this;
        }

        Draft error(String text) {
            error = text;
            return this;
        }

        Row is(Party party, Course course, Reason reason, String... advice) {
            return new Row(
                    id,
                    source,
                    codes,
                    List.copyOf(phrases),
                    Set.copyOf(facts),
                    party,
                    course,
                    reason,
                    vague,
                    over,
                    error,
                    Stream.of(advice).reduce("", String::concat),
                    List.copyOf(names));
        }
    }
}
