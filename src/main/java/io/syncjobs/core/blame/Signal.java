package io.syncjobs.core.blame;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a component reported about a run.
 *
 * @param codes the words that Kubernetes defines for it, the most specific first
 * @param words the message; that of an eviction without the containers that used next to nothing
 */
public record Signal(Source source, List<String> codes, String words, Set<Fact> facts) {
    /** Only the beginning of a longer message is searched, because the cause stands there. */
    private static final int LONGEST = 4_096;

    /** The words before the name of an image. */
    private static final Set<String> IMAGE_BEFORE = Set.of("image", "reference");

    public Signal {
        if (source == Source.DISRUPTION) words = Evictions.withoutNextToNothing(words);
    }

    /** A signal with one code. */
    public static Signal of(Source source, String code, String words, Fact... facts) {
        return new Signal(source, List.of(code), words, Set.of(facts));
    }

    String lowerWords() {
        var lower = words.substring(0, Math.min(words.length(), LONGEST)).toLowerCase(Locale.ROOT);
        return source == Source.IMAGE ? withoutNames(lower) : lower;
    }

    /**
     * Without images, addresses and paths: an image may be named {@code shop/timeout-lookup:1}, or {@code "unauthorized"}. The colon
     * behind one stays, because the cause follows it.
     */
    private static String withoutNames(String words) {
        var kept = new ArrayList<String>();
        var before = "";
        for (var word : words.split(" ", -1)) {
            var name = isName(word) || (word.startsWith("\"") && IMAGE_BEFORE.contains(before));
            before = word;
            if (name && word.endsWith(":")) kept.add(":");
            else if (!name && !word.isEmpty()) kept.add(word);
        }
        return String.join(" ", kept);
    }

    private static boolean isName(String word) {
        return word.indexOf('/') >= 0 && (word.indexOf('.') >= 0 || word.indexOf(':') >= 0);
    }
}
