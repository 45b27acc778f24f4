package io.syncjobs.core.trace;

/** The name of a logger before the text of a line. */
final class LoggerName {
    private LoggerName() {}

    /** True for a word that may be the name of a logger: {@code shop.sync}, {@code sync/main.go}. */
    static boolean isName(String word) {
        var last = Math.max(word.lastIndexOf('.'), Math.max(word.lastIndexOf(':'), word.lastIndexOf('/')));
        return last > 0
                && isPlain(word)
                && !Header.isException(word)
                && (word.indexOf("_") >= 0
                        || Chars.isLower(word.charAt(0))
                        || word.charAt(0) == '.'
                        || Chars.isUpper(word.charAt(0)));
    }

    /** {@code host program}. */
    static boolean isBehindHost(String text) {
        var blank = text.indexOf(' ');
        return blank > 0
                && blank == text.lastIndexOf(' ')
                && isPlain(text.replace("-", "").replace(" ", ""));
    }

    /** True for a word without characters that occur only in text. */
    static boolean isPlain(String word) {
        return word.chars().allMatch(c -> Chars.isWord((char) c) || ".:$/_-[]()<>,#@".indexOf(c) >= 0);
    }
}
