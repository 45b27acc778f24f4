package io.syncjobs.core.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The level of a log line. */
enum Level {
    NONE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    FATAL;

    private static final Map<String, Level> WORDS = Map.ofEntries(
            Map.entry("TRACE", DEBUG),
            Map.entry("TRCE", DEBUG),
            Map.entry("TRAC", DEBUG),
            Map.entry("DEBU", DEBUG),
            Map.entry("TRC", DEBUG),
            Map.entry("DEBUG", DEBUG),
            Map.entry("DBUG", DEBUG),
            Map.entry("DBG", DEBUG),
            Map.entry("VERBOSE", DEBUG),
            Map.entry("VRB", DEBUG),
            Map.entry("SILLY", DEBUG),
            Map.entry("HTTP", INFO),
            Map.entry("FINE", DEBUG),
            Map.entry("FINER", DEBUG),
            Map.entry("FINEST", DEBUG),
            Map.entry("CONFIG", INFO),
            Map.entry("INFO", INFO),
            Map.entry("INF", INFO),
            Map.entry("INFORMATION", INFO),
            Map.entry("INFORMATIONAL", INFO),
            Map.entry("NOTICE", INFO),
            Map.entry("SUCCESS", INFO),
            Map.entry("LOG", INFO),
            Map.entry("WARN", WARN),
            Map.entry("WRN", WARN),
            Map.entry("WARNING", WARN),
            Map.entry("ERROR", ERROR),
            Map.entry("ERR", ERROR),
            Map.entry("EROR", ERROR),
            Map.entry("ERRO", ERROR),
            Map.entry("FAIL", ERROR),
            Map.entry("SEVERE", ERROR),
            Map.entry("FATAL", FATAL),
            Map.entry("FTL", FATAL),
            Map.entry("FATA", FATAL),
            Map.entry("PANI", FATAL),
            Map.entry("CRITICAL", FATAL),
            Map.entry("CRIT", FATAL),
            Map.entry("CRT", FATAL),
            Map.entry("ALERT", FATAL),
            Map.entry("EMERG", FATAL),
            Map.entry("EMERGENCY", FATAL),
            Map.entry("DPANIC", FATAL),
            Map.entry("PANIC", FATAL),
            Map.entry("PNC", FATAL),
            // Loggers of Java in German, French, Italian and Spanish.
            Map.entry("INFOS", INFO),
            Map.entry("WARNUNG", WARN),
            Map.entry("AVERTISSEMENT", WARN),
            Map.entry("AVVERTENZA", WARN),
            Map.entry("ADVERTENCIA", WARN),
            Map.entry("FEHLER", ERROR),
            Map.entry("ERREUR", ERROR),
            Map.entry("GRAVE", ERROR),
            Map.entry("SCHWERWIEGEND", ERROR),
            // The same in Portuguese, Swedish, Chinese, Japanese and Korean.
            Map.entry("INFORMACIÓN", INFO),
            Map.entry("INFORMAÇÕES", INFO),
            Map.entry("ADVERTÊNCIA", WARN),
            Map.entry("VARNING", WARN),
            Map.entry("ALLVARLIG", ERROR),
            Map.entry("信息", INFO),
            Map.entry("資訊", INFO),
            Map.entry("情報", INFO),
            Map.entry("정보", INFO),
            Map.entry("警告", WARN),
            Map.entry("경고", WARN),
            Map.entry("严重", ERROR),
            Map.entry("嚴重", ERROR),
            Map.entry("重大", ERROR),
            Map.entry("심각", ERROR));

    private static final int LONGEST = 13;

    /** In capitals at the beginning of a line they begin no text. */
    private static final Set<String> SURE =
            Set.of("INFO", "DEBUG", "DEBU", "TRAC", "WARN", "ERROR", "ERR", "ERRO", "FATA");

    /** The level of this word; {@link #NONE} for a word that names none. */
    static Level of(String word) {
        return word.length() > LONGEST ? NONE : WORDS.getOrDefault(word.toUpperCase(Locale.ROOT), NONE);
    }

    /** The position after the letters of the word that begins here. */
    static int wordEnd(String line, int at) {
        var end = at;
        while (end - at <= LONGEST && Character.isLetter(Chars.at(line, end))) end++;
        return end;
    }

    /** True for a level of messages that tell of no error. */
    boolean isQuiet() {
        return this == INFO || this == DEBUG;
    }

    static boolean isSure(String word) {
        return SURE.contains(word);
    }

    boolean atLeast(Level other) {
        return compareTo(other) >= 0;
    }
}
