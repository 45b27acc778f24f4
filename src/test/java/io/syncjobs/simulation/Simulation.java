package io.syncjobs.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Command.Kind;
import io.syncjobs.core.Observation;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One history: an hour in which jobs come while everything goes wrong, then hours of calm in which all must come to an end. Two
 * operators, a minute run each minute, two nodes, people with commands.
 */
final class Simulation {
    private static final Instant CALM = World.START.plus(Duration.ofHours(1));
    private static final Instant END = CALM.plus(Duration.ofHours(5));
    private static final int JOBS = 40;
    private static final ObjectNode TEMPLATE = template();

    /** Nothing is kept for long, so that retention is at work too. */
    private static final SyncQueueSpec.Retention RETENTION = new SyncQueueSpec.Retention(1200, null, 2400, null, 600);

    static final SyncQueueSpec QUEUE = new SyncQueueSpec(3, null, RETENTION, null, TEMPLATE);

    /** What one history came to. */
    record Outcome(Duration time, int jobs, int faults, int lost) {}

    private final Map<QueueKey, SyncQueueSpec> queues = Map.of(
            new QueueKey("shop", "default"),
            QUEUE,
            new QueueKey("shop", "narrow"),
            new SyncQueueSpec(1, null, RETENTION, null, TEMPLATE));
    private final Judge judge = new Judge(queues);
    private final World world;
    private final ApiServer api;
    private final List<SimNode> nodes;
    private final Settings settings;
    private final List<SimOperator> operators = new ArrayList<>();
    private final List<String> jobs = new ArrayList<>();
    private int names;

    Simulation(int seed) {
        world = new World(seed);
        api = new ApiServer(world, judge);
        nodes = List.of(new SimNode(world, api, judge, "node-a"), new SimNode(world, api, judge, "node-b"));
        settings = Settings.from(Map.of(
                "SYNCJOBS_EAGER", Boolean.toString(world.pick(4) > 0),
                "SYNCJOBS_POD_START_SECONDS", "240",
                "SYNCJOBS_DEAD_AFTER_SECONDS", "90",
                "SYNCJOBS_DONE_POD_SECONDS", "60",
                "SYNCJOBS_FAILED_POD_SECONDS", "300"));
    }

    /** Lives through it; throws {@link Judge.Broken} where a promise is broken. */
    Outcome run() {
        api.schedule(this::schedule);
        operate("operator-0");
        operate("operator-1");
        for (var i = 0; i < JOBS; i++) world.in(world.seconds(0, 3000), this::submit);
        world.in(Duration.ofSeconds(30), this::minuteRun);
        world.in(Duration.ofSeconds(60), this::trouble);
        watchOver();
        world.runUntil(CALM);
        calm();
        while (world.now().isBefore(END)
                && !judge.isOver(api.jobs().values(), api.pods().values())) {
            world.runUntil(world.now().plus(Duration.ofMinutes(5)));
        }
        judge.atTheEnd(api.jobs().values(), api.pods().values());
        return new Outcome(Duration.between(World.START, world.now()), judge.done(), world.faults(), judge.lost());
    }

    /** What happened to a job before a promise to it was broken. */
    List<String> story(String job) {
        return world.story(job, Integer.getInteger("simulation.lines", 80));
    }

