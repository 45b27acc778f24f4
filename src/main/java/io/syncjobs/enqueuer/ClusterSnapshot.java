package io.syncjobs.enqueuer;

import static java.util.stream.Collectors.toMap;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Lists;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Served;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Reads queues, jobs and pods as one snapshot for the pass. */
final class ClusterSnapshot {
    private ClusterSnapshot() {}

    /** A consistent read from the API server, in pages. */
    static Snapshot read(Api api, Served served) {
        var pods = new ArrayList<Pod>();
        var queues = new ArrayList<SyncQueue>();
        var jobs = new ArrayList<SyncJob>();
        var lists = new Lists(api);
        served.each(namespaces -> {
            // Pods are read before jobs, so a pod whose job is missing has a deleted job.
            pods.addAll(lists.read(Pod.class, namespaces, Names.MANAGED_BY + "=" + Names.SYNCJOBS, Client::prune));
            queues.addAll(queues(api, namespaces));
            jobs.addAll(lists.read(SyncJob.class, namespaces, "", Client::prune));
        });
        return of(jobs, queues, pods);
    }

    /** A consistent read of one namespace. */
    static Snapshot read(Api api, String namespace) {
        var lists = new Lists(api);
        var one = List.of(namespace);
        var pods = lists.read(Pod.class, one, Names.MANAGED_BY + "=" + Names.SYNCJOBS, Client::prune);
        var queues = queues(api, one);
        return of(lists.read(SyncJob.class, one, "", Client::prune), queues, pods);
    }

    /** The queues as they are now; an empty list of {@code namespaces} reads all. */
    static List<SyncQueue> queues(Api api, List<String> namespaces) {
        return new Lists(api).read(SyncQueue.class, namespaces, "", queue -> queue);
    }

    static Snapshot of(Collection<SyncJob> jobs, Collection<SyncQueue> queues, Collection<Pod> pods) {
        Map<QueueKey, SyncQueueSpec> specs = queues.stream().collect(toMap(QueueKey::of, SyncQueue::getSpec));
        var uids = new HashSet<String>();
        jobs.forEach(job -> uids.add(job.getMetadata().getUid()));
        var stray = new HashMap<QueueKey, Integer>();
        for (var pod : pods) {
            if (uids.contains(PodViews.label(pod, Names.JOB_UID))
                    || PodViews.of(pod).ended()) continue;
            stray.merge(
                    new QueueKey(pod.getMetadata().getNamespace(), PodViews.label(pod, Names.QUEUE)), 1, Integer::sum);
        }
        return new Snapshot(jobs, specs, stray);
    }
}
