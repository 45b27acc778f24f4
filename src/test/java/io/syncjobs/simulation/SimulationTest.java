package io.syncjobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * As many histories as {@code -Dsimulation.seconds} (60) has room for, one per seed; {@code -Dsimulation.seed=N} tells one of them
 * again. A broken promise is printed with what led to it.
 */
class SimulationTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("simulation.seconds", 60));

    @Test
    void nothingIsLostDoubledOrStuck() throws InterruptedException, ExecutionException {
        var only = Integer.getInteger("simulation.seed");
        if (only != null) {
            live(only);
            return;
        }
        var end = System.nanoTime() + TIME.toNanos();
        var seeds = new AtomicInteger();
        var outcomes = new ArrayList<Simulation.Outcome>();
        try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var parts = new ArrayList<Future<List<Simulation.Outcome>>>();
            for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                parts.add(threads.submit(() -> {
                    var mine = new ArrayList<Simulation.Outcome>();
                    while (System.nanoTime() < end) mine.add(live(seeds.getAndIncrement()));
                    return mine;
                }));
            }
            for (var part : parts) outcomes.addAll(part.get());
        }
        System.out.println("simulated " + outcomes.size() + " histories, "
                + outcomes.stream().mapToLong(o -> o.time().toHours()).sum() + " hours: "
                + outcomes.stream().mapToInt(Simulation.Outcome::jobs).sum() + " completions, "
                + outcomes.stream().mapToInt(Simulation.Outcome::faults).sum() + " faults, "
                + outcomes.stream().mapToInt(Simulation.Outcome::lost).sum() + " losses counted; no promise broken");
        assertThat(outcomes).isNotEmpty();
    }

    private static Simulation.Outcome live(int seed) {
        var simulation = new Simulation(seed);
        try {
            return simulation.run();
        } catch (Judge.Broken broken) {
            throw new AssertionError(
                    "-Dsimulation.seed=" + seed + ": " + broken.getMessage() + "\n  "
                            + String.join("\n  ", simulation.story(broken.job())),
                    broken);
        }
    }
}
