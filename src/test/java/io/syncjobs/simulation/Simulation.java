package io.syncjobs.simulation;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One history: three watches. Each begins with the better part of an hour in which jobs come in bursts while everything goes wrong,
 * goes on with calm in which all must come to an end, and closes with an hour in which the cluster is switched off or idle. Two
 * operators, a minute run each minute, two nodes, warm workers, people with commands.
 */
final class Simulation {
    private static final Duration TROUBLE = Duration.ofMinutes(40);
    private static final Duration TICK = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofHours(6);
    private static final Duration IDLE = Duration.ofMinutes(50);
    private static final int WATCHES = 3;
    private static final int BURSTS = 5;

    /** Every third history leaves the places to the minute runs: of a few in a row some do, and some do not. */
    private static final int STRICT = 2;

    /** Every fourth history runs no templates of jobs. */
    private static final int FORBIDDING = 3;

    /** So often in each watch one thing goes wrong while all else is well. */
    private static final int QUIET = 2;

    /** Nothing is kept for long, so that retention is at work too. */
    private static final SyncQueueSpec.Retention RETENTION = new SyncQueueSpec.Retention(1200, null, 2400, null, 600);

    /** What one history came to. */
    record Outcome(Duration time, Map<String, Integer> totals) {}

    private final World world;
    private final Reality reality;
    private final OutcomeJudge outcomes;
    private final Judge judge;
    private final ApiServer api;
    private final Map<String, String> environment;
    private final Settings settings;
    private final List<SimNode> nodes;
    private final List<SimOperator> operators = new ArrayList<>();
    private final List<SimWorker> workers = new ArrayList<>();
    private final Erp erp;
    private final Trouble trouble;
    private final Quiet quiet;
    private @Nullable SimMinuteRun minuteRun;
    private boolean on;
    private int names;

    /** {@code telling} where the story of it is wanted. */
    Simulation(int seed, boolean telling) {
        world = new World(seed, telling);
        environment = Map.of(
                "SYNCJOBS_EAGER",
                Boolean.toString(seed % 3 != STRICT),
                "SYNCJOBS_WATCH_NAMESPACES",
                world.pick(List.of("", SimRest.CLOSED + "," + ApiServer.NAMESPACE)),
                "SYNCJOBS_LEASE_SECONDS",
                world.pick(List.of("15", "30", "60")),
                "SYNCJOBS_ALLOW_JOB_TEMPLATES",
                Boolean.toString(seed % 4 != FORBIDDING),
                "SYNCJOBS_POD_START_SECONDS",
                "240",
                "SYNCJOBS_DEAD_AFTER_SECONDS",
                "90",
                "SYNCJOBS_DONE_POD_SECONDS",
                "60",
                "SYNCJOBS_FAILED_POD_SECONDS",
                "300");
        settings = Settings.from(environment);
        reality = new Reality(world);
        outcomes = new OutcomeJudge(world, reality, settings, this::isVisible);
        judge = new Judge(world, reality, outcomes, settings, this::isLeader);
        api = new ApiServer(world, reality, judge);
        nodes = List.of(new SimNode(world, api, reality, "node-a"), new SimNode(world, api, reality, "node-b"));
        erp = new Erp(world, api);
        trouble = new Trouble(world, api, reality, nodes, operators, erp);
        quiet = new Quiet(seed, world, api, judge.warm(), operators, workers, erp);
        api.putQueue("default", queue(3, false));
        api.putQueue("narrow", queue(1, false));
        api.putQueue(WarmJudge.QUEUE, warmQueue(5, false));
        api.pods().schedule(this::schedule);
        api.onUnansweredPlace(this::outrank);
        new TakenJudge(world, api, workers).watch();
        new CalmJudge(world, api, judge, workers, settings.eager(), () -> on).watch();
    }

    /** How long at least a finished job is kept. */
    static Duration kept(State state) {
        var seconds = switch (state) {
            case DONE -> RETENTION.doneSeconds();
            case FAILED -> RETENTION.failedSeconds();
            default -> RETENTION.cancelledSeconds();
        };
        return Duration.ofSeconds(Objects.requireNonNull(seconds));
    }

