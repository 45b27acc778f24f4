package io.syncjobs.operator;

import static java.util.stream.Collectors.groupingBy;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.Explanations;
import io.syncjobs.core.Explanations.Enqueuer;
import io.syncjobs.core.Explanations.Explanation;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.QueueReports;
import io.syncjobs.core.Retention;
import io.syncjobs.core.SchedulerHealth;
import io.syncjobs.core.Settings;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is due every second whatever happens: reasons of waiting jobs, queues' status, retention, metrics. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int SCHEDULER_EVERY = 3;
    private static final int QUEUES_EVERY = 2;
    private static final int RETENTION_EVERY = 5;
    private static final int DELETES_AT_ONCE = 16;

    private final Settings settings;
    private final Caches caches;
    private final Jobs jobs;
    private final Queues queues;
    private final CronJobs cronJobs;
    private final Events events;
    private final Reservations reservations;
    private final ReasonWriter reasons;
    private final Metrics metrics;
    private final Archive archive;
    private SchedulerHealth scheduler = SchedulerHealth.GOOD;
    private Instant schedulerGoodSince = Instant.now();
    private int round;

    Housekeeping(
            Settings settings,
            Caches caches,
            Jobs jobs,
            Queues queues,
            CronJobs cronJobs,
            Events events,
            Reservations reservations,
            Metrics metrics,
            Archive archive) {
        this.settings = settings;
        this.caches = caches;
        this.jobs = jobs;
        this.queues = queues;
        this.cronJobs = cronJobs;
        this.events = events;
        this.reservations = reservations;
        reasons = new ReasonWriter(jobs, settings.reasonWritesPerSecond());
        this.metrics = metrics;
        this.archive = archive;
    }

    /** One round; called every second. A part that fails is logged and tried again in the next round. */
    void tick() {
        var began = System.nanoTime();
        var remembered = remembered();
        var now = Instant.now();
        var seen = caches.snapshot();
        forgetDeleted(remembered, seen.jobs(), now);
        if (round % SCHEDULER_EVERY == 0) attempt("looking at the CronJob", () -> judgeScheduler(now));
        var waiting = Explanations.of(EnqueuePass.plan(seen, now), enqueuer(), scheduler);
        attempt("writing reasons", () -> tellReasons(waiting, now));
        if (round % QUEUES_EVERY == 0) attempt("writing queues' status", () -> reportQueues(seen, waiting, now));
        if (round % RETENTION_EVERY == 0) attempt("deleting old jobs", () -> deleteExpired(seen, now));
        metrics.count(seen.jobs(), caches.queues(), caches.pods(), now);
        metrics.round(Duration.ofNanos(System.nanoTime() - began));
        round++;
    }

    private Enqueuer enqueuer() {
        return settings.eager() ? Enqueuer.EAGER : Enqueuer.MINUTE;
    }

    private static void attempt(String what, Runnable part) {
        try {
            part.run();
        } catch (ApiException e) {
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

    private void tellReasons(List<Explanation> waiting, Instant now) {
        var worth = Explanations.worthWriting(waiting, settings.reasonAfter(), now);
        inParallel(reasons.next(worth, now), explanation -> reasons.write(explanation, now));
    }

    private void reportQueues(Snapshot seen, List<Explanation> waiting, Instant now) {
        Map<QueueKey, List<SyncJob>> jobsOf = seen.jobs().stream().collect(groupingBy(QueueKey::of));
        Map<QueueKey, List<Explanation>> waitingOf = waiting.stream().collect(groupingBy(e -> QueueKey.of(e.job())));
        var all = caches.queues();
        queues.keep(all);
        for (var queue : all) {
            var key = QueueKey.of(queue);
            var next = QueueReports.of(
                    queue,
                    jobsOf.getOrDefault(key, List.of()),
                    waitingOf.getOrDefault(key, List.of()),
                    enqueuer(),
                    scheduler,
                    now);
            report(queue, next);
        }
    }

    private void report(SyncQueue queue, io.syncjobs.api.SyncQueueStatus next) {
        try {
            if (queues.writeStatus(queue, next) && QueueReports.schedulerBroke(queue.getStatus(), next)) {
                scheduler.problem().ifPresent(reason -> events.warn(queue, reason.toString(), scheduler.message()));
            }
        } catch (ApiException e) {
            // One queue that cannot be written must not hold up the others.
            if (e.isTooLarge()) tellFull(queue);
            else if (e.isRefusal() && !e.isNotFound())
                LOG.warn("the status of {} is refused: {}", QueueKey.of(queue), e.getMessage());
            else if (!e.isNotFound() && !e.isConflict()) throw e;
        }
    }

    private void tellFull(SyncQueue queue) {
        if (queues.mustTellFull(queue)) events.warn(queue, StepApplier.TOO_LARGE, StepApplier.TOO_LARGE_MESSAGE);
    }

    private void deleteExpired(Snapshot seen, Instant now) {
        seen.jobs().stream().collect(groupingBy(QueueKey::of)).forEach((key, all) -> {
            var spec = seen.queue(key).orElse(io.syncjobs.api.SyncQueueSpec.BUILT_IN);
            inParallel(Retention.expired(spec, all, now), job -> {
                if (!archive.store(job)) return;
                jobs.delete(job);
                metrics.deleted(job);
            });
        });
    }

    /** Conflicts are left to the next round: somebody has just changed the job. */
    private static <T> void inParallel(List<T> items, Consumer<T> action) {
        if (items.isEmpty()) return;
        try (var threads =
                Executors.newFixedThreadPool(DELETES_AT_ONCE, Thread.ofVirtual().factory())) {
            for (var item : items) {
                threads.execute(() -> attempt("a write", () -> {
                    try {
                        action.accept(item);
                    } catch (ApiException e) {
                        if (!e.isConflict() && !e.isNotFound()) throw e;
                    }
                }));
            }
        }
    }

    private Set<String> remembered() {
        var uids = new HashSet<>(jobs.uids());
        uids.addAll(reservations.uids());
        return uids;
    }

    /** What was remembered before the jobs were listed: of one that came since, what is known must stay. */
    private void forgetDeleted(Set<String> remembered, Collection<SyncJob> all, Instant now) {
        all.forEach(job -> remembered.remove(job.getMetadata().getUid()));
        jobs.forget(remembered);
        reservations.forget(remembered, now);
    }
}
