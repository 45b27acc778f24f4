package io.syncjobs.core.blame;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What was said about a run.
 *
 * @param codes words that Kubernetes defines for it, the most telling first
 * @param words its message
 */
public record Signal(Source source, List<String> codes, String words, Set<Fact> facts) {
    /** Longer messages are looked at no further: nobody says the cause so late. */
    private static final int LONGEST = 4_096;

    public static Signal of(Source source, String code, String words, Fact... facts) {
        return new Signal(source, List.of(code), words, Set.of(facts));
    }

    String lowerWords() {
        return words.substring(0, Math.min(words.length(), LONGEST)).toLowerCase(Locale.ROOT);
    }
}
