package io.syncjobs.core.trace;

import java.util.Locale;
import java.util.Map;

/** The level of a log line. */
enum Level {
    NONE,
    INFO,
    WARN,
    ERROR,
    FATAL;

    private static final Map<String, Level> WORDS = Map.ofEntries(
            Map.entry("TRACE", INFO),
            Map.entry("TRCE", INFO),
            Map.entry("TRAC", INFO),
            Map.entry("DEBU", INFO),
            Map.entry("TRC", INFO),
            Map.entry("DEBUG", INFO),
            Map.entry("DBUG", INFO),
            Map.entry("DBG", INFO),
            Map.entry("VERBOSE", INFO),
            Map.entry("VRB", INFO),
            Map.entry("SILLY", INFO),
            Map.entry("HTTP", INFO),
            Map.entry("FINE", INFO),
            Map.entry("FINER", INFO),
            Map.entry("FINEST", INFO),
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
            Map.entry("SCHWERWIEGEND", ERROR));

    /** The level of this word; {@link #NONE} for a word that names none. */
    static Level of(String word) {
        return word.length() > 13 ? NONE : WORDS.getOrDefault(word.toUpperCase(Locale.ROOT), NONE);
    }

    boolean atLeast(Level other) {
        return compareTo(other) >= 0;
    }
}
