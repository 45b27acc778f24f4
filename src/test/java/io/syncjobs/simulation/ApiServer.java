package io.syncjobs.simulation;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.LeaseView;
import io.syncjobs.core.Observation;
import io.syncjobs.core.PodView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What the API server does with its objects: compare and set, preconditions, the fence, and telling its watches. */
final class ApiServer {
    private final World world;
    private final Judge judge;
    private final Map<String, SyncJob> jobs = new LinkedHashMap<>();
    private final Map<String, SimPod> pods = new LinkedHashMap<>();
    private final Map<String, LeaseView> leases = new HashMap<>();
    private final List<Watch<SyncJob>> jobWatches = new ArrayList<>();
    private final List<Watch<SimPod>> podWatches = new ArrayList<>();
    private Consumer<SimPod> scheduler = pod -> {};
    private String mayEnqueue = "";
    private long revision = 1;
    private boolean away;

    ApiServer(World world, Judge judge) {
        this.world = world;
        this.judge = judge;
    }

    /** Is told of each new pod. */
    void schedule(Consumer<SimPod> by) {
        scheduler = by;
    }

    boolean isAway() {
        return away;
    }

    void setAway(boolean away) {
        this.away = away;
        world.say("API server", "", away ? "away" : "back", "");
    }

    Map<String, SyncJob> jobs() {
        return jobs;
    }

    Map<String, SimPod> pods() {
        return pods;
    }

    void watchJobs(Watch<SyncJob> watch) {
        jobWatches.add(watch);
        watch.listed(jobs);
    }

    void watchPods(Watch<SimPod> watch) {
        podWatches.add(watch);
        watch.listed(pods);
    }

    void endWatches(SimProcess process) {
        jobWatches.removeIf(watch -> watch.isOf(process));
        podWatches.removeIf(watch -> watch.isOf(process));
    }

    void createJob(SyncJob job) {
        store(job, job.getMetadata().getAnnotations(), requireNonNullElse(job.getStatus(), SyncJobStatus.NEW));
    }

    Optional<SyncJob> readJob(String uid) {
        return Optional.ofNullable(jobs.get(uid));
    }

    /** A status write of {@code by}, with the version that was seen. */
    SyncJob writeStatus(String by, SyncJob seen, SyncJobStatus next) {
        var stored = current(seen);
        var before = Observation.statusOf(stored);
        if (!before.state().occupying() && next.state().occupying()) tryPlace(by);
        if (next.equals(before)) return stored;
        var written = store(stored, stored.getMetadata().getAnnotations(), next);
        judge.written(by, stored, written);
        return written;
    }

    /** A dry run of a write that gives a place. */
    boolean tryPlace(String by) {
        if (!by.equals(mayEnqueue)) throw new Refused(403, "only " + mayEnqueue + " may enqueue");
        return true;
    }

    SyncJob annotate(SyncJob seen, Map<String, Optional<String>> changes) {
        return annotated(current(seen), changes);
    }

    /** As kubectl does it: without a look at the version. */
    void annotateAnyVersion(String uid, String name, String value) {
        readJob(uid).ifPresent(job -> annotated(job, Map.of(name, Optional.of(value))));
    }

    private SyncJob annotated(SyncJob stored, Map<String, Optional<String>> changes) {
        var annotations =
                new HashMap<>(requireNonNullElse(stored.getMetadata().getAnnotations(), Map.<String, String>of()));
        changes.forEach((name, value) ->
                value.ifPresentOrElse(text -> annotations.put(name, text), () -> annotations.remove(name)));
        return store(stored, annotations, Observation.statusOf(stored));
    }

    void deleteJob(SyncJob seen) {
        var stored = current(seen);
        judge.deleted(stored);
        var uid = stored.getMetadata().getUid();
        jobs.remove(uid);
        jobWatches.forEach(watch -> watch.tell(uid, Optional.empty()));
        world.in(
                world.seconds(1, 20),
                () -> List.copyOf(pods.values()).stream()
                        .filter(pod -> pod.jobUid().equals(uid))
                        .forEach(pod -> deletePod(pod.view(), world.seconds(30, 30))));
    }

