package io.syncjobs.core.blame;

/**
 * The words of a signal in the form in which phrases are looked for: without names that anybody may choose. A scheduler writes
 * taints in braces, and a taint may be named {@code storageclass}; only a phrase that has a brace itself looks there. A runtime
 * repeats the command, which may have the path of a file of the node in it.
 *
 * @param plain the words without these names
 */
record Heard(String words, String plain) {
    static Heard of(Signal signal) {
        var words = signal.lowerWords();
        return new Heard(
                words,
                switch (signal.source()) {
                    case SCHEDULER -> withoutBraces(words);
                    case WORKER, START -> withoutCommand(words);
                    default -> words;
                });
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

    /** A program without a slash is looked up in PATH, where a node has its own ones, such as runc: it stays. */
    private static String withoutCommand(String words) {
        var before = "exec: \"";
        var from = words.indexOf(before);
        if (from < 0) return words;
        var end = words.indexOf("\": ", from);
        var command = end < 0 ? "" : words.substring(from + before.length(), end);
        return command.contains("/") ? words.replace(command, "") : words;
    }
}
