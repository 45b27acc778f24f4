package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.enqueuer.EnqueueIo.Places;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Lists;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Pruned;
import io.syncjobs.kube.Served;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The places that are taken when a term begins, as the API server has them. A namespace that could not be read then is read
 * before the first place in it is given.
 */
final class TakenPlaces {
    /** Selects the jobs that hold a place. */
    private static final String PLACES = Stream.of(State.PENDING, State.DONE, State.FAILED, State.CANCELLED)
            .map(state -> "status.state!=" + state)
            .collect(Collectors.joining(","));

    private static final Instant NEVER = Instant.MIN;

    /** By this time every plan from before a late read is over. */
    private static final Duration PLANNED_BEFORE = Duration.ofSeconds(5);

    private final Lists lists;
    private final Served served;
    private final IndexFeed feed;
    private final InstantSource clock;

    /** The namespaces that could not be read when the term began, and when they were read later. */
    private final Map<String, Instant> late = new ConcurrentHashMap<>();

    TakenPlaces(Api api, Served served, IndexFeed feed, InstantSource clock) {
        lists = new Lists(api);
        this.served = served;
        this.feed = feed;
        this.clock = clock;
    }

    Places read() {
        var pods = new ArrayList<PodEntry>();
        var jobs = new ArrayList<JobEntry>();
        var closed = served.each(namespaces -> {
            // Pods are read before jobs, so a pod whose job is missing has a deleted job.
            pods(namespaces).stream()
                    .flatMap(pod -> feed.remembered(pod).stream())
                    .forEach(pods::add);
            jobs(namespaces).stream()
                    .flatMap(job -> feed.remembered(job).stream())
                    .forEach(jobs::add);
        });
        late.keySet().retainAll(closed);
        closed.forEach(namespace -> late.put(namespace, NEVER));
        return new Places(jobs, pods);
    }

    /** True if no place may be given in the namespace yet. The first caller has the namespace read. */
    boolean areUnknown(String namespace) {
        var read = late.get(namespace);
        if (read == null) return false;
        if (read.equals(NEVER)) {
            pods(List.of(namespace)).forEach(feed::podRead);
            jobs(List.of(namespace)).forEach(feed::jobRead);
            late.replace(namespace, NEVER, clock.instant());
            return true;
        }
        return clock.instant().isBefore(read.plus(PLANNED_BEFORE)) || !late.remove(namespace, read);
    }

    private List<Pod> pods(List<String> namespaces) {
        return lists.read(Pod.class, namespaces, Pods.SELECTOR, Pruned::of);
    }

    private List<SyncJob> jobs(List<String> namespaces) {
        return lists.select(SyncJob.class, namespaces, PLACES, Pruned::of);
    }
}