    private SyncJob current(SyncJob seen) {
        var stored = jobs.get(seen.getMetadata().getUid());
        if (stored == null) throw new Refused(404, "the job is gone");
        if (!stored.getMetadata().getResourceVersion().equals(seen.getMetadata().getResourceVersion()))
            throw new Refused(409, "the job has changed");
        return stored;
    }

    private SyncJob store(SyncJob job, Map<String, String> annotations, SyncJobStatus status) {
        var next = new SyncJob();
        next.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withAnnotations(annotations)
                .withResourceVersion(Long.toString(++revision))
                .build());
        next.setSpec(job.getSpec());
        next.setStatus(status);
        var uid = next.getMetadata().getUid();
        jobs.put(uid, next);
        jobWatches.forEach(watch -> watch.tell(uid, Optional.of(next)));
        return next;
    }

    void createPod(SimPod pod) {
        if (pods.containsKey(pod.view().name())) throw new Refused(409, "there is such a pod");
        judge.podCreated(pod);
        put(pod);
        scheduler.accept(pod);
    }

    /** Deletes the pod as it was seen. */
    void deletePodAsSeen(PodView seen, Duration grace) {
        var stored = pods.get(seen.name());
        if (stored == null) throw new Refused(404, "the pod is gone");
        if (!stored.view().version().equals(seen.version())) throw new Refused(409, "the pod has changed");
        deletePod(stored.view(), grace);
    }

    /** A graceful deletion: at once where nothing runs. */
    void deletePod(PodView seen, Duration grace) {
        var stored = pods.get(seen.name());
        if (stored == null || stored.view().deletion().isPresent()) return;
        if (stored.view().ended() || stored.node().isEmpty()) {
            removePod(seen.name(), seen.uid());
        } else {
            put(stored.deleting(world.now().plus(grace), grace));
        }
    }

    /** Somebody's intention: the pod says so, and is deleted. */
    void evictPod(PodView seen, String reason) {
        changePod(seen.name(), seen.uid(), pod -> pod.disrupted(reason, world.now()));
        deletePod(seen, Duration.ofSeconds(30));
    }

    void removePod(String name, String uid) {
        var stored = pods.get(name);
        if (stored == null || !stored.view().uid().equals(uid)) return;
        pods.remove(name);
        podWatches.forEach(watch -> watch.tell(name, Optional.empty()));
    }

    /** What a node or the platform has to tell of a pod, where it still exists. */
    void changePod(String name, String uid, UnaryOperator<SimPod> change) {
        var stored = pods.get(name);
        if (stored != null && stored.view().uid().equals(uid)) put(change.apply(stored));
    }

    private void put(SimPod pod) {
        var stored = pod.withVersion(Long.toString(++revision));
        pods.put(stored.view().name(), stored);
        podWatches.forEach(watch -> watch.tell(stored.view().name(), Optional.of(stored)));
    }

    Optional<LeaseView> readLease(String name) {
        return Optional.ofNullable(leases.get(name));
    }

    /** Takes, renews or (with an empty holder) gives back a Lease that is as it was seen. */
    LeaseView writeLease(String name, Optional<LeaseView> seen, String holder, Duration duration) {
        var version = readLease(name).map(LeaseView::version);
        if (!version.equals(seen.map(LeaseView::version))) throw new Refused(409, "the Lease has changed");
        var next = new LeaseView(holder, duration, world.now().toString(), Long.toString(++revision), "");
        leases.put(name, next);
        if (name.equals(SimProcess.ENQUEUER)) { // the policy's parameter comes from a cache
            world.in(
                    world.seconds(0, 1),
                    () -> mayEnqueue = readLease(name).orElseThrow().holder());
        }
        return next;
    }
}
