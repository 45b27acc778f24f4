package io.syncjobs.core.trace;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/** {@code Export completed with 1 error}: a line of words that tell only that something has failed, and how much of it. */
final class Summary {
    private static final int LONGEST = 80;

    private static final Set<String> WORDS = words("""
        error errors failed failure failures failing fail fails fatal critical exception exceptions unsuccessful aborted
        aborting terminated unexpected unknown internal general something went wrong occurred encountered detected
        exit exits exiting exited returned code status result state finished completed complete ended end done stopped
        stopping ok success successful successfully succeeded processed skipped total number count
        of out in after with within during due to the a an and or for from at on by not did had been was were is are be
        there some all any one several many this it its
        job jobs sync synchronization synchronisation export exports exported import imports imported task tasks script
        process run command program application app worker batch pipeline execution operation action flow workflow
        service integration build push pushed pull pulled transfer upload download update migration backup main step stage
        order orders item items row rows record records line lines file files product products message messages
        see check please log logs above below details more information s ms sec secs second seconds min minutes
        fehler fehlern fehlgeschlagen fehlerhaft mit beendet abgebrochen anzahl nicht exportiert importiert
        """);

    /** A number behind these says which one. */
    private static final Set<String> NAMED =
            words("order item row record line file product message job task step stage batch");

    private Summary() {}

    static Set<String> words(String words) {
        return Collections.list(new StringTokenizer(words)).stream()
                .map(Object::toString)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** True if the message has no word that says what is wrong, or with what. */
    static boolean is(String message) {
        if (message.length() > LONGEST) return false;
        var text = message.toLowerCase(Locale.ROOT);
        var last = "";
        for (var i = 0; i < text.length(); ) {
            var end = i;
            while (Character.isLetter(Chars.at(text, end))) end++;
            if (end > i) {
                last = text.substring(i, end);
                if (!WORDS.contains(last)) return false;
                i = end;
            } else {
                if (Chars.isDigit(text.charAt(i)) && Chars.at(text, i - 1) == ' ' && isOf(text, i - 1, last))
                    return false;
                i++;
            }
        }
        return !last.isEmpty();
    }

    private static boolean isOf(String text, int blank, String word) {
        return NAMED.contains(word) && text.startsWith(word, blank - word.length());
    }
}
