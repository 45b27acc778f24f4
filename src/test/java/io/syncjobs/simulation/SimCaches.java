package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.run.PodView;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.ReadQueues;
import io.syncjobs.kube.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The watches of one operator, with what they have told: it goes into the index as the framework's stores give it. */
final class SimCaches {
    private final SimProcess process;
    private final ReadQueues readQueues;
    private final Watch<SyncJob> jobs;
    private final Watch<SimPod> pods;
    private final Watch<SyncQueue> queues;
    private final Watch<ObjectNode> leases;
    private final Watch<ObjectNode> workers;

    /** {@code jobChanged} is told of each job that changes, {@code podChanged} of each pod: as it is, or was, and whether it is. */
    SimCaches(
            SimProcess process,
            Jobs known,
            IndexFeed feed,
            Consumer<SyncJob> jobChanged,
            BiConsumer<SimPod, Boolean> podChanged) {
        this.process = process;
        readQueues = known.queues();
        jobs = watch(true, (uid, job) -> {
            job.ifPresentOrElse(feed::job, () -> goneJob(uid).ifPresent(feed::jobGone));
            job.ifPresent(jobChanged);
        });
        pods = watch(true, (name, pod) -> {
            pod.map(SimPod::toPod)
                    .ifPresentOrElse(
                            feed::pod, () -> lastPod(name).map(SimPod::toPod).ifPresent(feed::podGone));
            pod.or(() -> lastPod(name)).ifPresent(each -> podChanged.accept(each, pod.isPresent()));
        });
        queues = watch(
                true,
                (name, queue) -> queue.ifPresent(each -> {
                    feed.queue(each);
                    readQueues.seen(each);
                }));
        leases = watch(
                false,
                (name, lease) -> lease.map(each -> Wire.value(each, Lease.class))
                        .ifPresentOrElse(feed::lease, () -> lastLease(name).ifPresent(feed::leaseGone)));
        workers = watch(
                false,
                (name, pod) -> pod.map(each -> Wire.value(each, Pod.class))
                        .ifPresentOrElse(feed::worker, () -> lastWorker(name).ifPresent(feed::workerGone)));
    }

    private <T> Watch<T> watch(boolean mayLose, BiConsumer<String, Optional<T>> told) {
        return new Watch<>(process.world, process, mayLose, told);
    }

    private Optional<SyncJob> goneJob(String uid) {
        return jobs.lastOf(uid);
    }

    private Optional<SimPod> lastPod(String name) {
        return pods.lastOf(name);
    }

    private Optional<Lease> lastLease(String name) {
        return leases.lastOf(name).map(each -> Wire.value(each, Lease.class));
    }

    private Optional<Pod> lastWorker(String name) {
        return workers.lastOf(name).map(each -> Wire.value(each, Pod.class));
    }

    /** From now on it is told what there is, and what changes. */
    void watch() {
        process.api.watchJobs(jobs);
        process.api.pods().watch(pods);
        process.api.watchQueues(queues);
        process.api.pool().leases().watch(leases);
        process.api.pool().pods().watch(workers);
    }

    /** The watches have lost their place and list anew. */
    void relist() {
        jobs.listed(process.api.jobs());
        pods.listed(process.api.pods().all());
        queues.listed(process.api.queues());
        process.api.pool().leases().list(leases);
        process.api.pool().pods().list(workers);
    }

    /** What one of its watches, or both, would tell now comes so much later. */
    void slowDown(Duration time) {
        var which = process.world.pick(3);
        if (which != 0) jobs.slowDown(time);
        if (which != 1) pods.slowDown(time);
        if (which == 2) leases.slowDown(time);
    }

    void slowJobs(Duration time) {
        jobs.slowDown(time);
    }

    /** For so long its watches of jobs and of pods tell everything so much later. */
    void lagBehind(Duration lag, Duration time) {
        jobs.lagBehind(lag, time);
        if (process.world.pick(2) == 0) pods.lagBehind(lag, time);
    }

    void slowPods(Duration time) {
        pods.slowDown(time);
    }

    /** All jobs, as the watch has told them last. */
    List<SyncJob> jobs() {
        return List.copyOf(jobs.cache().values());
    }

    /** True where it was told by then that the job is as it is. */
    boolean knew(SyncJob job, Instant by) {
        var uid = uid(job);
        return job(uid).filter(each -> JobFields.versionOf(each) == JobFields.versionOf(job))
                        .isPresent()
                && jobs.knew(uid, by);
    }

    /** True where it was told by then that this worker's pod is to end, or is gone. */
    boolean knewOfEnd(String worker, Instant by) {
        var pod = Optional.ofNullable(workers.cache().get(worker));
        var ends = pod.map(each -> each.path("metadata").has("deletionTimestamp"))
                .orElse(workers.lastOf(worker).isPresent());
        return ends && workers.knew(worker, by);
    }

    Optional<SyncJob> job(String uid) {
        return Optional.ofNullable(jobs.cache().get(uid));
    }

    /** Of a simulated job the name says the uid. */
    Optional<SyncJob> jobNamed(String name) {
        return job("uid-" + name);
    }

    List<PodView> podsOf(String uid) {
        var views = new ArrayList<PodView>();
        for (var pod : pods.cache().values()) {
            if (pod.jobUid().equals(uid)) views.add(PodViews.of(pod.toPod()));
        }
        return views;
    }

    List<SyncQueue> queues() {
        return readQueues.newest(List.copyOf(queues.cache().values()));
    }

    Optional<SyncQueueSpec> queueSpec(QueueKey key) {
        return readQueues
                .newest(key, Optional.ofNullable(queues.cache().get(key.name())))
                .map(SyncQueue::getSpec)
                .or(key::builtIn);
    }

    static int attempt(SyncJob job) {
        return Objects.requireNonNullElse(JobFields.statusOf(job).attempt(), 0);
    }

    static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    static String name(SyncJob job) {
        return job.getMetadata().getName();
    }
}
