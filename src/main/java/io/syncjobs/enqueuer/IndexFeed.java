package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Reservations;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where everything goes that is seen of jobs, queues and pods, by whomever and in whatever order. From any thread. */
public final class IndexFeed {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFeed.class);

    private final JobIndex index;
    private final Consumer<Runnable> thread;
    private final Jobs jobs;
    private final Reservations reservations;

    /** {@code thread} has done what it is given on the thread that uses the index. */
    public IndexFeed(JobIndex index, Consumer<Runnable> thread, Jobs jobs, Reservations reservations) {
        this.index = index;
        this.thread = thread;
        this.jobs = jobs;
        this.reservations = reservations;
    }

    public void job(SyncJob job) {
        try {
            var entry = JobEntry.of(job);
            thread.accept(() -> index.see(entry));
        } catch (RuntimeException | StackOverflowError e) {
            // What nobody can read is nobody's turn; the others go on.
            LOG.atError().addKeyValue("job", job.getFullResourceName()).log("a job cannot be read", e);
        }
    }

    public void jobGone(SyncJob job) {
        jobGone(job.getMetadata().getUid());
    }

    /** What this process remembers of it goes too, once the index knows whether a pod of it may still come. */
    void jobGone(String uid) {
        thread.accept(() -> {
            index.gone(uid, reservations.mayHavePod(uid));
            reservations.forget(uid);
            jobs.forget(Set.of(uid));
        });
    }

    public void pod(Pod pod) {
        var entry = entry(pod);
        thread.accept(() -> index.see(entry));
    }

    public void podGone(Pod pod) {
        podGone(pod.getMetadata().getUid());
    }

    void podGone(String uid) {
        thread.accept(() -> index.podGone(uid));
    }

    public void queue(SyncQueue queue) {
        var key = QueueKey.of(queue);
        var version = Long.parseLong(queue.getMetadata().getResourceVersion());
        thread.accept(() -> index.see(key, queue.getSpec(), version));
    }

    public void queueGone(SyncQueue queue) {
        queueGone(QueueKey.of(queue));
    }

    void queueGone(QueueKey key) {
        thread.accept(() -> index.queueGone(key));
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
