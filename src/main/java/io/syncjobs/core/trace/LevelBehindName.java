package io.syncjobs.core.trace;

import java.util.Optional;

/**
 * {@code shop.Sync ERROR - text}, {@code - shop - ERROR - text} or {@code shop [ERROR]: text}: some put the level behind the name of
 * the logger. A word of a text before a word in capitals is no name: a name has a dot, or something parts it from the level.
 *
 * @param end the position after the level
 */
record LevelBehindName(Level level, int end) {
    private static final int LONGEST = 100;

    /** Reads the part of a line that begins behind its time. */
    static Optional<LevelBehindName> read(String line, int from) {
        var at = behindSeparator(line, from);
        var end = at;
        while (end < line.length() && line.charAt(end) > ' ' && end - at < LONGEST) end++;
        var word = behindSeparator(line, end);
        if (end == at
                || word == end
                || !LoggerName.isPlain(line.substring(at, end).replace("-", ""))) return Optional.empty();
        var bracket = Chars.at(line, word) == '[';
        var begin = bracket ? word + 1 : word;
        var behind = begin;
        while (Chars.isUpper(Chars.at(line, behind)) || Chars.isLower(Chars.at(line, behind))) behind++;
        var level = Level.of(line.substring(begin, behind));
        if (level == Level.NONE || (bracket && Chars.at(line, behind) != ']')) return Optional.empty();
        if (bracket) behind++;
        var tab = Chars.at(line, end) == '\t' && Chars.at(line, behind) == '\t';
        var parted = bracket || tab || word > Chars.blanks(line, end);
        var capitals = line.substring(begin, behind).chars().noneMatch(c -> c >= 'a' && c <= 'z');
        var sure = parted
                ? bracket || tab || capitals || line.startsWith(" -", behind)
                : capitals && isDotted(line, at, end);
        if (!sure || " :\t\0".indexOf(Chars.at(line, behind)) < 0) return Optional.empty();
        return Optional.of(new LevelBehindName(level, Chars.at(line, behind) == ':' ? behind + 1 : behind));
    }

    private static boolean isDotted(String line, int at, int end) {
        return Chars.at(line, end) == '\t' || line.substring(at, end).indexOf('.') > 0;
    }

    /** The position after blanks or a tab, or after {@code " - "} or {@code " | "}. */
    private static int behindSeparator(String line, int at) {
        var from = Chars.at(line, at) == '\t' ? at + 1 : Chars.blanks(line, at);
        return line.startsWith("- ", from) || line.startsWith("| ", from) ? Chars.blanks(line, from + 2) : from;
    }
}
