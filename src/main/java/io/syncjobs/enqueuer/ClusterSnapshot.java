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
import java.util.stream.Stream;

/** The state of queues, jobs and pods as one snapshot for the pass. */
public final class ClusterSnapshot {
    private static final long PAGE = 500;

    private ClusterSnapshot() {}

    /** A consistent read from the API server, in pages; {@code namespaces} empty reads all. */
    public static Snapshot read(KubernetesClient client, List<String> namespaces) {
        // Pods before jobs: a pod whose job is missing then is one whose job has been deleted.
        var pods = list(client, Pod.class, namespaces);
        var queues = list(client, SyncQueue.class, namespaces);
        var jobs = list(client, SyncJob.class, namespaces).stream()
                .map(Client::prune)
                .toList();
        return of(jobs, queues, pods.stream().filter(ClusterSnapshot::isOurs).toList());
    }

    /** A snapshot of what caches hold. */
    public static Snapshot of(Collection<SyncJob> jobs, Collection<SyncQueue> queues, Collection<Pod> pods) {
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

    private static boolean isOurs(Pod pod) {
        return PodViews.label(pod, Names.MANAGED_BY).equals(Names.SYNCJOBS);
    }

    private static <T extends HasMetadata> List<T> list(
            KubernetesClient client, Class<T> kind, List<String> namespaces) {
        var scopes = namespaces.isEmpty() ? Stream.of("") : namespaces.stream();
        return scopes.flatMap(namespace -> pages(client, kind, namespace).stream())
                .toList();
    }

    private static <T extends HasMetadata> List<T> pages(KubernetesClient client, Class<T> kind, String namespace) {
        var all = new ArrayList<T>();
        var options = new ListOptions();
        options.setLimit(PAGE);
        do {
            var scope = client.resources(kind);
            var page = namespace.isEmpty()
                    ? scope.inAnyNamespace().list(options)
                    : scope.inNamespace(namespace).list(options);
            all.addAll(page.getItems());
            options.setContinue(page.getMetadata().getContinue());
        } while (options.getContinue() != null && !options.getContinue().isEmpty());
        return all;
    }
}
