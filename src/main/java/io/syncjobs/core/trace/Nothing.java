package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lines with a word for an error that tell of none: {@code errors: 0}, {@code error=nil}, {@code error rate 0.2%}. */
final class Nothing {
    private static final int LONGEST = 80;

    private static final Set<String> BARE =
            Set.of("none", "null", "nil", "<nil>", "undefined", "false", "off", "no", "0", "[]", "{}");

    private static final List<String> STEMS =
            List.of("error", "fail", "exception", "reject", "conflict", "timeout", "refus");

    private static final Pattern NONE = Pattern.compile(
            "^(?:[\\w -]+ )?(?:errors?|failures?|failed|exceptions?|conflicts|timeouts|rejected|refused)"
                    + "(?: \\w+)?(?:[:=] ?| )0[.,;]?$"
                    // What is there to handle errors is none.
                    + "|^(?:error|exception|failure|timeout)s? (?:rates?|budget|handlers?|handling|mappers?|mapping|"
                    + "counts?|thresholds?|reporting|polic(?:y|ies)|queue|topic|page|set to)\\b"
                    + "|^(?:[\\w -]+ )?\"?\\w*(?:error|fail|exception|reject|conflict|timeout)\\w*\"?(?: \\w+)?"
                    + "(?:[:=] ?(?:none|null|nil|<nil>|false|off|no|\\[\\]|\\{\\})|=)[.,;]?$");

    private Nothing() {}

    /** True if the line says nothing else. */
    static boolean is(String said) {
        if (said.length() > LONGEST) return false;
        var text = said.toLowerCase(Locale.ROOT);
        return BARE.contains(text)
                || (STEMS.stream().anyMatch(text::contains)
                        && NONE.matcher(text).find());
    }
}
