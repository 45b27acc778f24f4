package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodView;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Refusals;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.Reservations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What one operator knows: what its watches have told, its own writes until they tell those too, and its reservations. */
final class SimCaches {
    private final SimProcess process;
    private final Map<QueueKey, SyncQueueSpec> queues;
    private final Map<String, SyncJob> written = new HashMap<>();
    private final Reservations reservations = new Reservations();
    private final Watch<SyncJob> jobs;
    private final Watch<SimPod> pods;

    SimCaches(
            SimProcess process,
            Map<QueueKey, SyncQueueSpec> queues,
            BiConsumer<String, Optional<SyncJob>> jobChanged,
            BiConsumer<String, Optional<SimPod>> podChanged) {
        this.process = process;
        this.queues = queues;
        jobs = new Watch<>(process.world, process, jobChanged);
        pods = new Watch<>(process.world, process, podChanged);
        process.api.watchJobs(jobs);
        process.api.watchPods(pods);
    }

    /** The watches have lost their place and list anew. */
    void relist() {
        jobs.listed(process.api.jobs());
        pods.listed(process.api.pods());
    }

    List<SyncJob> jobs() {
        return jobs.cache().values().stream().map(this::newest).toList();
    }

    Optional<SyncJob> job(String uid) {
        return Optional.ofNullable(jobs.cache().get(uid)).map(this::newest);
    }

    List<PodView> podsOf(String uid) {
        var views = new ArrayList<PodView>();
        for (var pod : pods.cache().values()) {
            if (pod.jobUid().equals(uid)) views.add(pod.view());
        }
        return views;
    }

    Optional<SyncQueueSpec> queueOf(SyncJob job) {
        return Optional.ofNullable(queues.get(QueueKey.of(job)));
    }

    Snapshot snapshot() {
        return snapshot(jobs(), pods.cache().values());
    }

    Snapshot snapshot(Collection<SyncJob> all, Collection<SimPod> existing) {
        return SimProcess.snapshot(all, queues, existing);
    }

    private SyncJob newest(SyncJob cached) {
        var own = written.get(uid(cached));
        return own != null && Observation.versionOf(cached) < Observation.versionOf(own) ? own : cached;
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

    void forgetDeleted() {
        var gone = new HashSet<>(reservations.uids());
        gone.addAll(written.keySet());
        gone.removeAll(jobs.cache().keySet());
        reservations.forget(gone);
        written.keySet().removeAll(gone);
    }

    /** The write that gives a job to a worker, and what is noted about it. */
    void reserve(SyncJob job, Step.Reserve reserve, Consumer<SyncJob> then, Consumer<Refused> otherwise) {
        var pause = Refusals.pauseOf(reservations.of(job));
        reservations.note(job, reserve.attempt(), new Reservation.Sending());
        var next = Statuses.after(job, reserve, process.world.now());
        process.call(
                name(job),
                reserve,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    reservations.note(now, reserve.attempt(), new Reservation.Mine(pause));
                    then.accept(remember(now));
                },
                refusal -> {
                    reservations.forget(job, reserve.attempt());
                    otherwise.accept(refusal);
                });
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
