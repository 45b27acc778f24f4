package io.syncjobs.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.PodView;
import io.syncjobs.kube.PodViews;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Remembers how pods ended that were deleted before their job was looked at. The pod may have had the job's result. */
final class DeletedPodCache {
    /** Longer than a job has to wait until it is looked at, even if this process only now begins to lead. */
    private static final Duration KEPT = Duration.ofMinutes(15);

    /** The watch lags at most this far behind an answer of the API server that a pod is gone. */
    private static final Duration ON_THEIR_WAY = Duration.ofSeconds(2);

    private record Worker(String jobUid, String pod) {}

    private record Heard(PodView pod, Instant at) {}

    private final InstantSource clock;
    private final Map<Worker, Heard> heard = new ConcurrentHashMap<>();
    private final Map<Worker, Instant> missed = new ConcurrentHashMap<>();

    DeletedPodCache(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Takes in the deletion of a pod. Its end is kept for a quarter of an hour, unless its job is finished. {@code jobs} finds
     * jobs of the pod's namespace by name.
     */
    void hear(Pod pod, Function<String, Optional<SyncJob>> jobs) {
        var view = PodViews.of(pod);
        var now = clock.instant();
        forgetBefore(now.minus(KEPT));
        if (!view.ended()) return;
        for (var owner : pod.getMetadata().getOwnerReferences()) {
            jobs.apply(owner.getName())
                    .filter(job -> PodViews.isOf(pod, job) && mayBeCurrent(view, job))
                    .filter(job -> !JobFields.statusOf(job).state().finished())
                    .ifPresent(job -> heard.put(
                            new Worker(
                                    job.getMetadata().getUid(),
                                    pod.getMetadata().getName()),
                            new Heard(view, now)));
        }
    }

    /** Anybody who may create pods can make any number that look like a job's. The watch of the job may lag one attempt behind. */
    private static boolean mayBeCurrent(PodView pod, SyncJob job) {
        return pod.name().equals(JobFields.workerOf(job))
                || pod.name().equals(PodNames.of(job, Assignment.attemptAfter(JobFields.attemptOf(job))));
    }

    /** How the current pod of a job ended; empty if its deletion was not seen. */
    Optional<PodView> of(SyncJob job) {
        return Optional.ofNullable(heard.get(workerOf(job))).map(Heard::pod);
    }

    /** True for a moment after the current pod of a job was first missed: the watch may still deliver the pod's end. */
    boolean mayStillCome(SyncJob job, Instant now) {
        forgetBefore(now.minus(KEPT));
        var first = missed.computeIfAbsent(workerOf(job), worker -> now);
        return now.isBefore(first.plus(ON_THEIR_WAY));
    }

    int size() {
        return heard.size() + missed.size();
    }

    private void forgetBefore(Instant time) {
        heard.values().removeIf(one -> one.at().isBefore(time));
        missed.values().removeIf(time::isAfter);
    }

    private static Worker workerOf(SyncJob job) {
        return new Worker(job.getMetadata().getUid(), JobFields.workerOf(job));
    }
}
