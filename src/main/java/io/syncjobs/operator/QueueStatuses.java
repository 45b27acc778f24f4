package io.syncjobs.operator;

import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.PoolReasons;
import io.syncjobs.core.queue.QueueReports;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Starter.Who;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.job.StepApplier;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Queues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the status of queues that have changed. */
final class QueueStatuses {
    private static final Logger LOG = LoggerFactory.getLogger(QueueStatuses.class);

    /** The limit for queues that are reported in one round. */
    private static final int IN_A_ROUND = 500;

    private record Report(SyncQueue queue, SyncQueueStatus next) {}

    private final JobIndex index;
    private final IndexThread thread;
    private final CachedObjects caches;
    private final Queues queues;
    private final Events events;
    private final ParallelWrites writes;

    /** The queues whose status is due. Only the index's thread uses it. */
    private final Set<QueueKey> changed = new LinkedHashSet<>();

    private final PoolReasons pools;
    private Starter reported = new Starter(Who.MINUTE_ALONE, SchedulerHealth.GOOD);

    QueueStatuses(
            JobIndex index,
            IndexThread thread,
            CachedObjects caches,
            Queues queues,
            Events events,
            ParallelWrites writes) {
        this.index = index;
        this.thread = thread;
        this.caches = caches;
        this.queues = queues;
        this.events = events;
        this.writes = writes;
        pools = new PoolReasons(index);
        index.noteChanges(changed);
    }

    /** One round; {@code all} has all queues reported, because somebody else may have written to one. */
    void write(Starter starter, boolean all, Instant now) {
        var isNews = !starter.equals(reported);
        reported = starter;
        for (var report : thread.ask(() -> reports(starter, all || isNews, now))) {
            var key = QueueKey.of(report.queue());
            writes.begin(key, key.namespace(), () -> write(report.queue(), report.next(), starter.scheduler()));
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

    private void write(SyncQueue queue, SyncQueueStatus next, SchedulerHealth scheduler) {
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
}
