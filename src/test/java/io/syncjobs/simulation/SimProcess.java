package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One life of a process of the product: it can die or freeze at any moment, while what it has sent is still on its way. */
abstract class SimProcess {
    /** Names of the two Leases. */
    static final String LEADER = "leader";

    static final String ENQUEUER = "enqueuer";

    private static final Duration LAST_REQUEST = Duration.ofSeconds(2);

    /** As in Api: then the client gives up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    final World world;
    final ApiServer api;
    private final String identity;
    private boolean alive = true;
    private boolean givenUp;
    private int open;
    private Instant died = Instant.MAX;
    private Instant frozenUntil = World.START;

    SimProcess(World world, ApiServer api, String identity) {
        this.world = world;
        this.api = api;
        this.identity = identity;
        world.say(identity, "", "starts", "");
    }

    final String identity() {
        return identity;
    }

    /** Dead for longer than any of its requests can be on their way: with its connections they are dropped. */
    final boolean isOver() {
        return !alive && world.now().isAfter(died.plus(LAST_REQUEST));
    }

    final boolean isAlive() {
        return alive;
    }

    /** True while nothing that it has sent is without an answer. */
    final boolean isQuiet() {
        return open == 0;
    }

    /** Within the effect of a request: true where somebody will get the answer. */
    final boolean isWaiting() {
        return alive && !givenUp;
    }

    final void die(String why) {
        if (!alive) return;
        alive = false;
        died = world.now();
        api.endWatches(this);
        world.say(identity, "", "dies", why);
    }

    /** One that is frozen already stays so: what it has to do keeps its order. */
    final void freeze(Duration time) {
        if (world.now().isBefore(frozenUntil)) return;
        frozenUntil = world.now().plus(time);
        world.say(identity, "", "is frozen", time);
    }

    final void in(Duration wait, Runnable action) {
        at(world.now().plus(wait), action);
    }

    final void at(Instant time, Runnable action) {
        world.at(time, () -> resume(action));
    }

    private void resume(Runnable action) {
        if (!alive) return;
        if (world.now().isBefore(frozenUntil)) world.at(frozenUntil, () -> resume(action));
        else action.run();
    }

    /** A request: it travels, is carried out or refused, and the answer travels back, unless it is lost. */
    final <T> void call(String job, Object what, Supplier<T> effect, Consumer<T> then, Consumer<Refused> otherwise) {
        open++;
        Consumer<Runnable> answer = action -> world.in(
                world.travel(),
                () -> resume(() -> {
                    open--;
                    action.run();
                }));
        if (world.fault(0.003, "client timeouts")) {
            giveUp(job, what, effect, otherwise);
            return;
        }
        world.in(world.travel(), () -> {
            if (isOver()) return;
            if (!alive) world.count("requests of the dead");
            try {
                var result = serve(effect);
                if (world.fault(0.01, "lost answers"))
                    throw new Refused(Refused.NO_ANSWER, "carried out, and the answer is lost");
                world.say(identity, job, what, "");
                answer.accept(() -> then.accept(result));
            } catch (Refused refusal) {
                world.say(identity, job, what, refusal);
                answer.accept(() -> otherwise.accept(refusal));
            }
        });
    }

    private <T> T serve(Supplier<T> effect) {
        if (api.isAway()) throw new Refused(503, "away");
        if (world.fault(0.005, "too many requests")) throw new Refused(429, "too many requests");
        return effect.get();
    }

    /** The client gives up, and what it asked for is done all the same, later. */
    private <T> void giveUp(String job, Object what, Supplier<T> effect, Consumer<Refused> otherwise) {
        at(world.now().plus(TIMEOUT), () -> {
            open--;
            world.say(identity, job, what, "no answer yet: gives up");
            otherwise.accept(new Refused(Refused.NO_ANSWER, "no answer within " + TIMEOUT));
        });
        world.in(TIMEOUT.plus(world.seconds(0, 15)), () -> {
            if (isOver()) return;
            givenUp = true;
            try {
                serve(effect);
                world.count("late effects");
                world.say(identity, job, what, "is done late");
            } catch (Refused refusal) {
                world.say(identity, job, what, refusal);
            } finally {
                givenUp = false;
            }
        });
    }

    /** One that cannot fail otherwise than by ending this process's task. */
    final <T> void call(String job, Object what, Supplier<T> effect, Consumer<T> then, Runnable failed) {
        call(job, what, effect, then, refusal -> failed.run());
    }

    /** ClusterSnapshot.read: pods before queues before jobs, each list as of its own moment. */
    final void read(Consumer<Snapshot> then, Runnable failed) {
        call(
                "-",
                "lists pods",
                () -> List.copyOf(api.pods().values()),
                pods -> call(
                        "-",
                        "lists queues",
                        () -> Map.copyOf(api.queues()),
                        queues -> call(
                                "-",
                                "lists jobs",
                                () -> List.copyOf(api.jobs().values()),
                                jobs -> then.accept(snapshot(jobs, queues, pods, Map.of())),
                                failed),
                        failed),
                failed);
    }

    static Snapshot snapshot(
            Collection<SyncJob> jobs,
            Map<String, SyncQueueSpec> queues,
            Collection<SimPod> pods,
            Map<String, QueueKey> places) {
        var specs = new HashMap<QueueKey, SyncQueueSpec>();
        queues.forEach((name, spec) -> specs.put(new QueueKey(ApiServer.NAMESPACE, name), spec));
        var uids = new HashSet<String>();
        jobs.forEach(job -> uids.add(SimCaches.uid(job)));
        var stray = new HashMap<QueueKey, Integer>();
        var unseen = new HashMap<>(places);
        unseen.keySet().removeAll(uids);
        for (var pod : pods) {
            unseen.remove(pod.jobUid());
            if (!uids.contains(pod.jobUid()) && !pod.view().ended()) stray.merge(pod.queue(), 1, Integer::sum);
        }
        unseen.values().forEach(queue -> stray.merge(queue, 1, Integer::sum));
        return new Snapshot(jobs, specs, stray);
    }
}
