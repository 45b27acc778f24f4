package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.kube.ApiException;
import io.syncjobs.simulation.Run.Harm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** All runs as they really are, and the promises about them that do not depend on what is written. */
final class Reality {
    /** So long a process may act on a queue as it was: frozen, with a slow watch, and a request that takes its time. */
    private static final Duration OLD_NEWS = Duration.ofMinutes(8);

    private record Setting(Instant since, int capacity, boolean paused) {}

    private final World world;
    private final Map<String, Run> runs = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Map<QueueKey, List<Setting>> settings = new HashMap<>();
    private final Map<String, Instant> placed = new HashMap<>();
    private Instant notTaken = Instant.MIN;

    Reality(World world) {
        this.world = world;
    }

    Optional<Run> run(String pod) {
        return Optional.ofNullable(runs.get(pod));
    }

    List<Run> runsOf(String jobUid) {
        return runs.values().stream().filter(run -> run.jobUid.equals(jobUid)).toList();
    }

    void queue(QueueKey key, int capacity, boolean paused) {
        settings.computeIfAbsent(key, k -> new ArrayList<>()).add(new Setting(world.now(), capacity, paused));
    }

    /** The largest capacity that the queue has had since then, as far as anybody may still believe in it. */
    int most(QueueKey key, Instant since) {
        var from = since.minus(OLD_NEWS);
        var all = Objects.requireNonNull(settings.get(key));
        var most = 0;
        for (var i = 0; i < all.size(); i++) {
            var until = i + 1 < all.size() ? all.get(i + 1).since() : Instant.MAX;
            if (until.isAfter(from)) most = Math.max(most, all.get(i).capacity());
        }
        return most;
    }

    boolean isLongPaused(QueueKey key) {
        var last = Objects.requireNonNull(settings.get(key)).getLast();
        return last.paused() && last.since().plus(OLD_NEWS).isBefore(world.now());
    }

    void placed(String jobUid) {
        placed.put(jobUid, world.now());
    }

    /** A create is sent, and may yet be refused. */
    void creating(SimPod pod) {
        if (!open.add(pod.view().name()))
            throw new Judge.Broken(
                    pod.job(),
                    "a second create for the same attempt: " + pod.view().name());
    }

    /** Only where the API server has refused it for sure, the same attempt may be tried again. */
    void notCreated(SimPod pod, ApiException refusal) {
        notTaken = world.now();
        world.count("pods not taken");
        if (!refusal.mayHaveBeenDone() && !refusal.isConflict())
            open.remove(pod.view().name());
    }

    /** True where some pod was not taken since then. */
    boolean hasRefusedSince(Instant time) {
        return notTaken.isAfter(time);
    }

    /** {@code awaited} where the process that sent it still leads and waits for the answer. */
    void created(SimPod pod, Optional<SyncJob> job, boolean awaited) {
        var run = new Run(pod, world.now());
        var current = job.map(JobFields::statusOf)
                .filter(status -> status.state().occupying() && run.pod.equals(status.worker()))
                .isPresent();
        if (!current || !awaited) {
            run.harm.add(Harm.LATE);
            world.count("late pods");
        }
        runs.put(run.pod, run);
    }

    void harmed(String pod, Harm harm) {
        run(pod).ifPresent(run -> run.harm.add(harm));
    }

    void started(String pod) {
        var run = Objects.requireNonNull(runs.get(pod));
        run.started = Optional.of(world.now());
        if (run.isZombie()) return;
        for (var other : runsOf(run.jobUid)) {
            if (other != run && other.isRunning() && !other.isZombie())
                throw new Judge.Broken(run.job, run.pod + " begins while " + other.pod + " runs");
        }
        var beside = runs.values().stream()
                .filter(other -> other.queue.equals(run.queue) && other.isRunning() && !other.isZombie())
                .toList();
        var since = beside.stream()
                .map(other -> placed.getOrDefault(other.jobUid, other.created))
                .min(Instant::compareTo)
                .orElse(world.now());
        var most = most(run.queue, since);
        if (beside.size() >= most) world.count("moments at full capacity");
        if (beside.size() > most)
            throw new Judge.Broken(
                    run.job,
                    "containers run beyond the capacity of " + most + ": "
                            + beside.stream().map(other -> other.pod).toList());
    }

    void ended(String pod, int code, boolean bySignal) {
        var run = Objects.requireNonNull(runs.get(pod));
        run.ended = Optional.of(world.now());
        run.code = code;
        run.bySignal = bySignal;
    }
}
