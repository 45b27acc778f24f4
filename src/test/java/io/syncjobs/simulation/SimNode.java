package io.syncjobs.simulation;

import io.syncjobs.simulation.Run.Harm;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node with its kubelet: it runs pods whatever the API server hears of it, and tells what happened as soon as it can. */
final class SimNode {
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final World world;
    private final ApiServer api;
    private final Reality reality;
    private final String name;
    private final Map<String, RunningContainer> containers = new HashMap<>();
    private Instant cutOffUntil = World.START;

    SimNode(World world, ApiServer api, Reality reality, String name) {
        this.world = world;
        this.api = api;
        this.reality = reality;
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isCutOff() {
        return world.now().isBefore(cutOffUntil);
    }

    void cutOff(Duration time) {
        cutOffUntil = world.now().plus(time);
        world.say(name, "", "is cut off", time);
        api.pods().all().values().stream()
                .filter(pod -> pod.node().equals(name))
                .forEach(pod -> reality.harmed(pod.view().name(), Harm.CUT_OFF));
        // The platform gives up its pods after a while.
        world.in(Duration.ofSeconds(60), () -> {
            if (!isCutOff()) return;
            for (var pod : List.copyOf(api.pods().all().values())) {
                if (pod.node().equals(name)) api.pods().evict(pod.view(), "DeletionByTaintManager");
            }
        });
    }

    void reconnect() {
        cutOffUntil = world.now();
    }

    /** Takes a pod; its worker will run so long, and end with this code unless it is stopped. */
    void take(SimPod pod, Duration start, Duration run, int code) {
        var stored = api.pods().all().get(pod.view().name());
        if (stored == null || !stored.view().uid().equals(pod.view().uid())) return;
        if (isCutOff()) reality.harmed(pod.view().name(), Harm.CUT_OFF);
        api.pods().change(pod.view().name(), pod.view().uid(), p -> p.onNode(name));
        var container = new RunningContainer(pod, run, code);
        containers.put(pod.view().name(), container);
        world.in(start, container::start);
        container.watchDeletion();
    }

    /** Its kubelet restarts and does not take this pod again, if it runs here: it ends the worker. */
    void reject(String pod) {
        Optional.ofNullable(containers.get(pod)).ifPresent(RunningContainer::reject);
    }

    /** Repeats until the API server hears it. */
    private void tell(Runnable what) {
        if (isCutOff() || api.isAway()) world.in(RETRY, () -> tell(what));
        else what.run();
    }

    private final class RunningContainer {
        private final String pod;
        private final String uid;
        private final String job;
        private final Duration run;
        private final int code;
        private Optional<Instant> started = Optional.empty();
        private boolean ended;
        private boolean stopped;
        private boolean rejected;
        private Runnable tellEnd = () -> {};

        RunningContainer(SimPod pod, Duration run, int code) {
            this.pod = pod.view().name();
            this.uid = pod.view().uid();
            this.job = pod.job();
            this.run = run;
            this.code = code;
        }

        private void start() {
            if (stopped) return;
            started = Optional.of(world.now());
            reality.started(pod);
            var since = world.now();
            tell(() -> api.pods().change(pod, uid, p -> ended || p.view().ended() ? p : p.running(since)));
            world.in(run, () -> end(code, false));
        }

        private void end(int with, boolean bySignal) {
            if (ended) return;
            ended = true;
            containers.remove(pod);
            reality.ended(pod, with, bySignal);
            var finished = world.now();
            world.say(name, job, "pod " + pod + " ends with " + with + (bySignal ? " on SIGTERM" : ""), "");
            tellEnd = () -> api.pods().change(pod, uid, p -> {
                if (p.view().ended()) return p;
                return rejected ? p.rejected(with, started, finished) : p.ended(with, started, finished);
            });
            world.in(world.travel(), () -> tell(tellEnd));
        }

        /** Looks for its deletion as a kubelet does, until the pod is gone. */
        private void watchDeletion() {
            world.in(
                    world.seconds(0, 2),
                    () -> tell(() -> {
                        var stored = api.pods().all().get(pod);
                        if (stored == null || !stored.view().uid().equals(uid)) {
                            stop(() -> {});
                        } else if (stored.view().deletion().isPresent()) {
                            stop(() -> tell(this::remove));
                        } else {
                            watchDeletion();
                        }
                    }));
        }

        /** A kubelet tells how a pod has ended before it lets it go. */
        private void remove() {
            tellEnd.run();
            world.in(world.seconds(0, 1), () -> tell(() -> api.pods().remove(pod, uid)));
        }

        private void reject() {
            if (ended || stopped || started.isEmpty()) return;
            rejected = true;
            world.count("pods that a restarted kubelet rejects");
            reality.harmed(pod, Harm.PLANNED);
            stop(() -> {});
        }

        private void stop(Runnable then) {
            stopped = true;
            if (ended || started.isEmpty()) {
                if (started.isEmpty()) tellEnd = () -> api.pods().change(pod, uid, SimPod::unmade);
                world.in(world.seconds(0, 1), then);
                return;
            }
            var signal = world.pick(List.of(0, 143, 137));
            var time = world.fault(0.5, "containers that take their time to end")
                    ? world.seconds(5, 28)
                    : world.seconds(0, 5);
            world.in(time, () -> {
                end(signal, true);
                world.in(world.seconds(0, 3), then);
            });
        }
    }
}
