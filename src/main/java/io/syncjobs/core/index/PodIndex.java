package io.syncjobs.core.index;

import io.syncjobs.core.run.Assignment;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The pods of jobs. It also counts the pods that take up places although their jobs are gone. */
final class PodIndex {
    /** How long after a job's deletion a pod of it, which no watch has shown yet, may still appear. */
    private static final Duration POD_COMES = Duration.ofMinutes(1);

    /** A pod that may still appear although its job is gone. */
    private record Ghost(QueueKey queue, long until) {}

    /** Told how many more or fewer pods without a job take up places of a queue. */
    interface Strays {
        void add(QueueKey queue, int pods);
    }

    private final Predicate<String> jobs;
    private final Strays strays;
    private final Map<String, PodEntry> pods = new HashMap<>();
    private final Set<String> listed = new HashSet<>();
    private final Map<String, Set<String>> ofJob = new HashMap<>();

    /** For each existing job, the latest attempt of which a pod was seen. */
    private final Map<String, Integer> seen = new HashMap<>();

    /** By the uid of the deleted job. The one that expires first comes first. */
    private final Map<String, Ghost> ghosts = new LinkedHashMap<>();

    /** {@code jobs} is true for the uid of an existing job. */
    PodIndex(Predicate<String> jobs, Strays strays) {
        this.jobs = jobs;
        this.strays = strays;
    }

    void beginSweep() {
        listed.clear();
    }

    boolean listed(String uid, long version) {
        listed.add(uid);
        var pod = pods.get(uid);
        return pod != null && pod.version() >= version;
    }

    List<PodEntry> unlisted() {
        return pods.values().stream().filter(pod -> !listed.contains(pod.uid())).toList();
    }

    void see(PodEntry pod) {
        listed.add(pod.uid());
        var before = pods.get(pod.uid());
        if (before != null && before.version() >= pod.version()) return;
        if (before != null) {
            count(before, -1);
            // Anybody who may edit pods can make it the pod of another job.
            if (!before.jobUid().equals(pod.jobUid())) leave(before);
        }
        endGhost(pod.jobUid());
        pods.put(pod.uid(), pod);
        ofJob.computeIfAbsent(pod.jobUid(), uid -> new HashSet<>(2)).add(pod.uid());
        if (jobs.test(pod.jobUid())) seen.merge(pod.jobUid(), pod.attempt(), Math::max);
        count(pod, 1);
    }

    void gone(String uid) {
        listed.remove(uid);
        var pod = pods.remove(uid);
        if (pod == null) return;
        count(pod, -1);
        leave(pod);
    }

    private void leave(PodEntry pod) {
        ofJob.computeIfPresent(pod.jobUid(), (job, uids) -> {
            uids.remove(pod.uid());
            return uids.isEmpty() ? null : uids;
        });
    }

    /** Called before the index takes in the job: its pods have a job from now on. */
    void jobComes(String uid) {
        endGhost(uid);
        for (var pod : podsOf(uid)) {
            count(pod, -1);
            seen.merge(uid, pod.attempt(), Math::max);
        }
    }

    /** Called after the index has dropped the job: its pods go on without it, and one more may still appear. */
    void jobGone(JobEntry job, boolean podMayCome, long now) {
        podsOf(job.uid()).forEach(pod -> count(pod, 1));
        var attempt = seen.remove(job.uid());
        // A place that is being given is for the next attempt, and no pod of that attempt can have been seen.
        var current = job.state().occupying() ? job.attempt() : Assignment.attemptAfter(job.attempt());
        if (!podMayCome || job.group != Group.HELD || (attempt != null && attempt >= current)) return;
        ghosts.put(job.uid(), new Ghost(job.queue(), now + POD_COMES.toMillis()));
        strays.add(job.queue(), 1);
    }

    void advance(long now) {
        while (nextChange() <= now) endGhost(ghosts.keySet().iterator().next());
    }

    long nextChange() {
        return ghosts.isEmpty()
                ? JobEntry.NEVER
                : ghosts.values().iterator().next().until();
    }

    Optional<PodEntry> pod(String uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    Collection<PodEntry> all() {
        return Collections.unmodifiableCollection(pods.values());
    }

    private void endGhost(String jobUid) {
        var ghost = ghosts.remove(jobUid);
        if (ghost != null) strays.add(ghost.queue(), -1);
    }

    private List<PodEntry> podsOf(String jobUid) {
        var uids = ofJob.get(jobUid);
        if (uids == null) return List.of();
        return uids.stream().map(pods::get).filter(Objects::nonNull).toList();
    }

    private void count(PodEntry pod, int change) {
        if (!pod.ended() && !jobs.test(pod.jobUid())) strays.add(pod.queue(), change);
    }
}
