package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import io.syncjobs.core.trace.Found.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A single line of a logger, a tool or a shell that says what went wrong. */
final class LineFormat implements Format {
    private static final Pattern MARKED = Pattern.compile("^(?:[Ee]rror: +)?(?:[✖✘✗×❌⨯›⛔❗🚨💥🛑]\uFE0F?|\\[!]) *");

    /** So many lines belong to a message that announces more. */
    static final int TAKEN = 3;

    private static final int LONGEST = 1_024;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        var usage = false;
        for (var i = 0; i < log.size(); i++) {
            var text = log.text(i);
            var said = unstarred(unboxed(text.strip()));
            if (said.startsWith("Usage:") || said.startsWith("usage:")) usage = true;
            else if (usage && !said.isEmpty() && text.charAt(0) != ' ' && text.charAt(0) != '\t' && !said.endsWith(":"))
                usage = false;
            if (text.startsWith("Exception ignored ") || text.startsWith("--- Logging error ---")) {
                i = ignoredEnd(log, i);
                continue;
            }
            // The end of an object whose beginning was cut off.
            if (i == 0 && said.endsWith("}") && said.contains("\"") && said.indexOf('{') < 0) continue;
            if (Frame.of(text) != Frame.NONE || RubyFormat.isFrame(text) || isFrameOfPhp(said)) continue;
            if (PythonFormat.isSource(log, i) || PythonFormat.isOfLogging(log, i)) continue;
            var own = text.startsWith(" ") ? messageOfObject(said) : "";
            if (!own.isEmpty()) found.add(Found.line(i, Weight.WORDS, own));
            if (!own.isEmpty() || isLastProperty(log, i, said)) continue;
            if (said.isEmpty() || usage || (log.level(i) == Level.NONE && isData(said))) continue;
            if (!log.isHeaded(i) && isPartOfSomething(text, said)) continue;
            var npm = NpmLines.ofItsOwn(log, i);
            if (npm.isPresent()) {
                found.add(npm.get());
                i = npm.get().last();
                continue;
            }
            if (NpmLines.sayNothing(said)) continue;
            if (isTest(log.text(i - 2)) && log.isBlank(i - 1)) {
                found.add(LineMessage.read(log, i, said, Weight.LINE));
                continue;
            }
            var gradle = ofGradle(log, i, said);
            if (gradle.isPresent()) {
                found.add(gradle.get());
                continue;
            }
            if (goesOn(i, said, found)
                    || (ShellLine.isSource(said) && log.text(i - 1).contains("syntax error"))) continue;
            add(log, i, said, found);
            i = afterMessage(log, i, said, found);
        }
        return found;
    }

    /** {@code #0 /app/push.php(9): push()}: a logger may have got each line of a trace. */
    private static boolean isFrameOfPhp(String said) {
        var end = said.startsWith("#") ? Chars.digits(said, 1) : 0;
        return end > 1
                && (said.startsWith(" /", end)
                        || said.startsWith(" {main}", end)
                        || said.startsWith(" [internal", end));
    }

    /** The last line of an error that Python ignored: the one below its frames, if it has some. */
    private static int ignoredEnd(Log log, int line) {
        var end = line + 1;
        while (log.text(end).startsWith("  ") || log.text(end).startsWith("Traceback ")) end++;
        return Header.of(log.text(end).strip()).filter(Header::isException).isPresent() ? end : end - 1;
    }

    /** Of several numbered lines the first is about the command, and the last about its cause. */
    private static boolean goesOn(int line, String said, List<Found> found) {
        if (found.isEmpty() || found.getLast().last() != line - 1) return false;
        if (!Phrases.isNumbered(said)
                || Phrases.isWrapper(said)
                || !Phrases.isNumbered(found.getLast().message())) return false;
        var first = found.removeLast();
        var plain = first.withMessage(Found.withoutCause(first.message()));
        found.add(plain.causedBy(new Header("", said)).at(line, first.weight()));
        return true;
    }

    /** The last line that the message of this error has taken. */
    private static int afterMessage(Log log, int line, String said, List<Found> found) {
        if (found.isEmpty() || found.getLast().last() != line || !Log.announces(said)) return line;
        var taken = found.getLast().weight().compareTo(Weight.LINE) >= 0;
        var last = line;
        while (last < line + TAKEN && isTaken(log, last + 1) && (taken || isBelow(log, last + 1, said))) last++;
        while (isItem(log, last + 1)) last++;
        return last;
    }

    /** {@code   line 3: field shop not found}, indented below a line that ends with a colon. */
    private static boolean isBelow(Log log, int line, String said) {
        return said.endsWith(":") && log.text(line).startsWith("  ");
    }

    /** {@code 	* order 7 is locked}: one of several errors that the line above announces. */
    private static boolean isItem(Log log, int line) {
        var text = log.text(line);
        return text.startsWith("* ", Chars.indent(text)) && Chars.indent(text) > 0 && !log.isHeaded(line);
    }

    private static boolean isTaken(Log log, int line) {
        return !log.isHeaded(line)
                && !log.isBlank(line)
                && !Phrases.isNumbered(log.text(line))
                // Some errors have no frames: "org.apache.kafka.common.errors.TimeoutException: text".
                && Header.of(log.text(line))
                        .filter(one -> one.type().indexOf('.') > 0
                                && one.isException()
                                && !one.message().isEmpty())
                        .isEmpty();
    }

    /** The text without the bar of a box that is drawn around it. */
    private static String unboxed(String said) {
        if (said.startsWith("| ") && said.indexOf('|', 1) == said.length() - 1)
            return said.substring(2, said.length() - 1).strip();
        // Julia's logger opens a bracket around its lines.
        if (said.startsWith("┌ ")) return said.substring(2);
        if (!said.startsWith("│ ")) return said;
        return said.substring(2, said.endsWith(" │") ? Math.max(2, said.length() - 2) : said.length())
                .strip();
    }

    /** {@code ● suite › test}: Jest says below it what was wrong. */
    private static boolean isTest(String text) {
        var said = text.strip();
        return said.startsWith("● ") && (said.indexOf(" › ") > 0 || text.startsWith("  ●"));
    }

    /** The text without the stars that Erlang puts before each line about the end of a process. */
    private static String unstarred(String said) {
        return said.startsWith("** ") && !said.startsWith("** (")
                ? said.substring(3).strip()
                : said;
    }

    /** What Gradle says under "What went wrong"; if that only names the task, its cause is on the next line. */
    private static Optional<Found> ofGradle(Log log, int line, String said) {
        var wrong = "* What went wrong:";
        if (Phrases.isEnd(said)) return Optional.empty();
        var task = "Execution failed for task ";
        var below = log.text(line + 1).strip();
        if (log.text(line - 1).startsWith(wrong) && !said.startsWith(task))
            return Optional.of(Found.line(line, Weight.LINE, said)
                    .causedBy(new Header("", below.startsWith("> ") ? below.substring(2) : "")));
        return log.text(line - 2).startsWith(wrong) && log.text(line - 1).startsWith(task) && said.startsWith("> ")
                ? Optional.of(Found.line(line, Weight.LINE, said.substring(2)))
                : Optional.empty();
    }

    /** Without the mark with which a tool begins what is wrong. */
    static String unmarked(String said) {
        return MARKED.matcher(said).replaceFirst("");
    }

    /** A line without a time directly below one with a time, or below a title, of which both sound like an error. */
    private static boolean isMore(Log log, int line, String said, List<Found> found) {
        if (log.isHeaded(line) || found.isEmpty()) return false;
        var above = found.getLast();
        if (above.last() != line - 1
                || above.weight() != Weight.WORDS
                || above.message().length() > LONGEST) return false;
        if (!log.isHeaded(line - 1) && !Phrases.isTitle(above.message())) return false;
        found.removeLast();
        found.add(above.withMessage(above.message() + " " + said).at(line, Weight.WORDS));
        return true;
    }

    /** {@code java.lang.NullPointerException} below what was logged: of an error thrown often, the JVM leaves out the frames. */
    private static boolean isBareError(Log log, int line) {
        return !log.isHeaded(line)
                && log.isHeaded(line - 1)
                && log.level(line - 1).atLeast(Level.ERROR)
                && Header.of(log.text(line))
                        .filter(one -> one.message().isEmpty()
                                && one.type().indexOf('.') > 0
                                && Header.isNamedAsError(one.type()))
                        .isPresent();
    }

    private static void add(Log log, int line, String said, List<Found> found) {
        var level = log.isHeaded(line) ? log.level(line) : Level.NONE;
        if (level.isQuiet() || Nothing.is(said) || (level == Level.NONE && Followers.isPath(said))) return;
        if (isBareError(log, line)) {
            found.add(new Found(line, Weight.LINE, said, "", ""));
            return;
        }
        if (level == Level.WARN || log.isOfTelemetry(line)) {
            found.add(LineMessage.read(log, line, said, Weight.NOISE));
            return;
        }
        if (Phrases.isWrapper(said) || (level == Level.NONE && Phrases.isWarning(said))) {
            found.add(Found.line(
                    line,
                    Weight.NOISE,
                    isStatusOfGo(log, line, said) ? log.text(line - 1).strip() : said));
        } else if (level != Level.NONE) {
            var weight = level == Level.FATAL ? Weight.FATAL : Weight.LINE;
            found.add(LineMessage.read(log, line, said, Phrases.isEnd(said) ? Weight.WORDS : weight));
        } else if (Phrases.isError(said)
                || LineMessage.isError(said)
                || (Header.inspected(said).isPresent() && Phrases.soundsLikeError(said))) {
            found.add(LineMessage.read(log, line, said, Phrases.isEnd(said) ? Weight.WORDS : Weight.LINE));
        } else if (Phrases.isCount(said)) {
            found.add(Found.line(line, Weight.NOISE, said));
        } else if (Phrases.isOfTool(said) && isBeforeEnd(log, line)) {
            found.add(Found.line(line, Weight.WORDS, said));
        } else if (Phrases.soundsLikeError(said)
                && !isMore(log, line, said, found)
                && !(Summary.is(said) && !found.isEmpty() && Followers.tellsWhy(found.getLast(), log, line))) {
            found.add(Found.line(line, Weight.WORDS, log.message(said, line, Math.min(log.size(), line + 4))));
        }
    }

    /** {@code exit status 1} of {@code go run}, below the last words of the program: these are all that is known. */
    private static boolean isStatusOfGo(Log log, int line, String said) {
        return said.startsWith("exit status ")
                && log.level(line - 1) == Level.NONE
                && !log.isBlank(line - 1)
                && !isData(log.text(line - 1));
    }

    /** What a tool says last, before another tells with which code it ended, is why. */
    private static boolean isBeforeEnd(Log log, int line) {
        var below = log.text(line + 1).strip();
        return below.startsWith("make: ***") || (Phrases.isOfTool(below) && Phrases.isEnd(below));
    }

    /** True for a line of a trace, of source code, of an object or of a list of commands. */
    private static boolean isPartOfSomething(String text, String said) {
        if (Frame.of(text) != Frame.NONE || RubyFormat.isFrame(text)) return true;
        if (text.startsWith("+ ")
                || text.startsWith("++")
                || text.startsWith("\tfrom ")
                || text.startsWith("  File \"")) return true;
        if (said.startsWith("#") && Chars.isDigit(Chars.at(said, 1))) return true;
        if (said.startsWith("-") || said.startsWith("│") || said.startsWith("|") || said.startsWith("^")) return true;
        // The data of an error, as Clojure prints it, and the task that asyncio tells of.
        if (said.startsWith("data: {:") || said.startsWith("future: <") || said.startsWith("task: <")) return true;
        if (MarkupAnswer.isMarkup(said)) return true;
        if (said.startsWith("===") && said.endsWith("===")) return true;
        if (said.startsWith("\"}") || (said.startsWith("\"") && said.indexOf("\":") > 0)) return true;
        // Gin writes the names of functions and what they call so.
        if (text.startsWith("\t")
                && Header.of(said)
                        .filter(one -> !Header.isNamedAsError(one.type()))
                        .isPresent()) return true;
        return said.chars().noneMatch(Character::isLetter)
                || (text.startsWith(" ") && isProperty(said))
                || Phrases.isProgress(said);
    }

    /** JSON, which other formats read, the names of Prometheus' metrics, and the version that Node tells below an error. */
    private static boolean isData(String said) {
        if (said.startsWith("{") && said.endsWith("}") && said.indexOf('"') == 1) return true;
        if (said.startsWith("[{\"") && said.endsWith("}]")) return true;
        return said.startsWith("# HELP ") || said.startsWith("# TYPE ") || said.startsWith("Node.js v");
    }

    /** What {@code message: 'order 7 is locked',} says, if it sounds like an error: a property of an object that Node printed. */
    private static String messageOfObject(String said) {
        var lead = "message: '";
        var end = said.endsWith(",") ? said.length() - 2 : said.length() - 1;
        if (!said.startsWith(lead) || end < lead.length() || said.charAt(end) != '\'') return "";
        var words = said.substring(lead.length(), end);
        return Phrases.isError(words) || Phrases.soundsLikeError(words) ? words : "";
    }

    /** The last property of an object has no comma, and a brace follows on the next line. */
    private static boolean isLastProperty(Log log, int line, String said) {
        return log.text(line).startsWith(" ") && log.text(line + 1).strip().startsWith("}") && isProperty(said + ",");
    }

    /** {@code code: 'ECONNREFUSED',} of an object that Node printed. */
    private static boolean isProperty(String said) {
        var colon = said.indexOf(": ");
        if (colon < 1 || ",{[+".indexOf(said.charAt(said.length() - 1)) < 0) return false;
        return said.substring(0, colon)
                .strip()
                .chars()
                .allMatch(c -> Chars.isWord((char) c) || c == '[' || c == ']' || c == '\'' || c == '"');
    }
}
