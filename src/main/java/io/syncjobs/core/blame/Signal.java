package io.syncjobs.core.blame;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a component reported about a run.
 *
 * @param codes the words that Kubernetes defines for it, the most specific first
 * @param words the message
 */
public record Signal(Source source, List<String> codes, String words, Set<Fact> facts) {
    /** Only the beginning of a longer message is searched, because the cause stands there. */
    private static final int LONGEST = 4_096;

    public static Signal of(Source source, String code, String words, Fact... facts) {
        return new Signal(source, List.of(code), words, Set.of(facts));
    }

    String lowerWords() {
        return words.substring(0, Math.min(words.length(), LONGEST)).toLowerCase(Locale.ROOT);
    }
}
