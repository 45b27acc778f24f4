package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.run.PodView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The pods of jobs, as the API server has them: preconditions, graceful deletion, the garbage collector, and the watches. */
final class SimPods {
    private final World world;
    private final SimLeases leases;
    private final Reality reality;
    private final Judge judge;
    private final Function<String, Optional<SyncJob>> jobs;
    private final Map<String, SimPod> pods = new LinkedHashMap<>();
    private final List<Watch<SimPod>> watches = new ArrayList<>();
    private Consumer<SimPod> scheduler = pod -> {};
    private Optional<Refused> refusal = Optional.empty();

    /** {@code jobs} finds a job by its uid. */
    SimPods(World world, SimLeases leases, Reality reality, Judge judge, Function<String, Optional<SyncJob>> jobs) {
        this.world = world;
        this.leases = leases;
        this.reality = reality;
        this.judge = judge;
        this.jobs = jobs;
    }

    Map<String, SimPod> all() {
        return pods;
    }

    /** {@code by} is called with each new pod. */
    void schedule(Consumer<SimPod> by) {
        scheduler = by;
    }

    /** Refuses all new pods like this; empty accepts them again. */
    void refuse(Optional<Refused> how) {
        refusal = how;
        world.say("API server", "", "takes pods", how.isEmpty());
    }

    void watch(Watch<SimPod> watch) {
        watches.add(watch);
        watch.listed(pods);
    }

    void endWatches(SimProcess process) {
        watches.removeIf(watch -> watch.isOf(process));
    }

    /** {@code awaited} where the sender is there to get the answer. */
    void create(String by, SimPod pod, boolean awaited) {
        if (refusal.isPresent()) throw refusal.get();
        if (pods.containsKey(pod.view().name()))
            throw Refused.alreadyExists(pod.view().name());
        reality.created(pod, jobs.apply(pod.jobUid()), awaited && leases.isHeldBy(SimProcess.LEADER, by));
        put(pod);
        scheduler.accept(pod);
        if (jobs.apply(pod.jobUid()).isEmpty()) jobGone(pod.jobUid());
    }

    /** Deletes the pod as it was seen. */
    void deleteAsSeen(String by, String name, String uid, String version, Duration grace) {
        var stored = pods.get(name);
        if (stored == null) throw new Refused(404, "the pod is gone");
        if (!stored.view().uid().equals(uid) || !stored.view().version().equals(version))
            throw new Refused(409, "the pod has changed");
        judge.deleting(by, stored, jobs.apply(stored.jobUid()));
        delete(stored.view(), grace);
    }

    /** A graceful deletion: at once where nothing runs. */
    void delete(PodView seen, Duration grace) {
        var stored = pods.get(seen.name());
        if (stored == null || stored.view().deletion().isPresent()) return;
        if (stored.view().ended() || stored.node().isEmpty()) {
            remove(seen.name(), seen.uid());
        } else {
            put(stored.deleting(world.now().plus(grace), grace));
        }
    }

    /** Somebody's intention: the pod says so, and is deleted. */
    void evict(PodView seen, String reason) {
        change(seen.name(), seen.uid(), pod -> pod.disrupted(reason, world.now()));
        delete(seen, Duration.ofSeconds(30));
    }

    void remove(String name, String uid) {
        var stored = pods.get(name);
        if (stored == null || !stored.view().uid().equals(uid)) return;
        // A deletion without a grace period moves the deadline of the one before to this moment.
        put(stored.deleting(world.now(), Duration.ZERO));
        pods.remove(name);
        watches.forEach(watch -> watch.tell(name, Optional.empty()));
    }

    /** What a node or the platform has to tell of a pod, where it still exists. */
    void change(String name, String uid, UnaryOperator<SimPod> change) {
        var stored = pods.get(name);
        if (stored != null && stored.view().uid().equals(uid)) put(change.apply(stored));
    }

    private void put(SimPod pod) {
        var stored = pod.withVersion(leases.nextVersion());
        pods.put(stored.view().name(), stored);
        watches.forEach(watch -> watch.tell(stored.view().name(), Optional.of(stored)));
    }

    /** The garbage collector deletes the pods of a job that is gone, after a while. */
    void jobGone(String jobUid) {
        world.in(
                world.seconds(1, 20),
                () -> List.copyOf(pods.values()).stream()
                        .filter(pod -> pod.jobUid().equals(jobUid))
                        .forEach(pod -> delete(pod.view(), Duration.ofSeconds(30))));
    }
}
