package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.PoolReasons;
import io.syncjobs.core.queue.QueueReports;
import io.syncjobs.core.queue.Retention;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Starter.Who;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.job.StepApplier;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due every second: reasons of waiting jobs, status of queues, retention, metrics. The index knows what has changed,
 * so unchanged jobs and queues cost nothing.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int SCHEDULER_EVERY = 5;
    private static final int QUEUES_EVERY = 2;
    private static final int RETENTION_EVERY = 5;
    private static final int ALL_EVERY = 60;

    /** The limit for queues that are reported, and for jobs that are deleted, in one round; also for one namespace's writes under way. */
    private static final int IN_A_ROUND = 500;

    /** How long a job whose deletion was refused is left alone: an admission policy may refuse thousands. */
    private static final Duration REFUSED = Duration.ofMinutes(4);

    private record Report(SyncQueue queue, SyncQueueStatus next) {}

    private final Settings settings;
    private final JobIndex index;
    private final IndexThread thread;
    private final EnqueueIo io;
    private final CachedObjects caches;
    private final Jobs jobs;
    private final Queues queues;
    private final CronJobs cronJobs;
    private final Events events;
    private final ReasonWriter reasons;
    private final Metrics metrics;
    private final Reservations reservations;
    private final Archive archive;
    private final InstantSource clock;
    private final Ticker ticker;
    private final ParallelWrites writes = new ParallelWrites();

    /** The queues whose status is due. Only the index's thread uses it. */
    private final Set<QueueKey> changed = new LinkedHashSet<>();

    /** The uids of jobs whose deletion was refused, and when it is tried again. */
    private final Map<String, Instant> undeletable = new ConcurrentHashMap<>();

    private final PoolReasons pools;
    private final Retention retention = new Retention();

    private boolean counted;

    /** True if the last round has left jobs that are to be deleted. The next one goes on: jobs must not end faster than they are deleted. */
    private boolean moreExpired;

    private SchedulerHealth scheduler = SchedulerHealth.GOOD;
    private Starter reported = new Starter(Who.MINUTE_ALONE, SchedulerHealth.GOOD);
    private Instant schedulerGoodSince;
    private int round;

    Housekeeping(
            Settings settings,
            JobIndex index,
            IndexThread thread,
            EnqueueIo io,
            CachedObjects caches,
            Jobs jobs,
            Queues queues,
            CronJobs cronJobs,
            Events events,
            Reservations reservations,
            Metrics metrics,
            Archive archive,
            InstantSource clock,
            Ticker ticker) {
        this.settings = settings;
        this.index = index;
        this.thread = thread;
        this.io = io;
        this.caches = caches;
        this.jobs = jobs;
        this.queues = queues;
        this.cronJobs = cronJobs;
        this.events = events;
        this.metrics = metrics;
        this.reservations = reservations;
        this.archive = archive;
        this.clock = clock;
        this.ticker = ticker;
        pools = new PoolReasons(index);
        reasons = new ReasonWriter(index, io, clock, settings.reasonWritesPerSecond());
        schedulerGoodSince = clock.instant();
        index.noteChanges(changed);
        index.onChange(key -> counted = false);
    }

    /** One round; called every second. A part that fails is logged and tried again in a later round. */
    void tick() {
        var began = ticker.nanos();
        var now = clock.instant();
        if (round % SCHEDULER_EVERY == 0) attempt("looking at the CronJob", () -> judgeScheduler(now));
        var starter = new Starter(io.isRefused() ? Who.REFUSED : Who.enqueuing(settings.eager()), scheduler);
        thread.post(() -> reasons.round(starter));
        if (round % QUEUES_EVERY == 0) attempt("writing queues' status", () -> reportQueues(starter, now));
        if (moreExpired || round % RETENTION_EVERY == 0) attempt("deleting old jobs", () -> deleteExpired(now));
        if (round % ALL_EVERY == 0) forgetDeleted();
        thread.post(this::count);
        metrics.round(Duration.ofNanos(ticker.nanos() - began));
        round++;
    }

    private static void attempt(String what, Runnable part) {
        try {
            part.run();
        } catch (ApiException | IllegalStateException e) {
            LOG.warn("{} failed and is repeated: {}", what, e.getMessage());
        }
    }

    private void judgeScheduler(Instant now) {
        var cronJob = cronJobs.read(settings.namespace(), settings.cronJob());
        if (cronJob.isEmpty() || cronJob.get().suspended()) schedulerGoodSince = now;
        scheduler = SchedulerHealth.judge(
                settings.namespace(), settings.cronJob(), cronJob, schedulerGoodSince, settings.scheduleOverdue(), now);
        metrics.schedulerHealthy(scheduler.problem().isEmpty());
    }

    /**
     * Reports the queues that have changed. From time to time all queues are reported, because somebody else may have written to
     * one.
     */
    private void reportQueues(Starter starter, Instant now) {
        var all = !starter.equals(reported) || round % ALL_EVERY == 0;
        reported = starter;
        for (var report : thread.ask(() -> reports(starter, all, now))) {
            var key = QueueKey.of(report.queue());
            writes.begin(key, key.namespace(), () -> report(report.queue(), report.next()));
        }
    }

    private List<Report> reports(Starter starter, boolean all, Instant now) {
        if (all) changed.addAll(index.queues().keySet());
        changed.addAll(pools.changed());
        var reports = new ArrayList<Report>();
        var keys = changed.iterator();
        while (keys.hasNext() && reports.size() < IN_A_ROUND) {
            var key = keys.next();
            if (writes.has(key)) continue;
            keys.remove();
            caches.queue(key)
                    .ifPresent(queue ->
                            reports.add(new Report(queue, QueueReports.of(queue, index, starter, this::message, now))));
        }
        return reports;
    }

    private Optional<String> message(JobEntry job) {
        return caches.job(job.namespace(), job.name())
                .flatMap(each -> Optional.ofNullable(JobFields.statusOf(each).message()));
    }

    private void report(SyncQueue queue, SyncQueueStatus next) {
        try {
            if (queues.writeStatus(queue, next) && QueueReports.schedulerBroke(queue.getStatus(), next)) {
                scheduler.problem().ifPresent(reason -> events.warn(queue, reason.toString(), scheduler.message()));
            }
        } catch (ApiException e) {
            if (e.isTooLarge()) tellFull(queue);
            else if (!e.isNotFound()) again(queue, e);
        }
    }

    /**
     * A queue that cannot be written to does not hold up the others, and is tried again: soon, or where its namespace takes no write
     * (a freeze of changes, a webhook that is down), when all queues are reported.
     */
    private void again(SyncQueue queue, ApiException e) {
        if (!e.isConflict()) LOG.warn("the status of {} is not written: {}", QueueKey.of(queue), e.getMessage());
        var lasts = e.isRefusal() || (e.code() >= 500 && !e.mayHaveBeenDone());
        if (!lasts) thread.post(() -> changed.add(QueueKey.of(queue)));
    }

    private void tellFull(SyncQueue queue) {
        if (queues.mustTellFull(queue)) events.warn(queue, StepApplier.TOO_LARGE, StepApplier.TOO_LARGE_MESSAGE);
    }

    private void deleteExpired(Instant now) {
        var expired = thread.ask(() -> expired(now));
        moreExpired = expired.isNotAll();
        for (var job : expired.jobs()) {
            writes.begin(job.uid(), job.namespace(), () -> {
                var whole = whole(job);
                if (whole.isEmpty() || !archive.store(whole.get())) return;
                try {
                    jobs.delete(whole.get());
                } catch (ApiException e) {
                    if (!e.isConflict() && !e.mayHaveBeenDone()) undeletable.put(job.uid(), now.plus(REFUSED));
                    throw e;
                }
                metrics.deleted(job.queue(), job.state());
            });
        }
    }

    private record Expired(List<JobEntry> jobs, boolean isNotAll) {}

    /**
     * Namespaces take turns, so that one in which all deletions are refused does not keep the jobs of others. Where deletions are slow,
     * those under way take from what the namespace may begin.
     */
    private Expired expired(Instant now) {
        var begun = writes.byNamespace();
        undeletable.values().removeIf(until -> !now.isBefore(until));
        var byNamespace = new LinkedHashMap<String, Queue<JobEntry>>();
        var isNotAll = false;
        for (var job : retention.expired(index.queues().values(), now)) {
            if (writes.has(job.uid()) || undeletable.containsKey(job.uid())) continue;
            if (begun.merge(job.namespace(), 1, Integer::sum) > IN_A_ROUND) isNotAll = true;
            else
                byNamespace
                        .computeIfAbsent(job.namespace(), namespace -> new ArrayDeque<>())
                        .add(job);
        }
        var turns = new ArrayDeque<>(byNamespace.values());
        var found = new ArrayList<JobEntry>();
        while (found.size() < IN_A_ROUND && !turns.isEmpty()) {
            var jobs = turns.remove();
            found.add(jobs.remove());
            if (!jobs.isEmpty()) turns.add(jobs);
        }
        return new Expired(found, isNotAll || !turns.isEmpty());
    }

    /** The job at the version that had expired; empty if it has changed since, or is gone. */
    private Optional<SyncJob> whole(JobEntry entry) {
        return caches.job(entry.namespace(), entry.name())
                .filter(entry::isOf)
                .or(() -> jobs.read(entry.namespace(), entry.name()))
                .filter(entry::isOf);
    }

    private void count() {
        if (counted) return;
        counted = metrics.count(index);
    }

    /**
     * Own writes are forgotten when the watch has shown their results, and when their job is deleted. If an answer is handled
     * after its job was deleted, it is remembered again; so this is repeated. The remembered uids are read before the index is
     * asked. A job that was created meanwhile is in the index by then.
     */
    private void forgetDeleted() {
        queues.keep(caches.queues());
        jobs.forgetSeen(caches::watched);
        var remembered = new HashSet<>(jobs.uids());
        remembered.addAll(reservations.uids());
        thread.post(() -> {
            remembered.removeIf(uid -> index.job(uid).isPresent());
            jobs.forget(remembered);
            remembered.forEach(reservations::forget);
        });
    }
}
