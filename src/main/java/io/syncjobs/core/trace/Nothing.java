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
                    + "|^(?:[\\w -]+ )?\"?\\w*(?:error|fail|exception|reject|conflict|timeout)\\w*\"?(?: \\w+)?"
                    + "(?:[:=] ?(?:none|null|nil|<nil>|false|off|no|\\[\\]|\\{\\})|=)[.,;]?$");

    /** What is there to handle errors is none. */
    private static final Pattern HANDLES = Pattern.compile(
            "^(?:error|exception|failure|timeout)s? (?:rates?|budget|handlers?|handling|mappers?|mapping|"
                    + "counts?|thresholds?|reporting|polic(?:y|ies)|queue|topic|page|set to)\\b");

    private static final Pattern NO_ERROR = Pattern.compile(
            // The last digit of a version is no number of errors: "sync-1.1.0 error in …".
            "(?:^|[^\\w.])(?:no|0|zero|without|any)"
                    + " (?:errors?|failures?|failed|exceptions?|warnings?)\\b|\\b(?:errors?|failed|failures?)[:=]"
                    + " ?0\\b|\\b(?:ohne|keine?|sans|aucune?|sin|sem) (?:fehler|erreurs?|errore?s?|erros?)"
                    + "|\\bfehlerfrei|\\b0 fehler|\\b(?:will retry|retrying|ignored|ignoring|skipping|skipped)\\b");

    private static final Pattern NOTHING_NEW =
            Pattern.compile("(?:^|[^\\w.])(?:no|0|zero|without|any) (?:changes?|updates?|new)\\b");

    private Nothing() {}

    /** True if a text in small letters says that there is no error, or that the program goes on. */
    static boolean isIn(String text) {
        // A program that has tried so often does not go on.
        return NO_ERROR.matcher(text.replace("after retrying", "")).find();
    }

    /** True if it says that nothing has changed: it may be an error that calls itself one. */
    static boolean isNew(String text) {
        return NOTHING_NEW.matcher(text).find();
    }

    /** True if the line says nothing else. */
    static boolean is(String said) {
        if (said.length() > LONGEST) return false;
        var text = said.toLowerCase(Locale.ROOT);
        return BARE.contains(text)
                || (STEMS.stream().anyMatch(text::contains)
                        && (NONE.matcher(text).find() || isHandler(text)));
    }

    /** {@code error handling enabled}, but not {@code error handling order 7: the shop answered 422}. */
    private static boolean isHandler(String text) {
        var handler = HANDLES.matcher(text);
        return handler.find() && !ErrorWords.in(text.substring(handler.end()));
    }
}
