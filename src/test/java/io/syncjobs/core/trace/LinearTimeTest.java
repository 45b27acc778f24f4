package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log costs: counted in looks at its lines, since a clock tells nothing on a busy machine. */
class LinearTimeTest {
    /** The line that once overflowed the stack of a backtracking expression and kept its job Started for ever. */
    @Test
    void theLineThatWedgedAJobIsRead() {
        var error = LogErrors.parse(("a.".repeat(1_900) + "a\n\tat x\n").getBytes(StandardCharsets.UTF_8));

        assertThat(error.type().length()).isLessThanOrEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\tat a.b(C.java:1)",
                "X: y\n\tat a.b(C.java:1)",
                "a.B: c\nCaused by: a.B: c",
                "Caused by: a.B: c:\n\tat a.b(C.java:1)",
                "Wrapped by: a.B: c\n\t... 1 more",
                "    at a (b:1:2)",
                "Error:\n    at a (b:1:2) {\n  [cause]: Error: x",
                "/x:1\n^\n[Error: x] {",
                "   at A.B(C d)\n ---> A.B: c",
                "Traceback (most recent call last):\n  File \"x\", line 1",
                "Traceback (most recent call last):\nX:",
                "  | X: y",
                "panic: x\n\tpanic: y",
                "panic: x\ngoroutine 1 [running]:",
                "a:1:in `b': c (D)",
                "a:1:in `b'",
                "x (Y)\na:1:in `b'",
                "rake aborted!",
                "Fatal error: Uncaught A: b:",
                "Next A: b in /c:1\nStack trace:",
                "x [object] (A(code: 0): b at /c:1)\n#0 x",
                "In A.php line 1:\n  b",
                "** (A) b:",
                "thread 'x' panicked at y:",
                "Error: x\n\nCaused by:\n    y",
                "# A fatal error has been detected by the Java Runtime Environment:",
                "APPLICATION FAILED TO START\nDescription:\nx",
                "{",
                "{\n}",
                "{\"level\":\"error\",\"msg\":\"x\"}",
                "level=error msg=x",
                "2031-03-02 04:10:07 ERROR x:",
                "Usage:",
                "<title>502 Bad Gateway</title>",
                "X: y\n  Detail: z",
                "exception 'A' with message 'b'",
                "x: error: y",
                "npm error code EX",
                "npm error code EX\nnpm error x",
                "--- FAIL: x\nError Trace:\nError:",
                "\tx\nstack traceback:",
                "x:\n\t* y",
                "Error: Command failed: x\n    at a (b:1:2)",
                " #error {\n :cause \"x\"\n [{:type y",
                "x is missing\n\nx failed",
                ""
            })
    void twiceAsManyLinesAreLookedAtTwiceAsOften(String piece) {
        var once = looks(piece, 2_000);

        assertThat(looks(piece, 4_000)).isLessThan(once * 5 / 2);
        assertThat(once).isLessThan(2_000L * 2_500);
    }

    private static long looks(String piece, int times) {
        var lines = (piece + "\n").repeat(times).lines().map(Head::read).toList();
        var counting = new Counting(lines);
        LogErrors.formats().forEach(format -> format.find(new Log(counting)));
        return counting.looks;
    }

    private static final class Counting extends AbstractList<Line> implements RandomAccess {
        private final List<Line> lines;
        private long looks;

        Counting(List<Line> lines) {
            this.lines = lines;
        }

        @Override
        public Line get(int index) {
            looks++;
            return lines.get(index);
        }

        @Override
        public int size() {
            return lines.size();
        }
    }

    /** Only two tests look at the classes themselves. */
    private static final class Readers {
        private static final JavaClasses CLASSES = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.syncjobs.core.trace");
    }

    @Test
    void noReaderUsesTheExpressionsOfText() {
        var called = Readers.CLASSES.stream()
                .filter(reader -> !reader.getName().contains("Test"))
                .flatMap(reader -> reader.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(String.class))
                .map(call -> call.getTarget().getName());

        assertThat(called).isNotEmpty().doesNotContain("split", "matches", "replaceAll", "replaceFirst");
    }

    /** A format is called through its interface, and the formats that a trace within JSON is read by know no JSON. */
    @Test
    void noReaderCallsItself() {
        for (var reader : Readers.CLASSES) {
            if (reader.getName().contains("Test")) continue;
            for (var method : reader.getMethods()) {
                assertThat(reachable(method))
                        .as(method.getFullName() + " reaches itself")
                        .doesNotContain(method.getFullName());
            }
        }
    }

    private static Set<String> reachable(JavaMethod from) {
        var seen = new HashSet<String>();
        var ahead = new ArrayDeque<>(List.of(from));
        while (!ahead.isEmpty()) {
            for (var call : ahead.pop().getMethodCallsFromSelf()) {
                call.getTarget()
                        .resolveMember()
                        .filter(target -> seen.add(target.getFullName()))
                        .ifPresent(ahead::push);
            }
        }
        return seen;
    }
}
