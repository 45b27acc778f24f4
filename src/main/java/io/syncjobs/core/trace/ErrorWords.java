package io.syncjobs.core.trace;

import static java.util.stream.Collectors.groupingBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/**
 * Words that tell of an error. A scanner looks for them, because each line of a log is searched for all of them, and an expression
 * with so many words is slow.
 */
final class ErrorWords {
    /** Nothing that belongs to a word stands before or after these. They begin and end with a letter. */
    private static final Map<Character, List<String>> WHOLE =
            byFirst("error|errors|failed|fails|failure|exception|fatal|cannot|can not|could"
                    + " not|unable|denied|refused|not found|no such|unterminated|expression expected|operator expected|argument expected|invalid|illegal|missing|timed"
                    + " out|timeout|time-out|unreachable|unavailable|aborted|aborting|killed|unauthorized|forbidden|expired|unexpected|unknown|unsupported|conflict|rejected|violates|violation|duplicate"
                    + " key|corrupt|corrupted|corruption|disk full|is full|no space|out of memory|too many|too large|too long|too"
                    + " big|not allowed|not permitted|does not exist|do not|not a|not an|is not|was not|were not|has"
                    + " no|have no|not defined|not provided|not set|incorrect|required|crashed|there is no|there are"
                    + " no|terminated|stopped unexpectedly|segmentation fault|core dumped|broken"
                    + "|connection reset|reset by peer|closed by remote host|connection closed by|closed the"
                    + " connection|deadlock|overflow|mismatch|unrecognized|undefined|unbound|bad|wrong|must|busy|locked|giving"
                    + " up|gave up|lost|eof|exceeded|exceeds|malformed|interrupted|insufficient|no route|not"
                    + " known|already in use|already exists|file exists|is a directory|read-only file system|no rows|no valid"
                    + "|non-exhaustive|exhausted|blocked indefinitely|not loaded|not open|"
                    // The same in some languages that programs and databases speak.
                    + "fehler|fehlgeschlagen|konnte nicht|kann nicht|nicht"
                    + " gefunden|verweigert|abgebrochen|erreur|impossible|introuvable|fallo|no se puede|no se"
                    + " pudo|errore|impossibile|erro|falha|fout|mislukt|keine berechtigung|non trovato|permesso"
                    + " negato|niet gevonden|toegang geweigerd|nie znaleziono|chyba|hiba|hata|fel|feil|fejl|virhe");

    /** Behind these words the number of an answer that is an error. */
    private static final Map<Character, List<String>> ANSWERS =
            byFirst("http |answered |status |status: |status code |status code: ");

    private static final Map<Character, List<String>> BEGINNINGS =
            byFirst(Stream.of("refus", "expir", "denegad", "fall")
                    .flatMap(stem -> Stream.of("é", "ó", "a", "o").map(stem::concat)));

    private static final List<String> ANYWHERE = List.of(
            "fehler",
            "échec",
            "non accord",
            "no encontrad",
            "não encontrad",
            "permissão negada",
            "błąd",
            "ошибка",
            "не удалось",
            "не найден",
            "отказано",
            "错误",
            "失败",
            "未找到",
            "エラー",
            "失敗",
            "見つかりません",
            "오류",
            "실패");

    private ErrorWords() {}

    private static Map<Character, List<String>> byFirst(String words) {
        return byFirst(
                Collections.list(new StringTokenizer(words, "|")).stream().map(Object::toString));
    }

    private static Map<Character, List<String>> byFirst(Stream<String> words) {
        return words.collect(groupingBy(word -> word.charAt(0)));
    }

    /** True if one of the words is in a text in lower case. */
    static boolean in(String text) {
        for (var i = 0; i < text.length(); i++) {
            var first = text.charAt(i);
            if (Chars.isLower(first) && !isInName(text, i) && beginsAt(text, i, first)) return true;
        }
        return ANYWHERE.stream().anyMatch(text::contains);
    }

    /** Words do not begin within other words, nor do those that name a file: {@code /data/errors.csv}. */
    private static boolean isInName(String text, int at) {
        var before = Chars.at(text, at - 1);
        return Chars.isWord(before) || isFile(text, at, before == '/');
    }

    private static boolean isFile(String text, int at, boolean inPath) {
        var end = at;
        while (Chars.isWord(Chars.at(text, end)) || Chars.at(text, end) == '-') end++;
        return (inPath && Chars.at(text, end) == '/')
                || (Chars.at(text, end) == '.' && Chars.isWord(Chars.at(text, end + 1)));
    }

    private static boolean beginsAt(String text, int from, char first) {
        for (var word : WHOLE.getOrDefault(first, List.of())) {
            if (text.startsWith(word, from) && !Chars.isWord(Chars.at(text, from + word.length()))) return true;
        }
        for (var word : ANSWERS.getOrDefault(first, List.of())) {
            if (text.startsWith(word, from) && isNumberOfError(text, from + word.length())) return true;
        }
        for (var word : BEGINNINGS.getOrDefault(first, List.of())) {
            if (text.startsWith(word, from)) return true;
        }
        return isNegated(text, from);
    }

    private static boolean isNumberOfError(String text, int from) {
        var first = Chars.at(text, from);
        return (first == '4' || first == '5')
                && Chars.digits(text, from) == from + 3
                && !Chars.isWord(Chars.at(text, from + 3));
    }

    /** {@code doesn't}. */
    private static boolean isNegated(String text, int from) {
        var end = from;
        while (Chars.isLower(Chars.at(text, end))) end++;
        return end > from + 1
                && text.charAt(end - 1) == 'n'
                && text.startsWith("'t", end)
                && !Chars.isWord(Chars.at(text, end + 2));
    }
}
