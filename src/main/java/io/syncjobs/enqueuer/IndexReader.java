package io.syncjobs.enqueuer;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Lists;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Pruned;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the cluster into an index of its own, in a process that lives for seconds. */
final class IndexReader {
    private final Lists lists;
    private final Scope scope;
    private final Settings settings;
    private final JobIndex index;
    private final IndexFeed feed;

    /** The jobs of the last read, by uid. */
    private final Map<String, SyncJob> jobs = new HashMap<>();

    /** A namespace of which something could not be read is left out from then on: the rest would say false things about it. */
    private final Map<List<String>, ApiException> closed = new HashMap<>();

    /** Which namespaces are read. */
    interface Scope {
        /** Runs {@code part} with some of the namespaces at a time, or with an empty list for all. */
        void each(Consumer<List<String>> part);
    }

    /** {@code writer} forgets jobs that are gone. */
    IndexReader(Api api, Jobs writer, Scope scope, Settings settings) {
        lists = new Lists(api);
        this.scope = scope;
        this.settings = settings;
        // Such a process cannot wait until a job has waited long enough for a reason.
        index = new JobIndex(Duration.ZERO, Limits.MESSAGE_REFRESH, settings.jobTemplates());
        feed = new IndexFeed(index, Runnable::run, writer, new Reservations());
    }

    JobIndex index() {
        return index;
    }

    /** Reads the queues and returns them. */
    List<SyncQueue> readQueues() {
        var queues = new ArrayList<SyncQueue>();
        read(SyncQueue.class, "", queue -> {
            if (queue.getSpec() != null) queues.add(queue);
        });
        queues.forEach(feed::queue);
        var there = queues.stream().map(QueueKey::of).collect(toSet());
        forget(index.queues().keySet().stream(), there, feed::queueGone);
        return queues;
    }

    void readPools() {
        read(SyncWorkerPool.class, "", pool -> feed.pool(pool, settings.agent().timing()));
    }

    /** Reads the Leases and pods of warm workers. */
    void readWorkers() {
        read(Lease.class, Names.POOL, feed::lease);
        read(Pod.class, Names.POOL, feed::worker);
    }

    /** Reads everything that takes up a place or a slot, and all jobs that wait for one. */
    void readJobs(Instant now) {
        jobs.clear();
        index.advance(now);
        // Pods are read before jobs, so a pod whose job is missing has a deleted job.
        var pods = new HashSet<String>();
        read(Pod.class, Pods.SELECTOR, pod -> {
            pods.add(pod.getMetadata().getUid());
            feed.pod(pod);
        });
        forget(index.pods().stream().map(PodEntry::uid), pods, feed::podGone);
        read(SyncJob.class, "", job -> {
            jobs.put(job.getMetadata().getUid(), job);
            feed.job(job);
        });
        forget(index.jobs().stream().map(JobEntry::uid), jobs.keySet(), feed::jobGone);
        // Now it is known of each job whether its reason is to be looked at again.
        index.advance(now);
    }

    /** The jobs of the last read, without their texts. */
    Collection<SyncJob> jobs() {
        return jobs.values();
    }

    /** The object of a job in the index. */
    SyncJob job(JobEntry job) {
        return Objects.requireNonNull(jobs.get(job.uid()));
    }

    /** What was there at the last read and is not any more. */
    private static <K> void forget(Stream<K> known, Set<K> there, Consumer<K> gone) {
        known.filter(each -> !there.contains(each)).toList().forEach(gone);
    }

    private <R extends HasMetadata> void read(Class<R> kind, String labels, Consumer<R> each) {
        scope.each(namespaces -> {
            var before = closed.get(namespaces);
            if (before != null) throw before;
            try {
                lists.read(kind, namespaces, labels, Pruned::any).forEach(each);
            } catch (ApiException e) {
                closed.put(namespaces, e);
                throw e;
            }
        });
    }
}
