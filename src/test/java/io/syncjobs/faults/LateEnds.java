package io.syncjobs.faults;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.syncjobs.api.Names;
import io.syncjobs.cluster.TestNamespace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Follows the pods of a namespace for those that ended well: a late end is told by its node a moment before the pod goes. */
final class LateEnds implements Watcher<Pod>, AutoCloseable {
    private final TestNamespace namespace;
    private final Map<String, Pod> ended = new ConcurrentHashMap<>();
    private volatile Watch watch;

    private LateEnds(TestNamespace namespace) {
        this.namespace = namespace;
        watch = begin();
    }

    private Watch begin() {
        return namespace
                .cluster()
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withLabel(Names.JOB_UID)
                .watch(this);
    }

    static LateEnds of(TestNamespace namespace) {
        return new LateEnds(namespace);
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
        var endedWell = pod.getStatus().getContainerStatuses().stream()
                .map(container -> container.getState().getTerminated())
                .anyMatch(end -> end != null && end.getExitCode() == 0);
        if (endedWell) ended.put(pod.getMetadata().getName(), pod);
    }

    /** The pods that there are are told again then. */
    @Override
    public void onClose(WatcherException cause) {
        Thread.startVirtualThread(() -> watch = begin());
    }

    /** How many of them are of an attempt that is not their job's current one: completions that must not be accepted. */
    long stale() {
        var current =
                namespace.all().map(job -> job.at("/status/worker").asText()).toList();
        return ended.keySet().stream().filter(pod -> !current.contains(pod)).count();
    }

    @Override
    public void close() {
        watch.close();
    }
}
