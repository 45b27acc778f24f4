package io.syncjobs.core.blame;

/**
 * The words of a signal in the form in which phrases are looked for. A scheduler writes taints in braces, and anybody may name a
 * taint {@code storageclass}: only a phrase that has a brace itself looks there.
 *
 * @param plain the words without what stands in braces
 */
record Heard(String words, String plain) {
    static Heard of(Signal signal) {
        var words = signal.lowerWords();
        return new Heard(words, signal.source() == Source.SCHEDULER ? withoutBraces(words) : words);
    }

    String asFor(String phrase) {
        return phrase.indexOf('{') < 0 ? plain : words;
    }

    private static String withoutBraces(String words) {
        var kept = new StringBuilder();
        var at = 0;
        for (var open = words.indexOf('{'); open >= 0; open = words.indexOf('{', at)) {
            var close = words.indexOf('}', open);
            if (close < 0) break;
            kept.append(words, at, open);
            at = close + 1;
        }
        return kept.append(words, at, words.length()).toString();
    }
}
