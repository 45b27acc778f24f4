package io.syncjobs.core.blame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table, by what a real component says: src/test/resources/blame.txt has the signals. */
class BlameTest {
    private static final Path SIGNALS = Path.of("src/test/resources/blame.txt");

    private static final Map<String, String> NAMES = Map.of(
            "namespace",
            "shop",
            "template",
            "the template of SyncQueue q",
            "pod",
            "a-1-x",
            "node",
            "node-1",
            "container",
            "worker",
            "pool",
            "catalogue",
            "port",
            "8080",
            "path",
            "/jobs");

    /** A line of the file: the row, what its advice must name, the signal. */
    record Case(String row, String advice, Signal signal) {
        static Case of(String line) {
            var columns = line.split(" *\\| *", 6);
            var facts = EnumSet.noneOf(Fact.class);
            if (!columns[3].isEmpty())
                Arrays.stream(columns[3].split(" ")).map(Fact::valueOf).forEach(facts::add);
            var codes = List.of(columns[2].split(", "));
            return new Case(
                    columns[0], columns[4], new Signal(Source.valueOf(columns[1]), codes, columns[5].strip(), facts));
        }
    }

    static List<Case> cases() throws IOException {
        try (var lines = Files.lines(SIGNALS)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRealSignalLeadsToItsRowAndTheAdviceNamesTheObject(Case one) {
        var verdict = Blame.of(one.signal());

        assertThat(verdict.row().id()).isEqualTo(one.row());
        var advice = verdict.whileItGoesOn(new Scene(false, NAMES));
        assertThat(advice).contains(one.advice()).doesNotContain("{", "}");
        var goesOn = !advice.isEmpty() && !verdict.row().over();
        assertThat(advice.endsWith(" The job goes on by itself.")).isEqualTo(goesOn);
    }

    @Test
    void everyRowIsReachedByARealSignal() throws IOException {
        var reached = new HashSet<String>();
        for (var one : cases()) reached.add(Blame.of(one.signal()).row().id());

        assertThat(Blame.table()).extracting(Row::id).doesNotHaveDuplicates().allMatch(reached::contains);
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsSaidHasARow(Source source) {
        assertThat(Blame.of(Signal.of(source, "SomethingNew", "nobody has heard this before"))
                        .row()
                        .source())
                .isEqualTo(source);
    }

    @Test
    void nodesAndRegistriesAreNeverCountedAgainstAJob() {
        var theirs = Set.of(Party.NODE, Party.REGISTRY);

        assertThat(Blame.table())
                .filteredOn(row -> theirs.contains(row.party()))
                .extracting(Row::course)
                .doesNotContain(Course.FAIL, Course.RETRY, Course.RUN_AGAIN_COUNTED);
    }

    @Test
    void anAdviceAboutATemplateOfItsOwnDoesNotPromiseThatTheJobGoesOn() {
        var own = new Scene(true, NAMES);
        var template = Blame.of(Signal.of(Source.IMAGE, "InvalidImageName", ""));
        var secret = Blame.of(Signal.of(Source.START, "CreateContainerConfigError", "secret \"shop\" not found"));

        assertThat(template.whileItGoesOn(own)).endsWith("delete the job and create it again.");
        assertThat(template.whenItHasEnded(own)).endsWith("delete the job and create it again.");
        assertThat(secret.whileItGoesOn(own)).endsWith("The job goes on by itself.");
        assertThat(secret.whenItHasEnded(own)).endsWith("syncjobs.io/requeue=now.");
    }

    @Test
    void ofWhatGoesWithItsNamespaceNobodyIsToldThatItGoesOn() {
        var gone = Blame.of(Signal.of(Source.CREATE, "403", "namespace shop because it is being terminated"));
        var here = new Scene(false, NAMES);

        assertThat(gone.whileItGoesOn(here)).isEqualTo("Namespace shop is being deleted, with all that is in it.");
        assertThat(gone.whenItHasEnded(here)).isEqualTo(gone.whileItGoesOn(here));
    }

    @Test
    void longWordsAreReadInNoTime() {
        var words = "{".repeat(1 << 20) + " exceeded quota: ".repeat(1 << 16);

        var evicted = "Threshold quantity: 1Gi, " + "Container a was using 1Ki, ".repeat(1 << 18);

        assertThat(Blame.of(Signal.of(Source.CREATE, "403", words)).row().id()).isEqualTo("forbidden");
        assertThat(Blame.of(Signal.of(Source.DISRUPTION, "Evicted", evicted))
                        .row()
                        .id())
                .isEqualTo("evicted-by-others");
    }
}
