package io.syncjobs.enqueuer;

import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.queue.EnqueuePass;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.queue.Explanations;
import io.syncjobs.core.queue.Explanations.Why;
import io.syncjobs.core.queue.LeaseView;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.core.queue.QueueReports;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ScheduledPass.To;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Served;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run that the CronJob starts each minute. If an operator enqueues, the run only asks it for a full sweep. Otherwise the run
 * takes the enqueuer's Lease and makes one pass itself.
 */
public final class ScheduledEnqueue {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledEnqueue.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final int SWEEP_TRIES = 5;

    /** Longer than the heartbeat of most pools, and than the API server's cache takes to know the new holder of the Lease. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A run ends before the next one is due. */
    private static final Duration EXPLAINING = Duration.ofSeconds(45);

    private final Api api;
    private final Settings settings;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Served served;
    private final Leases operators;
    private final Leases leases;
    private final Jobs jobs;
    private final Queues queues;
    private final ScheduledPass pass;

    public ScheduledEnqueue(Api api, Settings settings, InstantSource clock, Ticker ticker) {
        this.api = api;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        served = new Served(settings.watchNamespaces());
        operators = Leases.ofOperators(api, clock, settings.namespace());
        leases = Leases.ofEnqueuers(api, clock, settings.namespace());
        jobs = new Jobs(api);
        queues = new Queues(api);
        pass = new ScheduledPass(api, jobs, settings, clock, ticker, PATIENCE);
    }

    /** Makes one run. It throws if the API server cannot be used, so that the CronJob's run counts as failed. */
    public void run() throws InterruptedException {
        var lease = new EnqueuerLease(leases, settings.enqueuerLease(), settings.pod(), settings.lease(), ticker);
        var operator = LeaseWatch.START;
        Verdict enqueuer;
        // This process lives for seconds, so it relies only on what it has watched itself.
        do {
            operator = operator.look(operators.read(settings.operatorLease()), ticker.nanos());
            enqueuer = lease.tend();
            if (enqueuer == Verdict.ALIVE) {
                askForSweep();
                return;
            }
            if (enqueuer == Verdict.UNKNOWN || operator.verdict() == Verdict.UNKNOWN) {
                ticker.sleep(LOOK_EVERY);
            }
        } while (enqueuer == Verdict.UNKNOWN || operator.verdict() == Verdict.UNKNOWN);
        try {
            if (!lease.isHeld()) {
                LOG.info(
                        "another enqueuer, or time, was faster than this run's hold of the Lease; the next run looks again");
            } else if (operator.verdict() == Verdict.ALIVE) {
                giveToPods(lease);
                giveToWorkers(lease);
            } else {
                giveToWorkers(lease);
                // An operator that starts now must not have to wait for this run.
                lease.release();
                explain(operator);
            }
        } finally {
            lease.release();
        }
    }

    private void askForSweep() {
        var request = UUID.randomUUID().toString();
        for (var tries = 0; tries < SWEEP_TRIES; tries++) {
            try {
                leases.read(settings.enqueuerLease())
                        .ifPresent(lease -> leases.requestSweep(settings.enqueuerLease(), lease, request));
                LOG.info("the operator enqueues; asked it for a full sweep");
                return;
            } catch (ApiException e) {
                // A conflict shows that the holder has just renewed the Lease. So the holder is alive, and the request
                // is repeated.
                if (!e.isConflict()) throw e;
            }
        }
    }

    /** The operator makes the pods. */
    private void giveToPods(EnqueuerLease lease) throws InterruptedException {
        var given = pass.give(To.PODS, right(lease))
                .orElseThrow(() -> new ApiException(
                        403,
                        "the API server took no place from pod " + settings.pod() + " within " + PATIENCE.toSeconds()
                                + " s, though it holds the Lease; see its admission policies"));
        LOG.info("enqueued {} jobs", given);
    }

    /** Warm workers can run the jobs that they have without an operator. */
    private void giveToWorkers(EnqueuerLease lease) throws InterruptedException {
        var given = pass.give(To.WORKERS, right(lease)).orElse(0);
        if (given > 0) LOG.info("gave {} jobs to warm workers", given);
    }

    private static ScheduledPass.Right right(EnqueuerLease lease) {
        return new ScheduledPass.Right() {
            @Override
            public boolean renew() {
                lease.tend();
                return lease.isHeld();
            }

            @Override
            public boolean isHeld() {
                return lease.isHeld();
            }
        };
    }

    private Snapshot read() {
        return ClusterSnapshot.read(api, served).withJobTemplates(settings.jobTemplates());
    }

    /**
     * No operator can start pods. Jobs that could run, or have a place already, are told so. The others are told why they wait.
     * Stops when an operator is back.
     */
    private void explain(LeaseWatch dead) throws InterruptedException {
        var now = clock.instant();
        tellQueues(now);
        var seen = read();
        var alone = new Starter(Starter.Who.MINUTE_ALONE, SchedulerHealth.GOOD);
        var all = new ArrayList<>(Explanations.of(EnqueuePass.plan(seen, now), alone));
        all.addAll(Explanations.ofPlaced(seen.jobs(), alone));
        var news = Explanations.news(all, now);
        LOG.warn("no operator is running; telling it to {} waiting jobs", news.size());
        var operator = dead;
        var begun = ticker.nanos();
        var looked = begun - LOOK_EVERY.toNanos();
        for (var explanation : news) {
            var nanos = ticker.nanos();
            // The next minute's run continues where this one stops.
            if (nanos - begun > EXPLAINING.toNanos()) return;
            if (nanos - looked >= LOOK_EVERY.toNanos()) {
                operator = operator.look(operators.read(settings.operatorLease()), nanos);
                looked = nanos;
            }
            if (operator.verdict() == Verdict.ALIVE || operator.verdict() == Verdict.UNKNOWN) {
                LOG.info("an operator is back; it goes on");
                return;
            }
            explain(explanation, now);
            ticker.sleep(Duration.ofSeconds(1).dividedBy(settings.reasonWritesPerSecond()));
        }
    }

    /** The counts in the queues' status are out of date, and nobody else can say so. */
    private void tellQueues(Instant now) {
        var lastSeen =
                operators.read(settings.operatorLease()).map(LeaseView::renewed).orElse("");
        var all = new ArrayList<SyncQueue>();
        served.each(namespaces -> all.addAll(ClusterSnapshot.queues(api, namespaces)));
        for (var queue : all) {
            try {
                queues.writeStatus(queue, QueueReports.withoutOperator(queue, lastSeen, now));
            } catch (ApiException e) {
                if (!e.isConflict() && !e.isRefusal() && !e.isTooLarge()) throw e;
                LOG.warn("the status of {} is not written: {}", QueueKey.of(queue), e.getMessage());
            }
        }
    }

    private void explain(Why explanation, Instant now) {
        var job = explanation.job();
        try {
            var change = new Step.Explain(explanation.reason(), explanation.message());
            jobs.writeStatus(job, Statuses.after(job, change, now));
        } catch (ApiException e) {
            // A job that has changed, is gone or accepts no write must not keep the others from being told.
            if (!e.isConflict() && !e.isRefusal() && !e.isTooLarge()) throw e;
        }
    }
}
