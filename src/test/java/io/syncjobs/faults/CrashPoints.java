package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets scenarios happen again and again, and kills a process, the operator say, at the first, second, … write of each; of all at
 * once, since the answer to each is kept back until the others have come as far.
 */
final class CrashPoints implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String POD = "operator-0";

    /** A pass waits for its answers: one that is kept back can keep others from a place, and these come in another round. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** When a process is killed at a write. */
    enum Mode {
        /** The API server has carried it out, and nobody has got the answer. */
        LOST,
        /** Right after the answer. */
        ANSWERED,
        /** It has not reached the API server. */
        WITHHELD;

        boolean isAnswered() {
            return this == ANSWERED;
        }
    }

    /** What the cluster holds after a kill is the same in both; the second time is for dev/soak. */
    static final List<Mode> MODES =
            Boolean.getBoolean("crash.answered") ? List.of(Mode.LOST, Mode.ANSWERED) : List.of(Mode.LOST);

    private final Supplier<ShippedProcess> victim;
    private final String who;
    private final List<Mode> modes;

    private final FaultyRelease release;
    private final ApiProxy proxy;
    private int visited;
    private int kills;

    /** The operator is killed. */
    CrashPoints(FaultyRelease release) {
        this.release = release;
        proxy = release.proxy();
        victim = () -> release.operator(POD, proxy);
        who = "operator";
        modes = MODES;
        // Nor must the operator lose its patience: by itself it gives up a request after 10 s.
        release.set("KUBERNETES_REQUEST_TIMEOUT", Long.toString(LIMIT.toMillis()));
        release.jobs().apply(queue("default").spec("capacity", 100));
    }

    /** An agent is killed, which {@code victim} starts, and which has that proxy for its own. */
    CrashPoints(FaultyRelease release, ApiProxy proxy, Supplier<ShippedProcess> victim) {
        this.release = release;
        this.proxy = proxy;
        this.victim = victim;
        who = "agent";
        modes = Stream.concat(MODES.stream(), Stream.of(Mode.WITHHELD)).toList();
    }

    /** All crash points of these scenarios. */
    void visit(Scenario... scenarios) {
        for (var mode : modes) visit(List.of(scenarios), mode);
    }

    private void visit(List<Scenario> scenarios, Mode mode) {
        var lives = new ArrayList<Life>();
        var points = new HashMap<String, Integer>();
        var open = new ArrayList<>(scenarios);
        while (!open.isEmpty()) {
            var round = create(open, points, mode);
            lives.addAll(round);
            crash(round, mode);
            for (var life : round) {
                if (life.isAtItsPoint()) points.merge(life.scenario().name(), 1, Integer::sum);
                else if (life.hasEndedBefore()) open.remove(life.scenario());
            }
        }
        for (var scenario : scenarios) {
            assertThat(points.getOrDefault(scenario.name(), 0))
                    .as("writes of " + scenario.name() + " at which it was killed")
                    .isGreaterThanOrEqualTo(scenario.cost().writes());
        }
        points.values().forEach(n -> visited += n);
        try (var last = victim.get()) {
            Waiting.until("all jobs are over", LIMIT, () -> lives.stream().allMatch(Life::isOver), () -> seen(lives));
            judge(lives);
            assertThat(last.isAlive()).isTrue();
        }
    }

    /** The jobs of a round, made while no operator runs: its first pass gives them their places together. */
    private List<Life> create(List<Scenario> scenarios, Map<String, Integer> points, Mode mode) {
        kills++;
        return scenarios.stream()
                .map(scenario -> {
                    var point = points.getOrDefault(scenario.name(), 0) + 1;
                    assertThat(point)
                            .as("writes of " + scenario.name()
                                    + ", which may be twice as many as at least needed, and two")
                            .isLessThanOrEqualTo(2 * scenario.cost().writes() + 2);
                    var name = scenario.name() + "-" + mode.name().toLowerCase(Locale.ROOT) + "-" + kills + "-x";
                    var job = release.jobs().create(scenario.job().apply(name));
                    return new Life(scenario, job, point);
                })
                .toList();
    }

    /** Runs an operator until each job is at its point or over, and kills it. */
    private void crash(List<Life> lives, Mode mode) {
        var handsOn = new CompletableFuture<Boolean>();
        var handing = new Phaser(1);
        var process = victim.get();
        proxy.plan(request -> lives.stream()
                .filter(life -> life.isPoint(request))
                .findFirst()
                .<Fault>map(life -> {
                    BooleanSupplier whenAllAreThere = () -> {
                        life.comes();
                        return handsOn.join();
                    };
                    if (mode == Mode.WITHHELD)
                        return new Fault.Withhold(() -> {
                            life.comes();
                            handsOn.join();
                        });
                    handing.register();
                    return new Fault.KeepAnswer(whenAllAreThere, handing::arrive);
                })
                .orElse(Fault.NONE));
        lives.stream().map(Life::untilWritesCount).toList().forEach(Runnable::run);
        Waiting.until(
                "each job is at the write where the " + who + " is to be killed, or over",
                LIMIT,
                () -> !process.isAlive() || lives.stream().allMatch(Life::isSettled) || isLongAgo(lives),
                () -> seen(lives));
        assertThat(process.isAlive())
                .as("the " + who + " runs\n" + release.logs())
                .isTrue();
        if (mode.isAnswered()) {
            handsOn.complete(true);
            handing.arriveAndAwaitAdvance();
        }
        process.kill();
        process.awaitEnd();
        handsOn.complete(false);
        proxy.plan(request -> Fault.NONE);
    }

    /** True when the first that has come to its point has waited long enough for the others. */
    private static boolean isLongAgo(List<Life> lives) {
        var first = lives.stream()
                .filter(Life::isAtItsPoint)
                .mapToLong(Life::cameAt)
                .min();
        return first.isPresent() && System.nanoTime() - first.getAsLong() > PATIENCE.toNanos();
    }

    /** Once more at the end: what came late, a second event or a pod's, must not have changed anything. */
    private void judge(List<Life> lives) {
        var created = release.jobs().cluster().auditLog().writes(release.jobs()).stream()
                .filter(write -> write.what().equals("create pods") && write.succeeded())
                .map(write -> write.name())
                .toList();
        for (var life : lives) {
            life.assertOver();
            assertThat(created.stream()
                            .filter(pod -> pod.matches(Pattern.quote(life.name()) + "-\\d+-[0-9a-f]+"))
                            .toList())
                    .as("pods of " + life.name())
                    .hasSize(life.scenario().cost().pods())
                    .doesNotHaveDuplicates();
        }
    }

    private String seen(List<Life> lives) {
        return lives.stream()
                        .filter(life -> !life.isOver())
                        .map(Life::describe)
                        .findFirst()
                        .orElse("")
                + release.logs();
    }

    @Override
    public void close() {
        System.out.println("crash points visited: " + visited + " by killing the " + who + " " + kills + " times");
    }
}
