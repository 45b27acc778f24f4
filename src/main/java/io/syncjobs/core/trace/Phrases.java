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
            "pure virtual method called",
            "init terminating in do_boot",
            "runtime terminating during boot",
            // The marks with which tools begin what is wrong.
            "[!] ",
            "✖ ",
            "✘ ",
            "✗ ",
            "× ",
            "❌",
            "⨯ ",
            "⛔",
            "❗",
            "🚨",
            "💥",
            "🛑",
            "uncaught ",
            "unhandled ",
            "nt_status_");

    private static final int TOOL_CHARS = 80;
    private static final int BAR_CHARS = 8;

    private static final Pattern PERL = Pattern.compile(" at \\S+ line \\d+(?:, <[^>]*> (?:line|chunk) \\d+)?\\.$");

    /** {@code ORA-00001: unique constraint violated}: the number of an error of a database. */
    private static final Pattern NUMBERED =
            Pattern.compile("^(?:(?:ora|tns|pls|rman|imp|exp|ud[ei]|kup|sp2|sql\\*\\w+)-\\d{3,6}: |sql\\d{4,5}[nce] )");

    private static final List<String> WRAPPERS = List.of(
            "make: ***",
            "make[",
            "npm err!",
            "npm error",
            "error command failed",
            "error command \"",
            "exit status ",
            "terminating with ",
            "exit code ",
            "tasks: top =>",
            "(see full trace",
            "command exited with",
            "process exited",
            "elifecycle",
            "error: script ",
            "task: failed to run task ",
            "error: recipe `",
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
            "terminate called without an active exception",
            "error: called from",
            "error: a fatal exception has occurred. program will exit",
            "error: could not create the java virtual machine",
            "failure: build failed with",
            "build failed in ",
            "lost connection",
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
            "error running command: exit status",
            "husky",
            "info  visit",
            "report errors",
            "report bugs",
            "[help",
            "-> [help",
            "main process exited",
            "failed with result '",
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
            "error termination. backtrace",
            "slf4j: ",
            "log4j:",
            "note: the sas system",
            "sp2-0157",
            "ora-06512:",
            "msmtp: could not send mail",
            "[isql]error: could not",
            "tar: error is not recoverable",
            "tar (child): error is not recoverable",
            "tar: child returned status",
            "tar: exiting with failure status",
            "program exited",
            "parallel: this job failed",
            "if the error ",
            "if this error ",
            "if the problem ",
            "if you ",
            // The count at the end of a test run.
            "tests:",
            "test suites:");

    private static final Pattern ENDED =
            Pattern.compile("\\b(?:exit(?:ed)? (?:with )?(?:status |code )|exited with |non-zero exit |"
                    + "(?:ended|failed|terminated|returned|died) with (?:an? )?(?:exit |error |return )?(?:code|status)[: ]|(?:exit )?(?:code|status)[:=]?"
                    + " \\(?[1-9]\\d*\\)?$)|^error code *: \\d+$|^failed to execute goal |^execution failed for task ");

    private static final Pattern COUNTED =
            Pattern.compile("(?:\\b\\w+=\\d+\\s+){2}\\w+=\\d+|^found [1-9]\\d* errors? in \\S|\\b[1-9]\\d*"
                    + " (?:consecutive )?(?:errors?|failed|failures?|failing)\\b(?: and \\d+ warnings?)?[:.]?$");

    private Phrases() {}

    /** True for a line that only says that another program has ended. The words of that program say more. */
    static boolean isEnd(String said) {
        return ENDED.matcher(begin(said)).find();
    }

    /** True for a line of a wrapper about a program that has failed before. */
    static boolean isWrapper(String said) {
        var text = said.toLowerCase(Locale.ROOT);
        if (NpmLines.tellOfItsOwn(said)) return false;
        return text.endsWith("==aborting")
                || WRAPPERS.stream().anyMatch(lead -> Followers.begins(text, lead))
                || Followers.contain(text);
    }

    /** True for a line that calls itself a warning. The program survived what it tells. */
    static boolean isWarning(String said) {
        return said.regionMatches(true, 0, "warning: ", 0, 9)
                || begin(said)
                        .substring(0, Math.min(TOOL_CHARS, begin(said).length()))
                        .contains(": warning: ");
    }

    /** {@code PASS=3 WARN=0 ERROR=1} or {@code 3 jobs processed, 1 failed}: the count at the end says less than what it counts. */
    static boolean isCount(String said) {
        return COUNTED.matcher(begin(said)).find();
    }

    /** True for a line that calls itself an error. */
    static boolean isError(String said) {
        var text = begin(said);
        return callsItselfError(said, text) && !Nothing.isIn(text);
    }

    /** {@code Database Error in model orders (models/orders.sql)}: it says where, and the next line says what. */
    static boolean isTitle(String said) {
        return said.endsWith(")") && said.indexOf(" Error in ") > 0 && said.indexOf(" (") > 0;
    }

    private static boolean callsItselfError(String said, String text) {
        if (LEADS.stream().anyMatch(text::startsWith) || isOfPerl(said.length() > 4_000 ? text : said)) return true;
        if (isNumbered(text) || ShellLine.begins(text, toolEnd(text))) return true;
        if (text.contains(": error: ")
                || text.contains(": fatal: ")
                || text.contains(": error ")
                || text.contains(" error : ")
                || text.contains(" panic: ")
                || text.contains(" error:")) return true;
        if (Header.of(said)
                .filter(one -> one.isException() && !one.message().isEmpty())
                .isPresent()) return true;
        if (Header.behind(said).isPresent()) return true;
        return (isOfTool(text) && (ErrorWords.in(text) || text.contains(": no module named ")))
                || text.startsWith("curl: (");
    }

    /** True for a line of a database that begins with the number of an error. */
    static boolean isNumbered(String said) {
        return NUMBERED.matcher(begin(said)).find();
    }

    /** Most lines end otherwise, which is cheaper to see than an expression. */
    private static boolean isOfPerl(String said) {
        return said.endsWith(".")
                && said.contains(" line ")
                && PERL.matcher(said).find();
    }

    /** {@code push.sh: } or {@code sync[12]: }: the name of a tool, or a script, and then what is wrong. */
    static boolean isOfTool(String text) {
        var end = toolEnd(text);
        if (end == 0) return false;
        // Zsh and compilers: "push.zsh:3: command not found: jq".
        for (var i = 0; i < 2 && isNumber(text, end); i++) end = Chars.digits(text, end + 1);
        if (Chars.at(text, end) == '[') {
            var close = Chars.digits(text, end + 1);
            if (close == end + 1 || Chars.at(text, close) != ']') return false;
            end = close + 1;
        }
        return text.startsWith(": ", end);
    }

    private static boolean isNumber(String text, int colon) {
        return Chars.at(text, colon) == ':' && Chars.digits(text, colon + 1) > colon + 1;
    }

    private static int toolEnd(String text) {
        var end = 0;
        while (end < TOOL_CHARS && (Chars.isWord(Chars.at(text, end)) || "./@+-".indexOf(Chars.at(text, end)) >= 0))
            end++;
        return end;
    }

    static boolean soundsLikeError(String said) {
        var text = begin(said);
        return (text.startsWith("no ") || text.endsWith(" fail") || text.endsWith("[fail]") || ErrorWords.in(text))
                && !Nothing.isIn(text)
                && !Nothing.isNew(text);
    }

    /** True for a progress bar and other output that is drawn repeatedly. */
    static boolean isProgress(String said) {
        var text = begin(said);
        return isDrawn(text) && !text.contains("error") && !text.contains("fail");
    }

    /** {@code 12%}, {@code 3/12 [}, {@code it/s}, or a bar. */
    private static boolean isDrawn(String text) {
        var bar = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            bar = "#=>.".indexOf(c) < 0 ? 0 : bar + 1;
            if (bar == BAR_CHARS) return true;
            if (c == '/' && text.startsWith("it/s", i - 2)) return true;
            if (!Chars.isDigit(Chars.at(text, i - 1))) continue;
            // "the disk is 100 % full: cannot write": behind the number of a progress nothing like this stands.
            if (c == '%') return !ErrorWords.in(text.substring(i));
            if (c == '/' && isCount(text, i + 1)) return true;
        }
        return false;
    }

    private static boolean isCount(String text, int from) {
        var end = Chars.digits(text, from);
        return end > from && text.startsWith(" [", end);
    }

    private static String begin(String said) {
        return (said.length() <= LOOK_AT ? said : said.substring(0, LOOK_AT)).toLowerCase(Locale.ROOT);
    }
}
