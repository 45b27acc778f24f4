package io.syncjobs.core.trace;

import java.util.Set;

/** {@code push.sh: line 3: text} or {@code push.sh: 3: text}: a shell names the line only of what is wrong. */
final class ShellLine {
    /** The word for a line in the languages that bash speaks. */
    private static final Set<String> WORDS = Set.of(
            "line", "zeile", "ligne", "línea", "linha", "riga", "regel", "linia", "rad", "linje", "rivi", "satır",
            "řádek", "sor", "строка", "行", "줄");

    private static final int LONGEST = 8;

    private ShellLine() {}

    /** True if such a text, in small letters, begins with a name up to {@code end}. */
    static boolean begins(String text, int end) {
        if (end < 1 || !text.startsWith(": ", end)) return false;
        var number = numberAt(text, end + 2);
        var behind = Chars.digits(text, number);
        return behind > number
                && text.charAt(number) != '0'
                && text.startsWith(": ", behind)
                && !Chars.isDigit(Chars.at(text, Chars.blanks(text, behind + 1)))
                && !text.startsWith("warning:", behind + 2);
    }

    /** {@code push.sh: line 3: `done'}: the line itself, below what is wrong with it. */
    static boolean isSource(String said) {
        return said.endsWith("'") && said.indexOf(": `") > 0 && said.indexOf(": `") == said.indexOf('`') - 2;
    }

    private static int numberAt(String text, int from) {
        var end = from;
        while (end - from < LONGEST && Character.isLetter(Chars.at(text, end))) end++;
        return end > from && Chars.at(text, end) == ' ' && WORDS.contains(text.substring(from, end)) ? end + 1 : from;
    }
}
