package io.syncjobs.enqueuer;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.job.Told;
import io.syncjobs.core.queue.Explanation;
import io.syncjobs.core.queue.LeaseView;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.core.queue.QueueReports;
import io.syncjobs.core.queue.Reasons;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells jobs and queues what they wait for, in a minute run that finds no operator. Nobody else can say so. */
final class ScheduledReasons {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledReasons.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** A run ends before the next one is due. */
    private static final Duration TELLING = Duration.ofSeconds(45);

    private static final Duration TELLING_QUEUES = Duration.ofSeconds(15);

    private static final Starter ALONE = new Starter(Starter.Who.MINUTE_ALONE, SchedulerHealth.GOOD);

    private final Jobs jobs;
    private final Queues queues;
    private final Leases operators;
    private final Settings settings;
    private final InstantSource clock;
    private final Ticker ticker;

    ScheduledReasons(
            Jobs jobs, Queues queues, Leases operators, Settings settings, InstantSource clock, Ticker ticker) {
        this.jobs = jobs;
        this.queues = queues;
        this.operators = operators;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Stops when an operator is back, or when the time of a run is over. The next run continues where this one stops. */
    void tell(IndexReader seen, LeaseWatch operator) throws InterruptedException {
        var lastSeen =
                operators.read(settings.operatorLease()).map(LeaseView::renewed).orElse("");
        var all = seen.readQueues();
        seen.readJobs(clock.instant());
        var round = new Round(seen, operator);
        round.tellQueues(all, lastSeen);
        round.tellPlaced();
        round.tellWaiting();
        LOG.warn("no operator is running; told {} waiting jobs", round.told);
    }

    /** An object that has changed, is gone or accepts no write. */
    private static boolean isOfThatObject(ApiException e) {
        return e.isConflict() || e.isRefusal() || e.isTooLarge();
    }

    /** What the jobs of one run are told. */
    private final class Round {
        private final IndexReader seen;
        private final Reasons reasons;

        /** Jobs that are told nothing more in this run. */
        private final Set<String> skipped = new HashSet<>();

        /** Namespaces to which nothing more is written in this run. A webhook of theirs that is slow would take the time of all. */
        private final Set<String> closed = new HashSet<>();

        private final long begun = ticker.nanos();
        private long looked = begun - LOOK_EVERY.toNanos();
        private LeaseWatch operator;
        private int told;

        Round(IndexReader seen, LeaseWatch operator) {
            this.seen = seen;
            this.operator = operator;
            reasons = new Reasons(seen.index());
        }

        /** The counts in the queues' status are out of date. A multitude of queues leaves the jobs most of the time. */
        void tellQueues(List<SyncQueue> all, String lastSeen) {
            var now = clock.instant();
            for (var queue : all) {
                if (ticker.nanos() - begun > TELLING_QUEUES.toNanos() || !mayGoOn()) return;
                var namespace = queue.getMetadata().getNamespace();
                if (closed.contains(namespace)) continue;
                var _ = isWritten(
                        namespace, () -> queues.writeStatus(queue, QueueReports.withoutOperator(queue, lastSeen, now)));
            }
        }

        /**
         * The jobs that have a place and no pod: 1. A minute run sees an operator, and gives the job a place. 2. The operator goes
         * away before it makes a pod.
         */
        void tellPlaced() throws InterruptedException {
            var why = ALONE.forPlace(false).orElseThrow();
            var now = clock.instant();
            for (var job : seen.index().jobs()) {
                if (!waitsForPod(seen.job(job), why, now)) continue;
                if (!mayGoOn()) return;
                tell(job, why);
            }
        }

        void tellWaiting() throws InterruptedException {
            var most = (int) TELLING.toSeconds() * settings.reasonWritesPerSecond();
            while (true) {
                var next = reasons.next(ALONE, most, skipped);
                if (next.isEmpty()) return;
                for (var each : next) {
                    if (!mayGoOn()) return;
                    if (isUnsure(each)) skipped.add(each.job().uid());
                    else tell(each.job(), each.why());
                }
            }
        }

        /** A worker whose heartbeats are rare was not seen renewing its Lease within the time of a run. It may be well. */
        private boolean isUnsure(Explanation each) {
            return each.why().reason() == Reason.NO_WORKERS
                    && seen.index()
                            .queueOf(each.job())
                            .pool()
                            .filter(pool -> pool.count(Standing.UNSEEN) > 0)
                            .isPresent();
        }

        private boolean mayGoOn() {
            var nanos = ticker.nanos();
            if (nanos - begun > TELLING.toNanos()) return false;
            if (nanos - looked >= LOOK_EVERY.toNanos()) {
                operator = operator.look(operators.read(settings.operatorLease()), nanos);
                looked = nanos;
            }
            return operator.verdict() != Verdict.ALIVE && operator.verdict() != Verdict.UNKNOWN;
        }

        /** What cannot be written must not keep others from being told. Only {@link #mayGoOn} fails if the API server cannot be used. */
        private boolean isWritten(String namespace, Runnable write) {
            try {
                write.run();
                return true;
            } catch (ApiException e) {
                LOG.warn("an object of namespace {} is not told why it waits: {}", namespace, e.getMessage());
                if (!isOfThatObject(e)) closed.add(namespace);
                return false;
            }
        }

        private void tell(JobEntry entry, Wait why) throws InterruptedException {
            var job = seen.job(entry);
            var namespace = job.getMetadata().getNamespace();
            if (closed.contains(namespace)) {
                skipped.add(entry.uid());
                return;
            }
            var isTold = isWritten(namespace, () -> {
                var step = new Step.Explain(why.reason(), why.messageFor(job));
                var written = jobs.writeStatus(job, Statuses.after(job, step, clock.instant()));
                seen.index().confirm(JobEntry.of(written));
            });
            if (isTold) told++;
            else skipped.add(entry.uid());
            ticker.sleep(Duration.ofSeconds(1).dividedBy(settings.reasonWritesPerSecond()));
        }
    }

    private static boolean waitsForPod(SyncJob job, Wait why, Instant now) {
        var status = JobFields.statusOf(job);
        return status.state() == State.ENQUEUED
                && status.worker() == null
                && status.stop() == null
                && !JobFields.isWarm(job)
                && Told.differs(status, why.reason(), why.text(), now);
    }
}
