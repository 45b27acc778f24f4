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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One life of a process of the product: it can die or freeze at any moment, while what it has sent is still on its way. */
abstract class SimProcess {
    /** Names of the two Leases. */
    static final String LEADER = "leader";

    static final String ENQUEUER = "enqueuer";

    private static final Duration LAST_REQUEST = Duration.ofSeconds(2);

    final World world;
    final ApiServer api;
    private final String identity;
    private boolean alive = true;
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

    final void die(String why) {
        if (!alive) return;
        alive = false;
        died = world.now();
        api.endWatches(this);
        world.say(identity, "", "dies", why);
    }

    final void freeze(Duration time) {
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
        world.in(world.travel(), () -> {
            if (isOver()) return;
            try {
                if (api.isAway()) throw new Refused(503, "away");
                if (world.fault(0.005)) throw new Refused(429, "too many requests");
                var answer = effect.get();
                if (world.fault(0.01)) throw new Refused(Refused.NO_ANSWER, "carried out, and the answer is lost");
                world.say(identity, job, what, "");
                world.in(world.travel(), () -> resume(() -> then.accept(answer)));
            } catch (Refused refusal) {
                world.say(identity, job, what, refusal);
                world.in(world.travel(), () -> resume(() -> otherwise.accept(refusal)));
            }
        });
    }

    /** One that cannot fail otherwise than by ending this process's task. */
    final <T> void call(String job, Object what, Supplier<T> effect, Consumer<T> then, Runnable failed) {
        call(job, what, effect, then, refusal -> failed.run());
    }

    /** A consistent read: pods before jobs, each list as of its own moment. */
    final void read(BiConsumer<List<SimPod>, List<SyncJob>> then, Runnable failed) {
        call(
                "-",
                "lists pods",
                () -> List.copyOf(api.pods().values()),
                pods -> call(
                        "-",
                        "lists jobs",
                        () -> List.copyOf(api.jobs().values()),
                        jobs -> then.accept(pods, jobs),
                        failed),
                failed);
    }

    static Snapshot snapshot(Collection<SyncJob> jobs, Map<QueueKey, SyncQueueSpec> queues, Collection<SimPod> pods) {
        var uids = new HashSet<String>();
        jobs.forEach(job -> uids.add(SimCaches.uid(job)));
        var stray = new HashMap<QueueKey, Integer>();
        for (var pod : pods) {
            if (!uids.contains(pod.jobUid()) && !pod.view().ended()) stray.merge(pod.queue(), 1, Integer::sum);
        }
        return new Snapshot(jobs, queues, stray);
    }
}
