package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Observation;
import io.syncjobs.core.PodView;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Caches, Jobs and Reservations of one operator: what its watches have told, and its own writes until they tell those too. */
final class SimCaches {
    private final Map<String, SyncJob> written = new HashMap<>();
    private final Reservations reservations = new Reservations();
    private final SimProcess process;
    private final Watch<SyncJob> jobs;
    private final Watch<SimPod> pods;
    private final Watch<SyncQueueSpec> queues;
    private final Watch<LeaseEntry> leases;
    private final Watch<WorkerPod> workers;

    SimCaches(
            SimProcess process,
            BiConsumer<String, Optional<SyncJob>> jobChanged,
            BiConsumer<String, Optional<SimPod>> podChanged,
            BiConsumer<String, SyncQueueSpec> queueChanged,
            BiConsumer<String, Optional<LeaseEntry>> leaseChanged,
            BiConsumer<String, Optional<WorkerPod>> workerChanged) {
        this.process = process;
        jobs = new Watch<>(process.world, process, jobChanged);
        pods = new Watch<>(process.world, process, (name, pod) -> {
            if (pod.isEmpty()) tellGone(name);
            podChanged.accept(name, pod);
        });
        queues = new Watch<>(
                process.world, process, (name, queue) -> queue.ifPresent(spec -> queueChanged.accept(name, spec)));
        leases = new Watch<>(process.world, process, leaseChanged);
        workers = new Watch<>(process.world, process, workerChanged);
    }

    /** From now on it is told what there is, and what changes. */
    void watch() {
        process.api.watchJobs(jobs);
        process.api.watchPods(pods);
        process.api.watchQueues(queues);
        process.api.pool().watch(leases, workers);
    }

    /** The watches have lost their place and list anew. */
    void relist() {
        jobs.listed(process.api.jobs());
        pods.listed(process.api.pods());
        queues.listed(process.api.queues());
        process.api.pool().list(leases, workers);
    }

    /** What one of its watches, or both, would tell now comes so much later. */
    void slowDown(Duration time) {
        var which = process.world.pick(3);
        if (which != 0) jobs.slowDown(time);
        if (which != 1) pods.slowDown(time);
        if (which == 2) leases.slowDown(time);
    }

    List<SyncJob> jobs() {
        return jobs.cache().values().stream().map(this::newest).toList();
    }

    /** As the watch has told it last. */
    Optional<SyncJob> cached(String uid) {
        return Optional.ofNullable(jobs.cache().get(uid));
    }

    List<PodView> podsOf(String uid) {
        var views = new ArrayList<PodView>();
        for (var pod : pods.cache().values()) {
            if (pod.jobUid().equals(uid)) views.add(pod.view());
        }
        return views;
    }

    /** The uid of a pod that is gone. */
    Optional<String> podUid(String name) {
        return pods.lastOf(name).map(pod -> pod.view().uid());
    }

    /** DeletedPodCache of the operator. */
    Optional<PodView> lastWordsOf(SyncJob job) {
        var worker = Objects.requireNonNullElse(Observation.statusOf(job).worker(), "");
        return pods.lastOf(worker)
                .filter(pod -> pod.jobUid().equals(uid(job)))
                .map(SimPod::view)
                .filter(PodView::ended);
    }

    Optional<SyncQueueSpec> queueOf(SyncJob job) {
        return Optional.ofNullable(queues.cache().get(Observation.queueOf(job))).or(QueueKey.of(job)::builtIn);
    }

    private void tellGone(String pod) {
        pods.lastOf(pod)
                .ifPresent(
                        last -> reservations.podGone(last.jobUid(), last.view().attempt()));
    }

    SyncJob newest(SyncJob cached) {
        var own = written.get(uid(cached));
        if (own == null) return cached;
        if (Observation.versionOf(cached) < Observation.versionOf(own)) return own;
        written.remove(uid(cached));
        return cached;
    }

    SyncJob remember(SyncJob job) {
        written.merge(
                uid(job),
                job,
                (one, other) -> Observation.versionOf(one) >= Observation.versionOf(other) ? one : other);
        return job;
    }

    Reservations reservations() {
        return reservations;
    }

    void forget(String uid) {
        reservations.forget(uid);
        written.remove(uid);
    }

    static int attempt(SyncJob job) {
        return Objects.requireNonNullElse(Observation.statusOf(job).attempt(), 0);
    }

    static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    static String name(SyncJob job) {
        return job.getMetadata().getName();
    }
}
