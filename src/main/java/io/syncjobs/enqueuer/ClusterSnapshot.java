package io.syncjobs.enqueuer;

import static java.util.stream.Collectors.toMap;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.QueueKey;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.PodViews;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The state of queues, jobs and pods as one snapshot for the pass. */
public final class ClusterSnapshot {
    private static final long PAGE = 500;

    private ClusterSnapshot() {}

    /** A consistent read from the API server, in pages; {@code namespaces} empty reads all. */
    public static Snapshot read(KubernetesClient client, List<String> namespaces) {
        // Pods before jobs: a pod whose job is missing then is one whose job has been deleted.
        var pods = list(client, Pod.class, namespaces, Names.MANAGED_BY + "=" + Names.SYNCJOBS, Client::prune);
        var queues = list(client, SyncQueue.class, namespaces, "", queue -> queue);
        var jobs = list(client, SyncJob.class, namespaces, "", Client::prune);
        return of(jobs, queues, pods, Map.of());
    }

    /**
     * A snapshot of what caches hold.
     *
     * @param places where a pod may be that {@code pods} does not have yet, by the uid of its job
     */
    public static Snapshot of(
            Collection<SyncJob> jobs,
            Collection<SyncQueue> queues,
            Collection<Pod> pods,
            Map<String, QueueKey> places) {
        Map<QueueKey, SyncQueueSpec> specs = queues.stream().collect(toMap(QueueKey::of, SyncQueue::getSpec));
        var uids = new HashSet<String>();
        jobs.forEach(job -> uids.add(job.getMetadata().getUid()));
        var stray = new HashMap<QueueKey, Integer>();
        var unseen = new HashMap<>(places);
        unseen.keySet().removeAll(uids);
        for (var pod : pods) {
            unseen.remove(PodViews.label(pod, Names.JOB_UID));
            if (uids.contains(PodViews.label(pod, Names.JOB_UID))
                    || PodViews.of(pod).ended()) continue;
            stray.merge(
                    new QueueKey(pod.getMetadata().getNamespace(), PodViews.label(pod, Names.QUEUE)), 1, Integer::sum);
        }
        unseen.values().forEach(queue -> stray.merge(queue, 1, Integer::sum));
        return new Snapshot(jobs, specs, stray);
    }

    private static <T extends HasMetadata> List<T> list(
            KubernetesClient client, Class<T> kind, List<String> namespaces, String labels, UnaryOperator<T> prune) {
        var scopes = namespaces.isEmpty() ? Stream.of("") : namespaces.stream();
        return scopes.flatMap(namespace -> pages(client, kind, namespace, labels, prune).stream())
                .toList();
    }

    /** Each page is pruned as it comes: all of them as they are would need several times the memory. */
    private static <T extends HasMetadata> List<T> pages(
            KubernetesClient client, Class<T> kind, String namespace, String labels, UnaryOperator<T> prune) {
        var all = new ArrayList<T>();
        var options = new ListOptions();
        options.setLimit(PAGE);
        options.setLabelSelector(labels);
        do {
            var scope = client.resources(kind);
            var page = namespace.isEmpty()
                    ? scope.inAnyNamespace().list(options)
                    : scope.inNamespace(namespace).list(options);
            page.getItems().stream().map(prune).forEach(all::add);
            options.setContinue(page.getMetadata().getContinue());
        } while (options.getContinue() != null && !options.getContinue().isEmpty());
        return all;
    }
}
