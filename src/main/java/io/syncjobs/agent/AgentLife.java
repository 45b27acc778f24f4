package io.syncjobs.agent;

import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerJobs;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent from its start to its end, but for its endpoints: its loops, put together and ended. */
public final class AgentLife {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLife.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration AFTER_MISTAKE = Duration.ofSeconds(1);
    private static final long TOLD_NANOS = Duration.ofSeconds(2).toNanos();

    private final AgentSettings settings;
    private final Ticker ticker;
    private final Executor executor;
    private final Pulse pulse;
    private final Agent agent;
    private final WorkerJobs watch;
    private volatile boolean ended;
    private volatile long ticked;

    /**
     * Nothing runs yet.
     *
     * @param incarnation a name that each start of the agent makes anew
     * @param executor starts a thread for whatever waits for others
     */
    public AgentLife(
            AgentSettings settings,
            StreamApi api,
            Calls calls,
            String incarnation,
            InstantSource clock,
            Ticker ticker,
            Executor executor) {
        this.settings = settings;
        this.ticker = ticker;
        this.executor = executor;
        var owner = new Owner(
                settings.namespace(),
                settings.pod(),
                settings.podUid(),
                settings.handler().pool(),
                incarnation,
                settings.deadAfter(),
                settings.slots());
        pulse = new Pulse(settings, new WorkerLease(api, clock, owner), calls, clock, ticker, executor);
        agent = new Agent(settings, new Jobs(api), calls, pulse, clock, executor);
        watch = new WorkerJobs(api, ticker, settings.namespace(), settings.pod());
        pulse.onTrouble(watch::again, this::end);
        ticked = ticker.nanos();
    }

    /** Works until it is ended. */
    public void run() throws InterruptedException {
        executor.execute(this::follow);
        while (!ended) {
            agent.tick();
            watch.endWhereSilent();
            ticked = ticker.nanos();
            ticker.sleep(TICK);
        }
    }

    /** Ends soon; what is under way is left as it is. */
    public void end() {
        ended = true;
        watch.again();
    }

    /** How long its loop has not come round. */
    long silentNanos() {
        return ticker.nanos() - ticked;
    }

    boolean isReady() {
        return pulse.isReady();
    }

    private void follow() {
        var failures = 0;
        while (!ended) {
            try {
                watch.follow(agent);
                failures = 0;
            } catch (ApiException e) {
                LOG.warn("jobs cannot be watched: {}", e.getMessage());
                pause(Duration.ofMillis(Math.min(5_000, 100L << Math.min(failures++, 6))));
            } catch (RuntimeException e) {
                LOG.error("jobs cannot be watched", e);
                pause(AFTER_MISTAKE);
            }
        }
    }

    /** Takes nothing more; returns when nothing is left, or, with false, when the pod's grace period is over. */
    public boolean drain() {
        pulse.drain();
        var since = ticker.nanos();
        while (!isDrained(ticker.nanos() - since)) {
            if (ticker.nanos() - since > settings.grace().toNanos()) return false;
            pause(LOOK);
        }
        return true;
    }

    /** Without a word on the Lease more jobs would come; but an API server that is away must hold up nobody. */
    private boolean isDrained(long nanos) {
        return agent.isIdle() && (pulse.hasToldDraining() || nanos > TOLD_NANOS);
    }

    private void pause(Duration time) {
        try {
            ticker.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
