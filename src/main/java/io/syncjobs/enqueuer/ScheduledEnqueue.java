package io.syncjobs.enqueuer;

import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
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
import java.time.InstantSource;
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

    private final Api api;
    private final Settings settings;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Served served;
    private final Leases operators;
    private final Leases leases;
    private final Jobs jobs;
    private final ScheduledReasons reasons;

    /** Nothing is asked before {@link #run}. */
    public ScheduledEnqueue(Api api, Settings settings, InstantSource clock, Ticker ticker) {
        this.api = api;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        served = new Served(settings.watchNamespaces());
        operators = Leases.ofOperators(api, clock, settings.namespace());
        leases = Leases.ofEnqueuers(api, clock, settings.namespace());
        jobs = new Jobs(api);
        reasons = new ScheduledReasons(jobs, new Queues(api), operators, settings, clock, ticker);
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
                giveToWorkers(lease, reader());
            } else {
                var seen = reader();
                giveToWorkers(lease, seen);
                // An operator that starts now must not have to wait for this run.
                lease.release();
                reasons.tell(seen, operator);
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
        var given = pass(reader())
                .give(To.PODS, right(lease))
                .orElseThrow(() -> new ApiException(
                        403,
                        "the API server took no place from pod " + settings.pod() + " within " + PATIENCE.toSeconds()
                                + " s, though it holds the Lease; see its admission policies"));
        LOG.info("enqueued {} jobs", given);
    }

    /** Warm workers can run the jobs that they have without an operator. */
    private void giveToWorkers(EnqueuerLease lease, IndexReader seen) throws InterruptedException {
        var given = pass(seen).give(To.WORKERS, right(lease)).orElse(0);
        if (given > 0) LOG.info("gave {} jobs to warm workers", given);
    }

    private IndexReader reader() {
        return new IndexReader(api, jobs, served::each, settings);
    }

    private ScheduledPass pass(IndexReader seen) {
        return new ScheduledPass(seen, jobs, clock, ticker, PATIENCE);
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
}
