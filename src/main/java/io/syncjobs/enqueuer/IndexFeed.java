package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.settings.PoolTiming;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Workers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on to the index what is seen of jobs, queues, pods and workers, from whatever source and in whatever order. Thread-safe.
 */
public final class IndexFeed {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFeed.class);

    private final JobIndex index;
    private final Consumer<Runnable> thread;
    private final Jobs jobs;
    private final Reservations reservations;

    /**
     * What the index's thread has still to take in of queues; empty for a queue that is gone. A change of a queue may move all of its
     * jobs: one tenant that changes a queue with thousands of jobs all the time must not keep the thread from all others.
     */
    private final Map<QueueKey, Optional<SyncQueue>> queues = new ConcurrentHashMap<>();

    /** {@code thread} runs what it is given on the thread that uses the index. */
    public IndexFeed(JobIndex index, Consumer<Runnable> thread, Jobs jobs, Reservations reservations) {
        this.index = index;
        this.thread = thread;
        this.jobs = jobs;
        this.reservations = reservations;
    }

    /** A job as it is now. */
    public void job(SyncJob job) {
        read(job, JobEntry::of).ifPresent(entry -> thread.accept(() -> index.see(entry)));
    }

    /** A job that was read. From now on it is known at this version, whatever the watch shows later. */
    void jobRead(SyncJob job) {
        jobs.learn(job);
        job(job);
    }

    /**
     * A job that was read; the caller tells the index. Without the rest this would happen:
     * 1. The watch misses a command.
     * 2. The index learns the job's version from a read.
     * 3. No sweep reads the job, because the index has the version that is listed.
     * 4. Who handles the job has the version of the watch for ever, and all its writes are refused.
     */
    Optional<JobEntry> remembered(SyncJob job) {
        var entry = read(job, JobEntry::of);
        entry.ifPresent(known -> jobs.learn(job));
        return entry;
    }

    /** A job that was deleted. */
    public void jobGone(SyncJob job) {
        jobGone(job.getMetadata().getUid());
    }

    /** The index first notes whether a pod of the job may still appear. Then this process forgets the job. */
    void jobGone(String uid) {
        thread.accept(() -> {
            index.gone(uid, reservations.mayHavePod(uid));
            reservations.forget(uid);
            jobs.forget(Set.of(uid));
        });
    }

    /** A pod of a job as it is now. */
    public void pod(Pod pod) {
        read(pod, IndexFeed::entry).ifPresent(entry -> thread.accept(() -> index.see(entry)));
    }

    /** A pod that was read. From now on it is known at this version, whatever the watch shows later. */
    void podRead(Pod pod) {
        remembered(pod).ifPresent(entry -> thread.accept(() -> index.see(entry)));
    }

    /** A pod that was read; the caller tells the index. */
    Optional<PodEntry> remembered(Pod pod) {
        var entry = read(pod, IndexFeed::entry);
        entry.filter(known -> PodViews.isOwned(pod))
                .ifPresent(known -> jobs.pods().learn(known.jobUid(), PodViews.of(pod)));
        return entry;
    }

    /** The watch has shown that the pod is gone. */
    public void podGone(Pod pod) {
        var uid = pod.getMetadata().getUid();
        jobs.pods().seenGone(PodViews.label(pod, Names.JOB_UID), uid);
        thread.accept(() -> index.podGone(uid));
    }

    /** A pod that was looked for is gone. */
    void podGone(String uid) {
        thread.accept(() -> {
            index.pod(uid).ifPresent(pod -> jobs.pods().learnGone(pod.jobUid(), uid));
            index.podGone(uid);
        });
    }

    /** A queue as it is now. */
    public void queue(SyncQueue queue) {
        tell(QueueKey.of(queue), Optional.of(queue));
    }

    /** A queue that was deleted. Its jobs wait for it. */
    public void queueGone(SyncQueue queue) {
        queueGone(QueueKey.of(queue));
    }

    void queueGone(QueueKey key) {
        tell(key, Optional.empty());
    }

    /** Where the thread is slower than the changes of a queue come, it takes in the last one alone. */
    private void tell(QueueKey key, Optional<SyncQueue> news) {
        queues.merge(key, news, IndexFeed::later);
        thread.accept(() -> {
            var last = queues.remove(key);
            if (last != null)
                last.ifPresentOrElse(
                        queue -> index.see(key, queue.getSpec(), version(queue)), () -> index.queueGone(key));
        });
    }

    private static Optional<SyncQueue> later(Optional<SyncQueue> one, Optional<SyncQueue> other) {
        return one.isPresent() && other.isPresent() && version(one.get()) > version(other.get()) ? one : other;
    }

    private static long version(SyncQueue queue) {
        return Long.parseLong(queue.getMetadata().getResourceVersion());
    }

    /** A pool; {@code installation} supplies the timing that the pool leaves open. */
    public void pool(SyncWorkerPool pool, PoolTiming installation) {
        read(pool, each -> Workers.entry(each, installation))
                .ifPresent(spec -> thread.accept(() -> index.workers().see(key(pool), spec)));
    }

    /** A pool that was deleted. */
    public void poolGone(SyncWorkerPool pool) {
        thread.accept(() -> index.workers().poolGone(key(pool)));
    }

    /** A worker's Lease. */
    public void lease(Lease lease) {
        read(lease, Workers::entry)
                .ifPresent(entry -> thread.accept(() -> index.workers().see(entry)));
    }

    /** A worker's Lease that was deleted. */
    public void leaseGone(Lease lease) {
        var meta = lease.getMetadata();
        thread.accept(() -> index.workers().leaseGone(meta.getNamespace(), meta.getName()));
    }

    /** A worker's pod. */
    public void worker(Pod pod) {
        read(pod, Workers::entry)
                .ifPresent(entry -> thread.accept(() -> index.workers().see(entry)));
    }

    /** A worker's pod that was deleted. */
    public void workerGone(Pod pod) {
        var meta = pod.getMetadata();
        thread.accept(() -> index.workers().podGone(meta.getNamespace(), meta.getName(), meta.getUid()));
    }

    private static PoolKey key(SyncWorkerPool pool) {
        return new PoolKey(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
    }

    /** An object that cannot be read is left out, and the watch of the other objects goes on. */
    static <R extends HasMetadata, E> Optional<E> read(R object, Function<R, E> reader) {
        try {
            return Optional.of(reader.apply(object));
        } catch (RuntimeException | StackOverflowError e) {
            var meta = object.getMetadata();
            LOG.error("{} {}/{} cannot be read", object.getKind(), meta.getNamespace(), meta.getName(), e);
            return Optional.empty();
        }
    }

    static PodEntry entry(Pod pod) {
        var meta = pod.getMetadata();
        var view = PodViews.of(pod);
        return new PodEntry(
                meta.getUid(),
                meta.getName(),
                PodViews.label(pod, Names.JOB_UID),
                new QueueKey(meta.getNamespace(), PodViews.label(pod, Names.QUEUE)),
                view.attempt(),
                Long.parseLong(meta.getResourceVersion()),
                view.ended());
    }
}
