package io.syncjobs.core.blame;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table of blame: what each signal means for the job. The first row that matches counts. The last row of a source matches
 * everything.
 */
public final class Blame {
    private static final List<Row> TABLE = Stream.of(
                    WorkerRows.FIRST,
                    UnstartedRows.ROWS,
                    WorkerRows.ROWS,
                    HandlerRows.ROWS,
                    DisruptionRows.ROWS,
                    RefusalRows.ROWS,
                    ImageRows.ROWS,
                    StartRows.ROWS,
                    VolumeRows.ROWS,
                    ContainerRows.ROWS,
                    SandboxRows.ROWS,
                    SchedulerRows.ROWS,
                    PoolRows.ROWS,
                    AdmissionRows.ROWS,
                    CreateRows.ROWS,
                    OperatorRows.ROWS)
            .flatMap(List::stream)
            .toList();

    private Blame() {}

    /** All rows, in the order in which they are tried. */
    public static List<Row> table() {
        return TABLE;
    }

    /** True if a row of this source names the code. */
    public static boolean knows(Source source, String code) {
        return TABLE.stream().anyMatch(row -> row.source() == source && row.hasCode(code));
    }

    /** The verdict of the first row that matches. */
    public static Verdict of(Signal signal) {
        var heard = Heard.of(signal);
        return TABLE.stream()
                .filter(row -> row.matches(signal, heard))
                .findFirst()
                .map(row -> Verdict.of(row, signal))
                .orElseThrow(() -> new IllegalStateException("no row for " + signal.source()));
    }
}
