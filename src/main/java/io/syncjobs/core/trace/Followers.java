package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * Lines that come after an error and say less than it: the count of a compiler, the place where a script was when it ended, what to
 * do about it.
 */
final class Followers {
    private static final List<String> BEGINNINGS = List.of(
            // Compilers and linkers.
            "error: compilation failed",
            "error: could not compile ",
            "error: aborting due to ",
            "compilation terminated",
            "collect2: error: ",
            "clang: error: linker command failed",
            "ninja: build stopped",
            // What a run says at its end.
            "errors printed on page",
            "errors were reported ",
            "finished with result",
            "main processes terminated with",
            "finished with errors",
            "completed with errors",
            "ended with errors",
            "encountered errors while ",
            // Git, once the transport below it or a filter has said why.
            "fatal: could not read from remote repository",
            "fatal: the remote end hung up",
            "fatal: early eof",
            "fatal: fetch-pack: invalid index-pack output",
            "error: external filter '",
            "error: failed to push some refs to ",
            "fetch-pack: unexpected disconnect ",
            // What libpq asks below a refused connection.
            "is the server running ",
            // SQL*Plus reads the rest of its input as another name and password.
            "sp2-0306:",
            // What libraries of Go know of an error besides its text.
            "error types: (1)",
            "wraps: (",
            // Advice.
            "make sure ",
            "please check ",
            "please make sure ",
            "please report ",
            "please see ",
            "see /",
            "see http",
            "see the ",
            "to install ",
            "to resolve ",
            "to fix ",
            "to learn more",
            "learn more");

    /** {@code Error on line 7}: what a trap of a shell knows. */
    private static final Pattern PLACE = Pattern.compile(
            "^(?:an )?(?:error|failure|failed|script failed|command failed|aborted|exiting|exit)"
                    + "(?: occurred)?,? (?:on|at|in|near)(?: \\S+)?,?(?: at| on)? line:? \\d+(?:[.!]?$| \\((?:exit|code|status|rc)\\b)");

    private static final List<String> CONSEQUENCES = List.of(
            "context canceled",
            "Server closed",
            "use of closed network connection",
            "operation was canceled",
            "current transaction is aborted, commands ignored until end of transaction block",
            "connection to server was lost",
            "smudge filter lfs failed",
            // The loader of musl lists them below the library that it has not found.
            ": symbol not found",
            // What the other end of a pipe says.
            "stdout: Broken pipe",
            "rite error: Broken pipe",
            "output file: Broken pipe",
            "stdin: unexpected end of file",
            "This does not look like a tar archive",
            "bytes of body are still expected",
            // A script ends what it has started.
            ") - No such process");

    /** The other end hung up: if it said why, that is above. */
    private static final String CLOSED = "Connection closed by ";

    /** curl has nobody to write to. */
    private static final String PIPE = "curl: (23) ";

    private static final int LONGEST_PLACE = 120;
    private static final int NEAR = 6;

    private static final String LEVEL = "error: ";

    /** Without the level, shorter words would begin other errors too. */
    private static final int LONG = 22;

    private Followers() {}

    /** True for such a line, in small letters. */
    static boolean contain(String text) {
        return BEGINNINGS.stream().anyMatch(lead -> begins(text, lead))
                || text.equals("aborted")
                || text.endsWith("suppressed same stacktrace")
                || isSummary(text)
                || isTimed(text)
                || isPath(text)
                || isOfOpenSsl(text)
                || isCode(text)
                || isCount(text)
                || isOfGoTest(text)
                || (text.length() < LONGEST_PLACE
                        && text.contains(" line")
                        && PLACE.matcher(text).find());
    }

