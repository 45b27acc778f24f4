package io.syncjobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Lets scenarios happen again and again, and kills the operator at the first, second, … of its writes. */
final class CrashPoints implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String POD = "operator-0";

    /** What the cluster holds after a kill is the same in both; the second time is for dev/soak. */
    static final List<Boolean> MODES = Boolean.getBoolean("crash.answered") ? List.of(false, true) : List.of(false);

    private final FaultyRelease release;
    private final ApiProxy proxy;
    private ShippedProcess operator;
    private int visited;

    CrashPoints(FaultyRelease release) {
        this.release = release;
        proxy = release.proxy();
        operator = release.operator(POD, proxy);
    }

    /** All crash points of one scenario. */
    void visit(Scenario scenario) {
        var jobs = new ArrayList<TestJob>();
        for (var answered : MODES) {
            var points = 0;
            while (passes(scenario, points + 1, answered, jobs)) points++;
            assertThat(points)
                    .as("writes of " + scenario.name() + " at which it was killed")
                    .isGreaterThanOrEqualTo(scenario.cost().writes());
            visited += points;
        }
        var created = podsCreated();
        for (var job : jobs) {
            // Once more at the end: what came late, a second event or a pod's, must not have changed it.
            judge(scenario, job);
            assertThat(created.stream()
                            .filter(pod -> pod.matches(Pattern.quote(job.name()) + "-\\d+-[0-9a-f]+"))
                            .toList())
                    .as("pods of " + job.name())
                    .hasSize(scenario.cost().pods())
                    .doesNotHaveDuplicates();
        }
    }

    private static void judge(Scenario scenario, TestJob job) {
        if (scenario.end().isEmpty()) {
            assertThat(job.exists()).as(job.name() + " exists").isFalse();
            return;
        }
        scenario.end().get().accept(job.status());
        assertThat(job.pods()).as("pods left of " + job.name()).isEmpty();
        assertThat(job.hasCommand()).as(job.name() + " has a command left").isFalse();
    }

    private List<String> podsCreated() {
        return release.jobs().cluster().auditLog().writes(release.jobs()).stream()
                .filter(write -> write.what().equals("create pods") && write.succeeded())
                .map(write -> write.name())
                .toList();
    }

    /** One life of a job with a crash at write {@code n}; false when it has fewer writes. */
    private boolean passes(Scenario scenario, int n, boolean answered, List<TestJob> jobs) {
        var name = scenario.name() + (answered ? "-answered-" : "-lost-") + n;
        var writes = new AtomicInteger();
        Function<ApiProxy.Request, Fault> plan = request -> {
            if (!request.isWrite() || !(request.path() + request.body()).contains(name + "-x")) return Fault.NONE;
            if (writes.incrementAndGet() != n) return Fault.NONE;
            Runnable kill = () -> operator.kill();
            return answered ? new Fault.Then(kill) : new Fault.LoseAnswer(kill);
        };
        var manifest = scenario.job().apply(name + "-x");
        if (scenario.before().isEmpty()) proxy.plan(plan);
        var job = release.jobs().create(manifest);
        jobs.add(job);
        scenario.before().ifPresent(before -> {
            var act = before.apply(job);
            proxy.plan(plan);
            act.run();
        });
        Waiting.until(
                name + " is over, or the operator has been killed",
                LIMIT,
                () -> !operator.isAlive() || isOver(scenario, job),
                () -> job.describe() + release.logs());
        // What is still under way, an event perhaps, must not kill the operator of the next life.
        proxy.plan(request -> Fault.NONE);
        var killed = writes.get() >= n;
        if (killed) {
            operator.awaitEnd();
            operator = release.operator(POD, proxy);
        }
        Waiting.until(name + " is over", LIMIT, () -> isOver(scenario, job), () -> job.describe() + release.logs());
        return killed;
    }

    private static boolean isOver(Scenario scenario, TestJob job) {
        if (scenario.end().isEmpty()) return !job.exists();
        try {
            scenario.end().get().accept(job.status());
        } catch (AssertionError e) {
            return false;
        }
        return job.pods().isEmpty() && !job.hasCommand();
    }

    @Override
    public void close() {
        System.out.println("crash points visited: " + visited);
    }
}
