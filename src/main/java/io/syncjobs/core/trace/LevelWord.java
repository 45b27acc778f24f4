package io.syncjobs.core.trace;

/**
 * A word in the prefix of a line that may name a level. Texts begin with such words too: it is one in capitals, or behind a time or
 * before the bracket of a logger.
 */
final class LevelWord {
    private final String line;
    private final int at;
    private final int end;
    private final boolean stamped;

    /** {@code stamped} tells that a time stands before the word. */
    LevelWord(String line, int at, boolean stamped) {
        this.line = line;
        this.at = at;
        this.stamped = stamped;
        end = Level.wordEnd(line, at);
    }

    int end() {
        return end;
    }

    /** The character behind the word. */
    char behind() {
        return Chars.at(line, end);
    }

    /** False for a part of a longer word. */
    boolean isWhole() {
        return end > at && !Chars.isWord(behind()) && behind() != '-' && (behind() != '/' || stamped);
    }

    private String word() {
        return line.substring(at, end);
    }

    /** {@link Level#NONE} for a word that names none. */
    Level level() {
        return Level.of(word());
    }

    private boolean isInCapitals() {
        return word().chars().noneMatch(Character::isLowerCase);
    }

    /** True if the text begins with this word, or if it is none of a level here. */
    boolean isOfText() {
        var capitals = isInCapitals();
        return isColumn()
                || !(capitals || stamped || isOfDotnet())
                || behind() == '='
                || (!(capitals && stamped) && Nothing.is(line.substring(at)))
                || isNumbered()
                || isNoun()
                || (capitals && beginsTitle());
    }

    /** A column of a table: {@code ERROR       partner not reached}. */
    private boolean isColumn() {
        return !stamped && at == 0 && line.startsWith("      ", end);
    }

    /** {@code fail: Shop.Sync[0]}. */
    private boolean isOfDotnet() {
        return end - at == 4 && behind() == ':' && Chars.isLower(line.charAt(at)) && line.indexOf('[', end) > 0;
    }

    /** Clients of MySQL write the number of an error so: {@code ERROR 1045 (28000): Access denied}. Azure's have a name. */
    private boolean isNumbered() {
        return (behind() == ' '
                        && Chars.isDigit(Chars.at(line, end + 1))
                        && line.startsWith(" (", Chars.digits(line, end + 1)))
                || (word().equals("ERROR") && line.startsWith(" CODE: ", end));
    }

    /** {@code http: panic serving}, {@code config: open sync.yaml}, {@code HTTP 503 from the shop}: loggers without levels write so. */
    private boolean isNoun() {
        return switch (word()) {
            case "config" -> true;
            case "http" -> behind() == ' ' || isOfGo() || line.startsWith(" error: ", end + 1);
            case "log" -> behind() == ' ' || isOfGo();
            case "HTTP" -> !stamped || Chars.isDigit(Chars.at(line, end + 1));
            default -> false;
        };
    }

    /** A line that begins with {@code 2031/03/02}. */
    private boolean isOfGo() {
        return line.startsWith("/", 4);
    }

    /** {@code NOTICE Board closed}: a word that is no sure level, before a word with a capital. */
    private boolean beginsTitle() {
        return !stamped
                && at == 0
                && behind() == ' '
                && Chars.isUpper(Chars.at(line, end + 1))
                && !Level.isSure(word());
    }

    /** {@code Error while sending}: it says how bad the line is, and is a part of the text. */
    boolean beginsSentence() {
        return behind() == ' '
                && Chars.isLower(Chars.at(line, end + 1))
                && !isInCapitals()
                && Chars.isUpper(line.charAt(at));
    }

    /** Where the text begins, or what else stands behind the level. */
    int next() {
        if (line.regionMatches(true, end, "(s):", 0, 4)) return end + 4;
        return behind() == ':' || behind() == '!' ? end + 1 : end;
    }
}
