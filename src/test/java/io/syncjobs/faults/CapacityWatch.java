package io.syncjobs.faults;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.syncjobs.cluster.TestNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Follows every change of the jobs of a namespace, and notes each revision at which more of them had a place than allowed. */
final class CapacityWatch implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private static final ResourceDefinitionContext JOBS = new ResourceDefinitionContext.Builder()
            .withGroup("syncjobs.io")
            .withVersion("v1alpha1")
            .withKind("SyncJob")
            .withPlural("syncjobs")
            .withNamespaced(true)
            .build();

    private final int capacity;
    private final Map<String, String> occupying = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Watch watch;
    private volatile int most;
    private volatile int changes;
    private volatile @Nullable String broken;

    private CapacityWatch(TestNamespace namespace, int capacity) {
        this.capacity = capacity;
        watch = namespace
                .cluster()
                .client()
                .genericKubernetesResources(JOBS)
                .inNamespace(namespace.name())
                .watch(this);
    }

    /** Begins before the first job is created: all jobs are in one queue with that capacity. */
    static CapacityWatch of(TestNamespace namespace, int capacity) {
        return new CapacityWatch(namespace, capacity);
    }

    @Override
    public synchronized void eventReceived(Action action, GenericKubernetesResource job) {
        Map<String, Object> status = job.get("status");
        var state = status == null ? "" : String.valueOf(status.get("state"));
        var name = job.getMetadata().getName();
        if (action != Action.DELETED && (state.equals("Enqueued") || state.equals("Started")))
            occupying.put(name, state);
        else occupying.remove(name);
        changes++;
        most = Math.max(most, occupying.size());
        if (occupying.size() > capacity) {
            violations.add("at revision " + job.getMetadata().getResourceVersion() + ": "
                    + new ArrayList<>(occupying.keySet()));
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        broken = String.valueOf(cause.getMessage());
    }

    /** The revisions with too many; fails where the watch itself has missed something. */
    List<String> violations() {
        if (broken != null) throw new AssertionError("the watch broke: " + broken);
        return violations;
    }

    /** How many had a place at once, at most. */
    int most() {
        return most;
    }

    /** How many changes were judged. */
    int changes() {
        return changes;
    }

    @Override
    public void close() {
        watch.close();
    }
}
