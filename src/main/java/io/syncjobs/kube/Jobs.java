package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to SyncJobs: merge patches of the changed fields with the resourceVersion that was seen, so that nothing is ever
 * overwritten. Until the watch has caught up with an own write or a read, {@link #newest} knows what came of it.
 */
public final class Jobs {
    private final Api api;
    private final Contents contents;
    private final Room room = new Room();
    private final Map<String, SyncJob> written = new ConcurrentHashMap<>();

    private final ReadPods pods = new ReadPods();
    private final ReadQueues queues = new ReadQueues();
    private final OversizedObjects full = new OversizedObjects();
    private final Written listener;

    /** Tells nobody what it writes. */
    public Jobs(Api api) {
        this(api, (seen, next) -> {});
    }

    /** {@code listener} is told of every status that was written. */
    public Jobs(Api api, Written listener) {
        this.api = api;
        this.listener = listener;
        contents = new Contents(api);
    }

    /** Who wants to know what was written: the job as it was seen, and its status now. */
    public interface Written {
        void written(SyncJob seen, SyncJobStatus next);
    }

    /** The newest version that this process knows: its own write's answer, or what the watch has brought since. */
    public SyncJob newest(SyncJob cached) {
        var uid = cached.getMetadata().getUid();
        var own = written.get(uid);
        if (own == null) return cached;
        if (JobFields.versionOf(cached) < JobFields.versionOf(own)) return own;
        written.remove(uid, own);
        return cached;
    }

    /** A job as it was just read, which the watch may not have told yet, or may have missed. */
    public void learn(SyncJob read) {
        written.merge(read.getMetadata().getUid(), read, Jobs::newer);
    }

    /** Forgets what the watch has caught up with: {@code cache} has the version that it has told last. */
    public void forgetSeen(Function<SyncJob, Optional<SyncJob>> cache) {
        written.values()
                .removeIf(own -> cache.apply(own)
                        .filter(cached -> JobFields.versionOf(cached) >= JobFields.versionOf(own))
                        .isPresent());
    }

    /** The texts that caches leave out. */
    public Contents contents() {
        return contents;
    }

    /** What was read of the pods of jobs. */
    public ReadPods pods() {
        return pods;
    }

    /** What was read of the queues of jobs. */
    public ReadQueues queues() {
        return queues;
    }

    /** Where requests about a job and its template wait until there is memory for them. */
    public Room room() {
        return room;
    }

    /** True for a job so large that nothing can be written to it. */
    public boolean isFull(SyncJob job) {
        return full.contains(job);
    }

    /** True once for each version of a job that is full. */
    public boolean mustTellFull(SyncJob job) {
        return full.mustTell(job);
    }

    /** The uids of the jobs of which something is remembered. */
    public Set<String> uids() {
        var uids = new HashSet<>(written.keySet());
        uids.addAll(full.uids());
        uids.addAll(pods.jobUids());
        return uids;
    }

    /** Forgets jobs that were deleted. */
    public void forget(Set<String> uids) {
        written.keySet().removeAll(uids);
        full.forget(uids);
        pods.forget(uids);
    }

    /**
     * Writes the difference between the status that was seen and the next one.
     *
     * @return the job as it is then
     * @throws ApiException also a conflict: somebody changed the job, and what to do must be decided anew
     */
    public SyncJob writeStatus(SyncJob seen, SyncJobStatus next) {
        var tree = Json.treeOf(next);
        var isClean = !Json.clean(tree);
        var changes = changes(seen, tree);
        if (changes.isEmpty()) return seen;
        var patch = Json.locked(seen);
        patch.set("status", changes);
        var written = isPodNext(next)
                ? writeAndRead(seen, path(seen) + "/status", patch)
                : write(seen, path(seen) + "/status", patch, isClean ? next : Json.value(tree, SyncJobStatus.class));
        listener.written(seen, next);
        return written;
    }

    /** The pod of a job that is enqueued here is made next: the whole answer has all that it takes. */
    private static boolean isPodNext(SyncJobStatus next) {
        return next.state() == State.ENQUEUED
                && next.worker() != null
                && JobFields.poolOf(next).isEmpty();
    }

    private static ObjectNode changes(SyncJob seen, JsonNode next) {
        var changes = Json.diff(Json.treeOf(JobFields.statusOf(seen)), next);
        // What was seen has no trace: the one of the error before must not stay with the next.
        var error = changes.path("error");
        if (error.isObject() && !error.has("trace")) ((ObjectNode) error).putNull("trace");
        return changes;
    }

    /**
     * A dry run of {@link #writeStatus}: nothing is written.
     *
     * @throws ApiException where the write would be refused
     */
    public void tryStatus(SyncJob seen, SyncJobStatus next) {
        var patch = Json.locked(seen);
        var tree = Json.treeOf(next);
        Json.clean(tree);
        patch.set("status", changes(seen, tree));
        room.during(bytes(seen), () -> api.patchForMetadata(path(seen) + "/status?dryRun=All", Json.bytes(patch)));
    }

    /** Sets annotations; an empty value removes one. */
    public SyncJob annotate(SyncJob seen, Map<String, Optional<String>> annotations) {
        var patch = Json.locked(seen);
        var node = patch.withObject("/metadata/annotations");
        annotations.forEach(
                (name, value) -> value.ifPresentOrElse(text -> node.put(name, text), () -> node.putNull(name)));
        return write(seen, path(seen), patch, seen.getStatus());
    }

    /** The job as it is now. */
    public Optional<SyncJob> read(String namespace, String name) {
        return api.find(path(namespace, name)).map(answer -> Pruned.of(Json.read(answer, SyncJob.class)));
    }

    /** Deletes exactly the object that was seen; one that has changed since stays. */
    public void delete(SyncJob seen) {
        var options = Json.object()
                .put("kind", "DeleteOptions")
                .put("apiVersion", "v1")
                .put("propagationPolicy", "Background");
        options.putObject("preconditions")
                .put("uid", seen.getMetadata().getUid())
                .put("resourceVersion", seen.getMetadata().getResourceVersion());
        api.delete(path(seen), Json.bytes(options));
    }

    /** The patch is locked by the version that was seen: where it is taken, spec and status are what is known here. */
    private SyncJob write(SyncJob seen, String path, ObjectNode patch, @Nullable SyncJobStatus status) {
        return sent(seen, () -> {
            var answer = Json.read(api.patchForMetadata(path, Json.bytes(patch)), SyncJob.class);
            answer.setSpec(seen.getSpec());
            answer.setStatus(status);
            return remember(answer);
        });
    }

    private SyncJob writeAndRead(SyncJob seen, String path, ObjectNode patch) {
        return sent(seen, () -> {
            var answer = Json.read(api.patch(path, Json.bytes(patch)), SyncJob.class, Contents.LONGEST);
            contents.remember(answer);
            return remember(answer);
        });
    }

    private SyncJob sent(SyncJob seen, Supplier<SyncJob> request) {
        try {
            // Also where the answer is small: the API server reads and writes a large object several times for it.
            return room.during(bytes(seen), request);
        } catch (ApiException e) {
            if (e.isTooLarge()) full.note(seen);
            throw e;
        }
    }

    /** About the size of the object: so many bytes the API server reads for each request about it, and may answer. */
    private static long bytes(SyncJob job) {
        return bytes(job.getSpec().payload()) + bytes(job.getSpec().template());
    }

    private static long bytes(@Nullable RawJson value) {
        return value == null ? 0 : value.bytes();
    }

    private SyncJob remember(SyncJob answer) {
        var job = Pruned.of(answer);
        // Of two answers the one that is handled later may be the older one.
        written.merge(job.getMetadata().getUid(), job, Jobs::newer);
        return job;
    }

    private static SyncJob newer(SyncJob one, SyncJob other) {
        return JobFields.versionOf(one) >= JobFields.versionOf(other) ? one : other;
    }

    private static String path(SyncJob job) {
        return path(job.getMetadata().getNamespace(), job.getMetadata().getName());
    }

    private static String path(String namespace, String name) {
        return Paths.jobs(namespace) + "/" + name;
    }
}
