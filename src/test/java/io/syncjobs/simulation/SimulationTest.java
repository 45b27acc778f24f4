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
import org.junit.jupiter.api.Test;

/**
 * As many histories as {@code -Dsimulation.seconds} (20) has room for, one per seed from {@code -Dsimulation.first} (0) on;
 * {@code -Dsimulation.seed=N} tells one of them again. A broken promise is printed with what led to it.
 */
class SimulationTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("simulation.seconds", 20));
    private static final int FIRST = Integer.getInteger("simulation.first", 0);

    /** Histories in which everything happens somewhere. */
    private static final int ENOUGH = 15;

    /** Three losses of one job: about once in a hundred histories. */
    private static final String RARE = "jobs lost for good";

    private static final int ENOUGH_FOR_RARE = 500;

    /** What must have happened for the promises to mean anything, and how often per hundred histories at least. */
    private static final Map<String, Integer> MINIMA = Map.ofEntries(
            // what the system is there for
            entry("completions", 3000),
            entry("failures", 800),
            entry("losses", 200),
            entry("retries", 800),
            entry("retries after the deadline", 50),
            entry("pods that never started", 30),
            entry("moments at full capacity", 1500),
            entry("jobs deleted by retention", 3000),
            entry("commands REQUEUE", 500),
            entry("commands CANCEL", 100),
            entry("commands SET_DONE", 250),
            entry("commands refused", 150),
            // processes
            entry("operators killed", 250),
            entry("all operators killed", 250),
            entry("operators ended in order", 250),
            entry("frozen leaders", 200),
            entry("frozen standbys", 200),
            entry("leader changes", 1500),
            entry("terms of leader", 1500),
            entry("refused by the fence", 500),
            // messages
            entry("lost answers", 1500),
            entry("late messages", 4000),
            entry("late effects", 200),
            entry("client timeouts", 500),
            entry("requests of the dead", 150),
            entry("too many requests", 800),
            entry("watches listed anew", 250),
            entry("API server away", 250),
            // pods
            entry("nodes cut off", 250),
            entry("pods deleted", 100),
            entry("pods deleted by force", 100),
            entry("pods evicted", 100),
            entry("pods not taken", 1000),
            entry("late pods", 8),
            entry("pods that wait", 60),
            entry("runs that hang", 100),
            entry("runs close to the deadline", 200),
            entry("quotas used up", 120),
            entry("webhooks broken", 120),
            // people
            entry("jobs deleted by people", 200),
            entry("hand-overs to one with a slow watch", 200),
            entry("passes after a place without an answer", 20),
            entry("sweeps of the whole cluster", 300),
            entry("capacities changed", 400),
            entry("queues paused", 100));

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
        if (outcomes.size() < ENOUGH) return;
        MINIMA.forEach((what, minimum) -> assertThat(totals.getOrDefault(what, 0))
                .as("%s in %d histories", what, outcomes.size())
                .isGreaterThanOrEqualTo(minimum * outcomes.size() / 100));
        if (outcomes.size() >= ENOUGH_FOR_RARE)
            assertThat(totals.getOrDefault(RARE, 0)).as(RARE).isPositive();
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
