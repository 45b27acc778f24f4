package io.syncjobs.agent;

import io.syncjobs.core.Backoff;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.SilenceNotes;
import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerJobs;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loops of an agent, from its start to its end. Its HTTP endpoints are in {@link AgentProcess}. */
public final class AgentLife {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLife.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Backoff WATCH_AGAIN = Backoff.before(Duration.ofMillis(100), Duration.ofSeconds(5));

    /** A watch that lasted longer than its requests may take was none that fails at once. */
    private static final long LASTED_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long TOLD_NANOS = Duration.ofSeconds(2).toNanos();

    private final AgentSettings settings;
    private final Ticker ticker;
    private final Executor executor;
    private final Pulse pulse;
    private final Agent agent;
    private final WorkerJobs watch;
    private final SilenceNotes notes;
    private boolean notesUnseen;
    private volatile boolean ended;
    private volatile long ticked;

    /**
     * Nothing runs yet.
     *
     * @param incarnation a new name for each start of the agent
     * @param executor starts a thread for each task that waits
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
                settings.deadAfter());
        var steady = new SteadyClock(clock, ticker);
        pulse = new Pulse(settings, new WorkerLease(api, clock, owner), calls, clock, steady, ticker, executor);
        agent = new Agent(settings, new Jobs(api), calls, pulse, steady, ticker, executor);
        watch = new WorkerJobs(api, ticker, settings.namespace(), settings.pod());
        notes = new SilenceNotes(api, ticker, settings.namespace(), settings.pod());
        pulse.onTrouble(watch::again, this::end);
        ticked = ticker.nanos();
    }

    /** Runs until {@link #end} is called. */
    public void run() throws InterruptedException {
        executor.execute(() -> follow(() -> watch.follow(agent), this::jobsUnseen));
        executor.execute(() -> follow(() -> notes.follow(pulse::unheard), this::notesUnseen));
        while (!ended) {
            agent.tick();
            watch.endWhereSilent();
            notes.endWhereSilent();
            ticked = ticker.nanos();
            ticker.sleep(TICK);
        }
    }

    /** Ends the loops soon. Requests that are under way are not awaited. */
    public void end() {
        ended = true;
        watch.again();
        notes.again();
    }

    /** How long ago the loop last made a round. */
    long silentNanos() {
        return ticker.nanos() - ticked;
    }

    boolean isReady() {
        return pulse.isReady();
    }

    private void follow(Runnable watching, Consumer<String> failed) {
        var backoff = WATCH_AGAIN;
        while (!ended) {
            var began = ticker.nanos();
            try {
                watching.run();
            } catch (ApiException e) {
                failed.accept(String.valueOf(e.getMessage()));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("a watch broke", e);
                failed.accept(e.toString());
            }
            // An API server, or a proxy, may also end each watch at once without an error.
            backoff = (ticker.nanos() - began < LASTED_NANOS ? backoff : WATCH_AGAIN).failed(0);
            pause(backoff.length());
        }
    }

    private void jobsUnseen(String why) {
        LOG.warn("jobs cannot be watched: {}", why);
        pulse.jobsUnseen(why);
    }

    /** Told once: the operator that made the rights of this worker may be older than its agent. */
    private void notesUnseen(String why) {
        if (!notesUnseen)
            LOG.info(
                    "this worker's own Lease cannot be watched, so a new operator gives it jobs only after its next"
                            + " heartbeat: {}",
                    why);
        notesUnseen = true;
    }

    /** The process is told to end. Returns when the worker has no job left, or when the grace period of the pod is over. */
    public void shutDown() {
        pulse.drainForGood();
        drain();
    }

    /**
     * Takes no more jobs, until it shows that only the handler's container was restarted. Returns true when the worker has no job
     * left, and false when the grace period of the pod is over.
     */
    public boolean drain() {
        pulse.drain();
        try {
            return awaitDrained();
        } finally {
            pulse.drainOver();
        }
    }

    private boolean awaitDrained() {
        var since = ticker.nanos();
        while (!isDrained(ticker.nanos() - since)) {
            if (ticker.nanos() - since > settings.grace().toNanos()) return false;
            pause(LOOK);
        }
        return true;
    }

    /**
     * The Lease must say that the worker drains, or it would get more jobs. If the API server is away, this is not awaited for
     * long.
     */
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
