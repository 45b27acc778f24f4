package io.syncjobs.operator;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Starter.Who;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.IndexThread;
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
import java.util.HashSet;
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

    private final Settings settings;
    private final JobIndex index;
    private final IndexThread thread;
    private final EnqueueIo io;
    private final CachedObjects caches;
    private final Jobs jobs;
    private final Queues queues;
    private final CronJobs cronJobs;
    private final ReasonWriter reasons;
    private final QueueStatuses statuses;
    private final Deletions deletions;
    private final Metrics metrics;
    private final Reservations reservations;
    private final InstantSource clock;
    private final Ticker ticker;
    private boolean counted;
    private SchedulerHealth scheduler = SchedulerHealth.GOOD;
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
        this.metrics = metrics;
        this.reservations = reservations;
        this.clock = clock;
        this.ticker = ticker;
        reasons = new ReasonWriter(index, io, clock, settings.reasonWritesPerSecond());
        var writes = new ParallelWrites();
        statuses = new QueueStatuses(index, thread, caches, queues, events, writes);
        deletions = new Deletions(index, thread, caches, jobs, archive, metrics, writes);
        schedulerGoodSince = clock.instant();
        index.onChange(key -> counted = false);
    }

    /** One round; called every second. A part that fails is logged and tried again in a later round. */
    void tick() {
        var began = ticker.nanos();
        var now = clock.instant();
        if (round % SCHEDULER_EVERY == 0) attempt("looking at the CronJob", () -> judgeScheduler(now));
        var starter = new Starter(io.isRefused() ? Who.REFUSED : Who.enqueuing(settings.eager()), scheduler);
        thread.post(() -> reasons.round(starter));
        var all = round % ALL_EVERY == 0;
        if (round % QUEUES_EVERY == 0) attempt("writing queues' status", () -> statuses.write(starter, all, now));
        if (deletions.areMore() || round % RETENTION_EVERY == 0)
            attempt("deleting old jobs", () -> deletions.round(now));
        if (all) forgetDeleted();
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
