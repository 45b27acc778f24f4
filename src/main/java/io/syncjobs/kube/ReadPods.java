package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.core.run.PodView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What was read of pods and may be newer than what their watch has shown. Without it, a pod of which the watch has missed the end
 * would run until its deadline.
 */
public final class ReadPods {
    /** More pods than go while one list is read. */
    private static final int REMEMBERED = 10_000;

    /** By the uid of the job and by that of the pod; empty for a pod that is gone. The inner maps never change. */
    private final Map<String, Map<String, Optional<PodView>>> read = new ConcurrentHashMap<>();

    /**
     * The uids of the pods that the watch has shown to be gone last. 1. A list has a pod. 2. The pod is deleted, and the watch shows
     * it. 3. The list is handled: it must not bring the pod back.
     */
    private final Set<String> gone = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** A pod as it was just read. */
    public synchronized void learn(String jobUid, PodView pod) {
        if (gone.contains(pod.uid())) return;
        change(jobUid, pods -> pods.merge(pod.uid(), Optional.of(pod), ReadPods::newer));
    }

    /** A pod that was looked for and is gone. */
    public void learnGone(String jobUid, String podUid) {
        change(jobUid, pods -> pods.put(podUid, Optional.empty()));
    }

    /** The watch has shown that the pod is gone. */
    public synchronized void seenGone(String jobUid, String podUid) {
        gone.add(podUid);
        if (read.containsKey(jobUid)) change(jobUid, pods -> pods.remove(podUid));
    }

    /** The newest known versions of a job's pods; {@code cached} are those that the watch has shown. */
    public List<PodView> newest(String jobUid, List<PodView> cached) {
        var known = read.get(jobUid);
        if (known == null) return cached;
        var left = new HashMap<>(known);
        var pods = new ArrayList<PodView>();
        for (var pod : cached) {
            var own = left.remove(pod.uid());
            if (own == null) {
                pods.add(pod);
            } else if (own.filter(each -> version(each) <= version(pod)).isPresent()) {
                pods.add(pod);
                change(jobUid, all -> all.remove(pod.uid(), own));
            } else {
                own.ifPresent(pods::add);
            }
        }
        left.values().forEach(own -> own.ifPresent(pods::add));
        return pods;
    }

    Set<String> jobUids() {
        return Set.copyOf(read.keySet());
    }

    /** Forgets jobs that were deleted. */
    void forget(Set<String> jobUids) {
        read.keySet().removeAll(jobUids);
    }

    private void change(String jobUid, Consumer<Map<String, Optional<PodView>>> edit) {
        read.compute(jobUid, (uid, before) -> {
            var pods = new HashMap<>(requireNonNullElse(before, Map.<String, Optional<PodView>>of()));
            edit.accept(pods);
            return pods.isEmpty() ? null : pods;
        });
    }

    /** A pod that is gone does not come back. */
    private static Optional<PodView> newer(Optional<PodView> one, Optional<PodView> other) {
        if (one.isEmpty() || other.isEmpty()) return Optional.empty();
        return version(one.get()) >= version(other.get()) ? one : other;
    }

    private static long version(PodView pod) {
        return Long.parseLong(pod.version());
    }
}