    static SyncQueueSpec queue(int capacity, boolean paused) {
        return new SyncQueueSpec(capacity, paused, RETENTION, null, Erp.TEMPLATE);
    }

    static SyncQueueSpec warmQueue(int capacity, boolean paused) {
        return new SyncQueueSpec(capacity, paused, RETENTION, null, null, SimPool.NAME);
    }

    /** Lives through it; throws {@link Judge.Broken} where a promise is broken. */
    Outcome run() {
        for (var i = 0; i < WATCHES; i++) watch(world.now());
        return new Outcome(Duration.between(World.START, world.now()), world.totals());
    }

    /** Lives for so long; returns a fingerprint of all that happened. */
    long live(Duration time) {
        begin();
        world.runUntil(World.START.plus(time));
        return world.fingerprint();
    }

    /** What happened to a job before a promise to it was broken. */
    List<String> story(String job) {
        return world.story(job, Integer.getInteger("simulation.lines", 80));
    }

    private void begin() {
        on = true;
        if (operators.isEmpty()) {
            operate("operator-0");
            operate("operator-1");
        }
        world.setTrouble(true);
        for (var i = 0; i < BURSTS; i++) world.in(burst(), erp::burst);
        world.in(TICK, this::minuteRun);
        world.in(Duration.ofSeconds(60), trouble::next);
        world.in(Duration.ofSeconds(60), this::harmWorker);
        keepWorkers();
        watchOver();
    }

    /** At any time, or on the minute, as those have it who are called by a CronJob too. */
    private Duration burst() {
        var minutes = (int) TROUBLE.toMinutes();
        if (world.pick(2) == 0) return world.seconds(0, 60 * minutes);
        return TICK.plusMinutes(world.pick(minutes)).plus(world.seconds(0, 5));
    }

    private void watch(Instant begin) {
        begin();
        world.runUntil(begin.plus(TROUBLE));
        trouble.end(List.of("default", "narrow"), queue(3, false), queue(1, false));
        api.putQueue(WarmJudge.QUEUE, warmQueue(5, false));
        calm();
        for (var i = 0; i < QUIET; i++) {
            quiet.happens();
            calm();
        }
        api.jobs().values().stream().filter(job -> !judge.mayRun(job)).toList().forEach(trouble::delete);
        on = false;
        if (world.pick(4) > 0) {
            if (world.pick(3) > 0) quiet.beginsToLead();
            operators.forEach(SimOperator::end);
            world.runUntil(world.now().plus(Duration.ofMinutes(1)));
            operators.forEach(SimOperator::keepsNoLease);
            operators.clear();
            // Nothing costs so little as a cluster that is switched off.
            workers.forEach(SimWorker::kill);
            workers.clear();
        }
        world.runUntil(world.now().plus(IDLE));
    }

    /** All comes to its end. */
    private void calm() {
        var end = world.now().plus(CALM);
        while (world.now().isBefore(end)
                && !judge.isOver(api.jobs().values(), api.pods().all().values())) {
            world.runUntil(world.now().plus(Duration.ofMinutes(2)));
        }
        judge.atTheEnd(api.jobs().values(), api.pods().all().values());
    }

    private boolean isVisible(String name) {
        var pod = api.pods().all().get(name);
        return pod != null
                && nodes.stream()
                        .noneMatch(node -> node.isCutOff() && pod.node().equals(node.name()));
    }

    private boolean isLeader(String identity) {
        return api.leases().isHeldBy(SimProcess.LEADER, identity);
    }

    /** As a Deployment does it. */
    private void keepWorkers() {
        if (!on) return;
        for (var dead : workers.stream().filter(worker -> !worker.isAlive()).toList()) {
            workers.remove(dead);
            if (dead.hasPod()) work(dead.identity()).cutOffAs(dead);
        }
        while (workers.size() < SimPool.SPEC.replicas()) work(SimPool.NAME + "-" + names++);
        world.in(world.seconds(2, 10), this::keepWorkers);
    }

    private SimWorker work(String pod) {
        var worker = new SimWorker(world, api, judge.warm(), pod, "start-" + names++);
        workers.add(worker);
        return worker;
    }

