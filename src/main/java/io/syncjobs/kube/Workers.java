package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.PoolSpec;
import io.syncjobs.core.index.SilenceNote;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.pool.PoolSize;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.settings.PoolTiming;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads pools, and the Leases and pods of their workers, into what the index keeps about them. */
public final class Workers {
    /** Room for the trouble of a pool within the message of a job. */
    private static final int TROUBLE_CHARS = 600;

    private final Api api;

    public Workers(Api api) {
        this.api = api;
    }

    /** A pool; {@code installation} supplies the timing that the pool leaves open. */
    public static PoolSpec entry(SyncWorkerPool pool, PoolTiming installation) {
        var spec = pool.getSpec();
        var size = PoolSize.of(spec);
        return new PoolSpec(
                size.replicas(), size.slots(), PoolTiming.of(spec, installation).deadAfter(), trouble(pool));
    }

    private static String trouble(SyncWorkerPool pool) {
        var status = pool.getStatus();
        if (status == null || status.reason() == null) return "";
        return Text.cut(Text.clean(status.reason() + ": " + requireNonNullElse(status.message(), "")), TROUBLE_CHARS);
    }

    /** A worker's Lease. */
    public static LeaseEntry entry(Lease lease) {
        var meta = lease.getMetadata();
        var spec = lease.getSpec();
        var told = requireNonNullElse(meta.getAnnotations(), Map.<String, String>of());
        return new LeaseEntry(
                meta.getNamespace(),
                meta.getName(),
                requireNonNullElse(meta.getLabels(), Map.<String, String>of()).getOrDefault(Names.POOL, ""),
                Long.parseLong(meta.getResourceVersion()),
                requireNonNullElse(spec.getHolderIdentity(), ""),
                spec.getRenewTime() == null ? "" : spec.getRenewTime().toString(),
                slots(told.getOrDefault(Names.SLOTS, "")),
                LeaseEntry.State.of(told.getOrDefault(Names.WORKER_STATE, "")),
                Text.cut(Text.clean(told.getOrDefault(Names.WORKER_MESSAGE, "")), Limits.WORKER_MESSAGE_CHARS),
                Duration.ofSeconds(Math.clamp(
                        requireNonNullElse(spec.getLeaseDurationSeconds(), 0),
                        0,
                        SyncWorkerPoolSpec.MOST_DEAD_AFTER_SECONDS)),
                SilenceNote.parse(told.getOrDefault(Names.SEEN, "")));
    }

    private static int slots(String text) {
        try {
            return Math.clamp(Integer.parseInt(text), 0, SyncWorkerPoolSpec.MOST_SLOTS);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** A worker's pod. */
    public static WorkerPod entry(Pod pod) {
        var meta = pod.getMetadata();
        var view = PodViews.of(pod);
        return new WorkerPod(
                meta.getNamespace(),
                meta.getName(),
                meta.getUid(),
                PodViews.label(pod, Names.POOL),
                Long.parseLong(meta.getResourceVersion()),
                view.node(),
                view.workerName(),
                WorkerEnd.of(view),
                view.isOver());
    }

    /** A worker's Lease as the API server has it now, not as a cache has it. */
    public Optional<Lease> lease(String namespace, String worker) {
        return api.find(path(namespace, worker)).map(answer -> Json.read(answer, Lease.class));
    }

    /** Notes how long a worker has been silent. If its agent is alive, it sees the note, reads the Lease again and renews it. */
    public void note(String namespace, String worker, SilenceNote note) {
        var patch = Json.object();
        patch.putObject("metadata").putObject("annotations").put(Names.SEEN, note.text());
        try {
            api.patchForMetadata(path(namespace, worker), Json.bytes(patch));
        } catch (ApiException e) {
            if (!e.isNotFound()) throw e;
        }
    }

    private static String path(String namespace, String worker) {
        return Paths.leases(namespace) + "/" + worker;
    }
}
