package io.syncjobs.simulation;

import static java.util.Map.entry;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * As many histories as {@code -Dsimulation.seconds} (20) has room for, one per seed from {@code -Dsimulation.first} (0) on;
 * {@code -Dsimulation.seed=N} tells one of them again. A broken promise is printed with what led to it.
 */
@Tag("tries")
class SimulationTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("simulation.seconds", 20));
    private static final int FIRST = Integer.getInteger("simulation.first", 0);

    /** So many histories are judged by the minima. */
    private static final int ENOUGH = 20;

    /** Of what is to be expected less often it may be chance that it did not happen. */
    private static final int EXPECTED = 20;

    /**
     * What must have happened for the promises to mean anything, and how often per hundred histories at least: about half of how
     * often it does. The more often it happens, the fewer histories are enough to tell that it does not any more.
     */
    private static final Map<String, Integer> MINIMA = Map.ofEntries(
            // what the system is there for
            entry("completions", 4000),
            entry("failures", 850),
            entry("losses", 110),
            entry("retries", 700),
            entry("retries after the deadline", 60),
            entry("pods that never started", 15),
            entry("moments at full capacity", 2000),
            entry("turns among several", 2500),
            entry("jobs deleted by retention", 8000),
            entry("commands REQUEUE", 400),
            entry("commands CANCEL", 250),
            entry("commands SET_DONE", 400),
            entry("commands refused", 500),
            entry("jobs lost for good", 1),
            // processes
            entry("operators killed", 350),
            entry("all operators killed", 250),
            entry("operators ended in order", 350),
            entry("frozen leaders", 350),
            entry("frozen standbys", 300),
            entry("leader changes", 3000),
            entry("terms of syncjobs-operator", 3000),
            entry("refused by the fence", 1200),
            entry("minute runs killed", 500),
            entry("frozen minute runs", 500),
            // messages
            entry("lost answers", 6000),
            entry("late messages", 15000),
            entry("late effects", 1700),
            entry("client timeouts", 2000),
            entry("broken connections", 2500),
            entry("requests of the dead", 1200),
            entry("too many requests", 3000),
            entry("watches listed anew", 350),
            entry("events lost", 300),
            entry("API server away", 350),
            entry("slow stores", 150),
            entry("slow stores on the minute", 1200),
            entry("writes to a slow store", 25000),
            entry("watches that lag", 150),
            entry("rights taken away", 80),
            entry("bad lines of operators", 100),
            entry("bad lines of minute runs", 200),
            entry("bad lines of workers", 250),
            entry("urgent jobs beside a place without an answer", 20),
            // pods
            entry("nodes cut off", 400),
            entry("pods deleted", 250),
            entry("pods deleted by force", 180),
            entry("pods evicted", 180),
            entry("pods not taken", 2500),
            entry("late pods", 20),
            entry("pods that wait", 130),
            entry("runs that hang", 170),
            entry("pods deleted before they begin", 190),
            entry("runs close to the deadline", 300),
            entry("containers that take their time to end", 350),
            entry("quotas used up", 150),
            entry("webhooks broken", 150),
            // warm workers
            entry("warm completions", 4500),
            entry("warm losses", 450),
            entry("workers killed", 500),
            entry("workers frozen", 500),
            entry("workers cut off", 500),
            entry("workers drained", 500),
            entry("agents killed", 500),
            entry("kubelets that are late", 150),
            entry("moments with all slots of a worker taken", 5000),
            // people
            entry("jobs deleted by people", 350),
            entry("hand-overs to one with a slow watch", 250),
            entry("hand-overs with a backlog", 100),
            entry("deletions that outpace pods", 250),
            entry("capacities changed", 450),
            entry("queues paused", 100),
            // one thing that goes wrong while all else is well
            entry("commands in calm", 300),
            entry("workers silent for good", 15),
            entry("pools cut off", 15),
            entry("busy workers cut off in quiet", 15),
            entry("workers drained in quiet", 15),
            entry("workers with late answers in quiet", 15),
            entry("slow watches in quiet", 15),
            entry("hand-overs to a late watch in quiet", 15),
            entry("operators that begin to lead in quiet", 150),
            entry("commands to runs that no watch tells of", 15),
            entry("commands that no watch tells of", 15),
            entry("ends that no watch tells of", 15),
            entry("policies that refuse", 15));

    @BeforeAll
    static void listenToTheLog() {
        Mistakes.listen();
    }

    @AfterAll
    static void listenNoMore() {
        Mistakes.listenNoMore();
    }

    @Test
    void nothingIsLostDoubledOrStuck() {
        var only = Integer.getInteger("simulation.seed");
        if (only != null) {
            live(only);
            return;
        }
        var outcomes = live();
        var totals = new TreeMap<String, Integer>();
        outcomes.forEach(o -> o.totals().forEach((what, count) -> totals.merge(what, count, Integer::sum)));
        var hours = outcomes.stream().mapToLong(o -> o.time().toHours()).sum();
        System.out.println("simulated " + outcomes.size() + " histories, seeds " + FIRST + " to "
                + (FIRST + outcomes.size() - 1) + ", " + hours + " hours, no promise broken; "
                + totals.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(joining(", ")));
        assertThat(outcomes).isNotEmpty();
        // In a few histories any one of these may be rare by chance.
        if (outcomes.size() < ENOUGH) return;
        MINIMA.forEach((what, minimum) -> {
            var least = minimum * outcomes.size() / 100;
            if (least < EXPECTED) return;
            assertThat(totals.getOrDefault(what, 0))
                    .as("%s in %d histories", what, outcomes.size())
                    .isGreaterThanOrEqualTo(least);
        });
    }

    /** Without that a broken promise could not be told. */
    @Test
    void aSeedGivesTheSameHistoryAgain() {
        assertThat(new Simulation(FIRST, false).live(Duration.ofMinutes(20)))
                .isEqualTo(new Simulation(FIRST, false).live(Duration.ofMinutes(20)));
    }

    /** One after the other: what waits for a lock that another history holds would go on in real time. */
    private static List<Simulation.Outcome> live() {
        var end = System.nanoTime() + TIME.toNanos();
        var outcomes = new ArrayList<Simulation.Outcome>();
        for (var seed = FIRST; System.nanoTime() < end; seed++) outcomes.add(live(seed));
        return outcomes;
    }

    /** A history that breaks a promise is lived once more, to be told. */
    private static Simulation.Outcome live(int seed) {
        try {
            var outcome = new Simulation(seed, false).run();
            if (Mistakes.SEEN.isEmpty()) return outcome;
            throw new IllegalStateException("the log tells of a mistake: " + Mistakes.SEEN);
        } catch (RuntimeException e) {
            throw new AssertionError("-Dsimulation.seed=" + seed + ": " + tell(seed, e), e);
        }
    }

    private static String tell(int seed, RuntimeException first) {
        var again = new Simulation(seed, true);
        try {
            again.run();
            return first + ", which did not happen again";
        } catch (RuntimeException e) {
            var job = e instanceof Judge.Broken broken ? broken.job() : "";
            return (e instanceof Judge.Broken ? e.getMessage() : e.toString()) + "\n  "
                    + String.join("\n  ", again.story(job));
        }
    }
}