    private void harmWorker() {
        if (!on || !world.isTrouble()) return;
        var worker = world.pick(workers);
        switch (world.pick(7)) {
            case 6 -> {
                world.count("handlers restarted");
                worker.restartHandler();
            }
            case 0 -> {
                world.count("workers killed");
                worker.kill();
            }
            case 1 -> {
                world.count("workers frozen");
                worker.stopFor(world.seconds(5, 300));
            }
            case 2 -> {
                world.count("workers cut off");
                worker.cutOff(world.seconds(5, 300));
            }
            case 3 -> {
                world.count("workers drained");
                worker.drain();
            }
            case 4 -> {
                world.count("agents killed");
                worker.killAgent();
            }
            default -> {
                world.count("bad lines of workers");
                worker.worsenLine(world.seconds(5, 120));
            }
        }
        world.in(world.seconds(20, 200), this::harmWorker);
    }

    private void operate(String identity) {
        operators.removeIf(operator -> operator.identity().equals(identity));
        operators.add(new SimOperator(world, api, settingsOf(identity), outcomes::leads));
    }

    /** As a Deployment does it: the same pod again, or another one. */
    private void replace(SimOperator dead) {
        operators.remove(dead);
        operate(world.pick(3) > 0 ? dead.identity() : "operator-x" + names++);
    }

    private void watchOver() {
        if (!on) return;
        List.copyOf(operators).stream().filter(SimOperator::isOver).forEach(this::replace);
        world.in(world.seconds(3, world.isTrouble() ? 90 : 10), this::watchOver);
    }

    private void minuteRun() {
        if (!on) return;
        // As a CronJob does it that forbids two at once.
        if (minuteRun == null || !minuteRun.isAlive()) startMinuteRun();
        world.in(Duration.ofMinutes(1), this::minuteRun);
    }

    private void startMinuteRun() {
        var run = new SimMinuteRun(world, api, settingsOf("minute-" + names++));
        minuteRun = run;
        api.minuteRunBegins();
        if (world.fault(0.1, "minute runs killed")) world.in(world.seconds(0, 30), () -> run.die("killed"));
        else if (world.fault(0.1, "frozen minute runs"))
            world.in(world.seconds(0, 30), () -> run.freeze(world.seconds(5, 150)));
        else if (world.fault(0.2, "bad lines of minute runs")) run.worsenLine(Duration.ofMinutes(1));
        // The pods of all CronJobs of the cluster begin.
        else if (world.fault(0.45, "slow stores on the minute")) {
            var all = world.pick(2) == 0;
            world.in(world.seconds(1, 6), () -> api.slowStore(Duration.ofSeconds(30), all));
        }
    }

    /** Those of one pod. */
    private Settings settingsOf(String pod) {
        var own = new HashMap<>(environment);
        own.put("SYNCJOBS_POD", pod);
        return Settings.from(own);
    }

    /** A job was sent a place, and no answer came: another one would take that place at once. */
    private void outrank(SyncJob job) {
        if (!world.fault(0.8, "urgent jobs beside a place without an answer")) return;
        world.in(Duration.ofMillis(world.pick(400)), () -> erp.submitUrgent(JobFields.queueOf(job), Optional.empty()));
    }

    private void schedule(SimPod pod) {
        var run = world.seconds(1, 60);
        if (world.fault(0.05, "runs that hang")) run = Duration.ofMinutes(10);
        else if (world.fault(0.1, "runs close to the deadline"))
            run = world.seconds(Erp.TIMEOUT_SECONDS - 30, Erp.TIMEOUT_SECONDS + 10);
        var length = run;
        int code = world.isTrouble() ? world.pick(List.of(0, 0, 0, 75, 1, 137)) : 0;
        var wait = world.fault(0.03, "pods that wait") ? world.seconds(60, 400) : world.seconds(0, 2);
        var unbegun = world.fault(0.03, "pods deleted before they begin");
        var start = unbegun ? world.seconds(20, 30) : world.seconds(1, 5);
        world.in(wait, () -> world.pick(nodes).take(pod, start, length, code));
        if (unbegun) world.in(wait.plus(world.seconds(1, 15)), () -> trouble.deletePod(pod.view()));
    }
}