    private void submit() {
        var name = "job-" + jobs.size();
        var retry = new RetryPolicy(
                world.pick(4), world.pick(List.of(5, 60)), null, world.pick(List.of("Any", "Retryable")));
        var eta = world.pick(5) == 0 ? world.now().plus(world.seconds(0, 900)).toString() : null;
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp(world.now().toString())
                .build());
        job.setSpec(spec(world.pick(List.of("default", "default", "narrow")), eta, retry));
        jobs.add("uid-" + name);
        world.say("erp", name, "creates the job", "");
        api.createJob(job);
    }

    private SyncJobSpec spec(String queue, @Nullable String eta, RetryPolicy retry) {
        return new SyncJobSpec(queue, "export.order", null, world.pick(20), eta, 120, retry, null);
    }

    private void operate(String identity) {
        operators.removeIf(operator -> operator.identity().equals(identity));
        operators.add(new SimOperator(world, api, identity, settings, queues));
    }

    /** As a Deployment does it: the same pod again, or another one. */
    private void replace(SimOperator dead) {
        operators.remove(dead);
        operate(world.pick(3) > 0 ? dead.identity() : "operator-" + (2 + names++));
    }

    private void watchOver() {
        List.copyOf(operators).stream().filter(SimOperator::isOver).forEach(this::replace);
        world.in(world.seconds(3, world.isTrouble() ? 90 : 10), this::watchOver);
    }

    private void minuteRun() {
        new SimMinuteRun(world, api, "minute-" + names++, settings, queues);
        world.in(Duration.ofMinutes(1), this::minuteRun);
    }

    private void schedule(SimPod pod) {
        var hangs = world.fault(0.05);
        var run = hangs ? Duration.ofMinutes(10) : world.seconds(1, 60);
        int code = world.isTrouble() ? world.pick(List.of(0, 0, 0, 75, 1, 137)) : 0;
        var wait = world.fault(0.03) ? world.seconds(60, 400) : world.seconds(0, 2);
        world.in(wait, () -> world.pick(nodes).take(pod, world.seconds(1, 5), run, code));
    }

    private void trouble() {
        if (!world.isTrouble()) return;
        world.fault(1);
        switch (world.pick(9)) {
            case 0 -> world.pick(operators).die("killed");
            case 1 -> List.copyOf(operators).forEach(operator -> operator.die("all killed"));
            case 2 -> world.pick(operators).freeze(world.seconds(1, 90));
            case 3 -> awayFor(world.seconds(5, 200));
            case 4 -> world.pick(nodes).cutOff(world.seconds(5, 600));
            case 5, 6 -> harmPod();
            case 7 -> operators.stream().filter(SimOperator::isAlive).forEach(SimOperator::relist);
            default -> operators.stream().filter(SimOperator::isAlive).forEach(SimOperator::end);
        }
        if (!jobs.isEmpty() && world.pick(3) == 0) command();
        world.in(world.seconds(5, 120), this::trouble);
    }

    private void awayFor(Duration time) {
        api.setAway(true);
        world.in(time, () -> api.setAway(false));
    }

    private void harmPod() {
        if (api.pods().isEmpty()) return;
        var pod = world.pick(List.copyOf(api.pods().values())).view();
        judge.harmed(pod.name());
        switch (world.pick(3)) {
            case 0 -> api.removePod(pod.name(), pod.uid());
            case 1 -> api.deletePod(pod, Duration.ofSeconds(30));
            default -> api.evictPod(pod, "EvictionByEvictionAPI");
        }
        world.say("platform", "", "harms pod " + pod.name(), "");
    }

    private void command() {
        var uid = world.pick(jobs);
        var kind = world.pick(List.of(Kind.REQUEUE, Kind.REQUEUE, Kind.CANCEL, Kind.SET_DONE));
        world.say("person", uid.substring("uid-".length()), "annotates " + kind, "");
        api.annotateAnyVersion(uid, kind.annotation(), world.pick(List.of("now", "force")));
    }

    private void calm() {
        world.calm();
        api.setAway(false);
        nodes.forEach(SimNode::reconnect);
        for (var job : api.jobs().values()) {
            world.say(
                    "world",
                    job.getMetadata().getName(),
                    "is " + Observation.statusOf(job).state(),
                    "");
        }
    }

    private static ObjectNode template() {
        try {
            return (ObjectNode) new ObjectMapper()
                    .readTree("{\"spec\":{\"containers\":[{\"name\":\"worker\",\"image\":\"shop/worker:1\"}]}}");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