    /**
     * The same error with the rank of what it says: {@code context canceled} tells that something else has ended the program, and
     * {@code Export failed} only that it did.
     */
    static Found ranked(Found found) {
        if (found.weight() == Found.Weight.BLOCK) return found;
        if (isAbort(found.message()) || found.message().startsWith(CLOSED))
            return found.at(found.last(), Found.Weight.NOISE);
        if (CONSEQUENCES.stream().anyMatch(found.message()::endsWith)
                || found.message().startsWith(PIPE)) return found.at(found.last(), Found.Weight.WORDS);
        var line = found.weight() == Found.Weight.LINE || found.weight() == Found.Weight.FATAL;
        return line && found.type().isEmpty() && (Summary.is(found.message()) || Cleanup.is(found.message()))
                ? found.at(found.last(), Found.Weight.WARNED)
                : found;
    }

    /** True if what stands above this line says what went wrong: {@code Export failed} below it adds nothing. */
    static boolean tellsWhy(Found above, Log log, int line) {
        for (var i = above.last() + 1; i < line; i++) {
            if (Character.isLetter(Chars.at(log.text(i), 0)) || i > above.last() + NEAR) return false;
        }
        var said = above.message();
        // "Loading missing orders" is work.
        var doing = said.startsWith("ing ", Level.wordEnd(said, 0) - 3) && !said.startsWith("Missing ");
        return above.weight() == Found.Weight.WORDS
                && !said.endsWith(":")
                && (!doing || said.contains(": "))
                && !Summary.is(said);
    }

    /** {@code run.sh: line 2:     8 Aborted                 ./sync}: a program that aborts says why before that. */
    private static boolean isAbort(String text) {
        return text.contains(" Aborted  ") && text.contains(": line ");
    }

    /** {@code Summary: 2 ok, 1 failed}, {@code SUMMARY: ThreadSanitizer: data race push.c:9}. */
    private static boolean isSummary(String text) {
        return text.startsWith("summary: ") && (Chars.isDigit(Chars.at(text, 9)) || text.contains("sanitizer: "));
    }

    /** {@code CommandException: 2 files/objects could not be transferred}: gsutil has said above why. */
    private static boolean isCount(String text) {
        return text.startsWith("commandexception: ") && text.contains(" could not be transferred");
    }

    /** {@code ERROR CODE: AuthorizationFailure}: a name for what is told in words above or below it. */
    private static boolean isCode(String text) {
        var lead = "error code: ";
        return text.startsWith(lead) && text.indexOf(' ', lead.length()) < 0;
    }

    /** {@code 40A7C2F9:error:80000002:system library:…}: where in OpenSSL it happened. The tool says above what it could not do. */
    private static boolean isOfOpenSsl(String text) {
        var end = 0;
        while (Character.digit(Chars.at(text, end), 16) >= 0) end++;
        return end > 0 && text.startsWith(":error:", end);
    }

    /** Of a line that begins with a level, as that of a logger does, only what stands behind it is left. */
    static boolean begins(String text, String lead) {
        return text.startsWith(lead)
                || (lead.length() > LONG && lead.startsWith(LEVEL) && text.startsWith(lead.substring(LEVEL.length())));
    }

    /** {@code FAIL ./sync.test.js}, without the level: what failed there is told elsewhere. */
    static boolean isPath(String text) {
        return text.indexOf(' ') < 0 && (text.indexOf('/') > 0 || text.indexOf('\\') > 0);
    }

    /** {@code ⨯ it pushes orders      0.01s}: the name of a test that failed. */
    private static boolean isTimed(String text) {
        var time = text.lastIndexOf("  ") + 2;
        return time > 2 && text.endsWith("s") && isSeconds(text.substring(time, text.length() - 1));
    }

    private static boolean isSeconds(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c == '.' || Chars.isDigit((char) c));
    }

    /** {@code FAIL	shop/sync	0.003s}: a package whose tests have failed, and how long they took. */
    private static boolean isOfGoTest(String text) {
        var time = text.lastIndexOf('\t') + 1;
        return text.startsWith("fail\t")
                && time > 5
                && text.endsWith("s")
                && isSeconds(text.substring(time, text.length() - 1));
    }
}
