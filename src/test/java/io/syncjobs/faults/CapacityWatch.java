package io.syncjobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
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

    private final TestNamespace namespace;
    private final int capacity;
    private final Map<String, String> occupying = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Watch watch;
    private volatile boolean closed;
    private volatile int most;
    private volatile int changes;
    private volatile long revision;
    private volatile @Nullable String broken;

    private CapacityWatch(TestNamespace namespace, int capacity) {
        this.namespace = namespace;
        this.capacity = capacity;
        watch = begin();
    }

    private Watch begin() {
        return namespace
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
        revision = Math.max(revision, Long.parseLong(job.getMetadata().getResourceVersion()));
        most = Math.max(most, occupying.size());
        if (occupying.size() > capacity) {
            violations.add("at revision " + job.getMetadata().getResourceVersion() + ": "
                    + new ArrayList<>(occupying.keySet()));
        }
    }

    /** An API server that has much to tell others forgets where a watch stood: all jobs are told again then, in one revision. */
    @Override
    public void onClose(WatcherException cause) {
        if (cause.isHttpGone()) Thread.startVirtualThread(this::beginAgain);
        else broken = String.valueOf(cause.getMessage());
    }

    private void beginAgain() {
        synchronized (this) {
            occupying.clear();
        }
        try {
            watch = begin();
            if (closed) watch.close();
        } catch (RuntimeException e) {
            broken = "begun again: " + e;
        }
    }

    /**
     * Fails where more had a place than allowed at any revision up to now; and where that could not be seen: each of {@code jobs} jobs
     * must at least have come, got its place and given it back or begun, and some of them must have had one at the same time.
     */
    void assertKept(int jobs) {
        var newest = namespace
                .all()
                .mapToLong(job -> job.at("/metadata/resourceVersion").asLong())
                .max()
                .orElse(0);
        Waiting.until(
                "every change has been judged",
                () -> broken != null || revision >= newest,
                () -> "revision " + revision + " of " + newest);
        assertThat(broken).as("why the watch broke").isNull();
        assertThat(violations).as("more than " + capacity + " had a place").isEmpty();
        assertThat(changes).as("changes judged").isGreaterThanOrEqualTo(3 * jobs);
        assertThat(most).as("places taken at once").isGreaterThanOrEqualTo(2);
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
        closed = true;
        watch.close();
    }
}
