package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;

/** Words by which a person recognises an error, and words that only look like one. */
final class Phrases {
    private static final int LOOK_AT = 400;

    private static final List<String> LEADS = List.of(
            "error:",
            "fehler:",
            "erreur :",
            "erreur:",
            "error ",
            "error[",
            "fatal:",
            "fatal ",
            "panic:",
            "failed:",
            "failure:",
            "critical:",
            "exception:",
            "aborted:",
            "abort:",
            "die:",
            "fatal error",
            // The marks with which tools begin what is wrong.
            "✖ ",
            "✘ ",
            "✗ ",
            "× ",
            "❌",
            "⨯ ",
            "uncaught ",
            "unhandled ");

    private static final Pattern WORD = Pattern.compile(
            "\\b(?:error|errors|failed|fails|failure|exception|fatal|cannot|can ?not|could not|[a-z]+n't|unable|denied|refused|"
                    + "not found|no such|invalid|illegal|missing|timed out|timeout|time-out|unreachable|unavailable|aborted|aborting|killed|"
                    + "unauthorized|forbidden|expired|unexpected|unknown|unsupported|conflict|rejected|violates|violation|duplicate key|"
                    + "corrupt|corrupted|disk full|is full|no space|out of memory|too (?:many|large|long|big)|not allowed|not permitted|"
                    + "does not exist|do not|not a|not an|is not|was not|were not|has no|have no|not defined|not provided|not set|incorrect|required|crashed|"
                    + "there (?:is|are) no|terminated|stopped unexpectedly|segmentation fault|core dumped|broken|reset by peer|closed the connection|"
                    + "deadlock|overflow|mismatch|unrecognized|undefined|unbound|bad|wrong|must|answered [45]\\d\\d|status(?: code)?:? [45]\\d\\d|busy|locked|giving up|gave up|lost|"
                    // The same in some languages that programs and databases speak.
                    + "fehler|fehlgeschlagen|konnte nicht|kann nicht|nicht gefunden|verweigert|abgebrochen|erreur|impossible|introuvable|"
                    + "fallo|no se puede|no se pudo|errore|impossibile|erro|falha|fout|mislukt)\\b"
                    + "|\\b(?:refus|expir|denegad|fall)[éóao]|[éÉ]chec|błąd|ошибка|не удалось|错误|失败|エラー|失敗");

    private static final Pattern NO_ERROR = Pattern.compile(
            "\\b(?:no|0|zero|without|any) (?:errors?|failures?|failed|exceptions?|warnings?|changes?|updates?|new)\\b|\\b(?:errors?|failed|failures?)[:=] ?0\\b|"
                    + "\\b(?:will retry|retrying|ignored|ignoring|skipping|skipped)\\b");

    /** The name of a tool, or a script and a line, and then what is wrong. */
    private static final Pattern TOOL =
            Pattern.compile("^[\\w./@+-]{1,80}(?:\\[\\d+\\])?: (?:line \\d+: |\\d+: |\\(\\d+\\) |error: |fatal: )?.*");

    private static final Pattern PERL = Pattern.compile(" at \\S+ line \\d+(?:, <[^>]*> (?:line|chunk) \\d+)?\\.$");

    /** {@code ORA-00001: unique constraint violated}: the number of an error of a database. */
    private static final Pattern NUMBERED = Pattern.compile("^(?:[a-z]{2,6}\\d?-\\d{4,6}: |sql\\d{4,5}[nce] )");

    private static final Pattern PROGRESS = Pattern.compile("\\d+%|\\d+/\\d+ \\[|it/s|[#=>.]{8,}|ETA ");

    private static final List<String> WRAPPERS = List.of(
            "make: ***",
            "make[",
            "npm err!",
            "npm error",
            "error command failed",
            "error command \"",
            "exit status ",
            "exit code ",
            "tasks: top =>",
            "(see full trace",
            "command exited with",
            "process exited",
            "elifecycle",
            "error: script ",
            "command terminated with",
            "error: command failed",
            "error: process completed with exit code",
            "note: run with",
            "note: some details are omitted",
            "run `",
            "try `",
            "rsync error:",
            "rsync: connection unexpectedly closed",
            "aborted (core dumped)",
            "error: called from",
            "see '",
            "try '",
            "run '",
            "for more information",
            "for more help",
            "(use `node",
            "node.js v",
            "did you mean",
            "emitted 'error' event",
            "script failed with",
            "job failed with exit code",
            "error: job failed",
            "husky",
            "info  visit",
            "report errors",
            "report bugs",
            "[help",
            "to see the full stack trace",
            "re-run maven",
            "http://",
            "https://",
            "the above exception",
            "during handling of",
            "stack trace:",
            "stack backtrace:",
            "dumping heap",
            "heap dump file",
            "thrown in ",
            "hint:",
            "detail:",
            "context:",
            "a complete log of this run",
            "begin failed--compilation aborted",
            "compilation failed in require",
            "the statement has been terminated",
            "tar: error is not recoverable",
            "tar (child): error is not recoverable",
            "tar: child returned status",
            "tar: exiting with failure status",
            "program exited");

    private static final Pattern ENDED = Pattern.compile(
            "\\b(?:exit(?:ed)? (?:with )?(?:status |code )|exited with |non-zero exit |"
                    + "(?:exit )?(?:code|status)[:=]? \\(?[1-9]\\d*\\)?$)|^failed to execute goal |^execution failed for task ");

    private Phrases() {}

    /** True for a line that only says that another program has ended. The words of that program say more. */
    static boolean isEnd(String said) {
        return ENDED.matcher(begin(said)).find();
    }

    /** True for a line of a wrapper about a program that has failed before. */
    static boolean isWrapper(String said) {
        var text = said.toLowerCase(Locale.ROOT);
        return text.endsWith("==aborting") || WRAPPERS.stream().anyMatch(text::startsWith);
    }

    /** True for a line that calls itself an error. */
    static boolean isError(String said) {
        var text = begin(said);
        if (NO_ERROR.matcher(text).find()) return false;
        if (LEADS.stream().anyMatch(text::startsWith)
                || PERL.matcher(said.length() > 4_000 ? text : said).find()) return true;
        if (NUMBERED.matcher(text).find()) return true;
        if (text.contains(": error: ")
                || text.contains(": fatal: ")
                || text.contains(": error ")
                || text.contains(" error:")) return true;
        if (Header.of(said)
                .filter(one -> one.isException() && !one.message().isEmpty())
                .isPresent()) return true;
        return (TOOL.matcher(text).matches() && WORD.matcher(text).find()) || text.startsWith("curl: (");
    }

    static boolean soundsLikeError(String said) {
        var text = begin(said);
        return (text.startsWith("no ") || WORD.matcher(text).find())
                && !NO_ERROR.matcher(text).find();
    }

    /** True for a progress bar and other output that is drawn repeatedly. */
    static boolean isProgress(String said) {
        var text = begin(said);
        return PROGRESS.matcher(text).find() && !text.contains("error") && !text.contains("fail");
    }

    private static String begin(String said) {
        return (said.length() <= LOOK_AT ? said : said.substring(0, LOOK_AT)).toLowerCase(Locale.ROOT);
    }
}
