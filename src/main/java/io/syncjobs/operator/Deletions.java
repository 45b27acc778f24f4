package io.syncjobs.operator;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Turns;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.queue.Retention;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Deletes the finished jobs that have been kept long enough. */
final class Deletions {
    /** The limit for jobs that are deleted in one round, and for the writes of one namespace that are under way. */
    private static final int IN_A_ROUND = 500;

    /** How long a job whose deletion was refused is left alone: an admission policy may refuse thousands. */
    private static final Duration REFUSED = Duration.ofMinutes(4);

    private final JobIndex index;
    private final IndexThread thread;
    private final CachedObjects caches;
    private final Jobs jobs;
    private final Archive archive;
    private final Metrics metrics;
    private final ParallelWrites writes;
    private final Retention retention = new Retention();

    /** The uids of jobs whose deletion was refused, and when it is tried again. */
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    private boolean more;

    Deletions(
            JobIndex index,
            IndexThread thread,
            CachedObjects caches,
            Jobs jobs,
            Archive archive,
            Metrics metrics,
            ParallelWrites writes) {
        this.index = index;
        this.thread = thread;
        this.caches = caches;
        this.jobs = jobs;
        this.archive = archive;
        this.metrics = metrics;
        this.writes = writes;
    }

    /** True if the last round has left jobs. The next one goes on: jobs must not end faster than they are deleted. */
    boolean areMore() {
        return more;
    }

    void round(Instant now) {
        var expired = thread.ask(() -> expired(now));
        expired.forEach(job -> writes.begin(job.uid(), job.namespace(), () -> delete(job, now)));
    }

    /**
     * Namespaces take turns, so that one in which all deletions are refused does not keep the jobs of others. Where deletions are slow,
     * those under way take from what the namespace may begin.
     */
    private List<JobEntry> expired(Instant now) {
        refused.values().removeIf(until -> !now.isBefore(until));
        var underWay = writes.byNamespace();
        var byNamespace = retention.expired(index.queues().values(), now).stream()
                .filter(job -> !writes.has(job.uid()) && !refused.containsKey(job.uid()))
                .collect(groupingBy(JobEntry::namespace, LinkedHashMap::new, toList()));
        var all = byNamespace.values().stream().mapToInt(List::size).sum();
        byNamespace.replaceAll((namespace, jobs) ->
                jobs.subList(0, Math.clamp(IN_A_ROUND - underWay.getOrDefault(namespace, 0), 0, jobs.size())));
        var expired = Turns.of(byNamespace.values(), IN_A_ROUND);
        more = expired.size() < all;
        return expired;
    }

    private void delete(JobEntry job, Instant now) {
        var whole = whole(job);
        if (whole.isEmpty() || !archive.store(whole.get())) return;
        try {
            jobs.delete(whole.get());
        } catch (ApiException e) {
            if (!e.isConflict() && !e.mayHaveBeenDone()) refused.put(job.uid(), now.plus(REFUSED));
            throw e;
        }
        metrics.deleted(job.queue(), job.state());
    }

    /** The job at the version that had expired; empty if it has changed since, or is gone. */
    private Optional<SyncJob> whole(JobEntry entry) {
        return caches.job(entry.namespace(), entry.name())
                .filter(entry::isOf)
                .or(() -> jobs.read(entry.namespace(), entry.name()))
                .filter(entry::isOf);
    }
}
