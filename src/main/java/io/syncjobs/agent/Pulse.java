package io.syncjobs.agent;

import io.syncjobs.core.Text;
import io.syncjobs.core.index.LeaseEntry.State;
import io.syncjobs.core.worker.Situation;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the worker may work: it renews the Lease, checks whether the handler is there, and knows whether the worker is
 * shutting down. All of this happens only when the agent's loop calls it. So a loop that stands still does not renew the Lease.
 */
final class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(200).toNanos();
    private static final long RENEW_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MESSAGE_CHARS = 256;

    private final AgentSettings settings;
    private final WorkerLease lease;
    private final Calls calls;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Executor executor;

    private Runnable relist = () -> {};
    private Runnable replaced = () -> {};

    /** What the Lease says since our last renewal. */
    private @Nullable Told told;

    private boolean renewing;
    private long renewed;
    private long renewNext;
    private boolean everHeld;
    private boolean failing;

    /** True if the jobs must be listed before one of them is taken. */
    private boolean mustList = true;

    private boolean looking;
    private long lookNext;
    private boolean handlerReady;
    private String whyNot = "it has not been checked yet";

    private Optional<Instant> drainSince = Optional.empty();

    Pulse(
            AgentSettings settings,
            WorkerLease lease,
            Calls calls,
            InstantSource clock,
            Ticker ticker,
            Executor executor) {
        this.settings = settings;
        this.lease = lease;
        this.calls = calls;
        this.clock = clock;
        this.ticker = ticker;
        this.executor = executor;
        renewNext = ticker.nanos();
        lookNext = ticker.nanos();
    }

    /** {@code again} lists the jobs again; {@code later} is called if a later start of the agent has taken the Lease. */
    void onTrouble(Runnable again, Runnable later) {
        relist = again;
        replaced = later;
    }

    /**
     * Does what has become due. {@code foreign} is true while jobs of an earlier agent are left, which come before the first
     * renewal.
     */
    synchronized void beat(boolean foreign) {
        var now = ticker.nanos();
        if (everHeld && !mustList && !isFresh()) {
            mustList = true;
            LOG.warn(
                    "could not renew the Lease for {} s: nothing is taken any more, and calls are given up",
                    settings.selfStopAfter().toSeconds());
        }
        if (!looking && now - lookNext >= 0) {
            looking = true;
            executor.execute(() -> looked(calls.isReady()));
        }
        var may = everHeld || (!mustList && !foreign);
        var due = now - renewNext >= 0 || (told != null && !told.equals(toTell()) && now - renewed >= LOOK_AGAIN_NANOS);
        if (may && !renewing && due) renew(now);
    }

    private void renew(long now) {
        renewing = true;
        var words = toTell();
        executor.execute(() -> {
            try {
                renewed(now, words, lease.renew(words));
            } catch (ApiException e) {
                notRenewed(e);
            }
        });
    }

    private Told toTell() {
        if (drainSince.isPresent()) return told(State.DRAINING, "");
        return handlerReady ? told(State.READY, "") : told(State.HANDLER_NOT_READY, Text.cut(whyNot, MESSAGE_CHARS));
    }

    private static Told told(State state, String message) {
        return new Told(state.toString(), message);
    }

    /** A renewal counts from the time at which it was sent, because others see it at that moment at the earliest. */
    private synchronized void renewed(long sent, Told words, boolean own) {
        renewing = false;
        if (!own) {
            LOG.error("a later start of the agent holds the Lease of this pod");
            replaced.run();
            return;
        }
        var back = everHeld && mustList;
        everHeld = true;
        if (failing) LOG.info("the Lease is renewed again");
        if (told == null || !told.state().equals(words.state())) LOG.info("the Lease says {}", words.state());
        failing = false;
        renewed = sent;
        renewNext = sent + settings.heartbeat().toNanos();
        told = words;
        if (back) relist.run();
    }

    private synchronized void notRenewed(ApiException e) {
        renewing = false;
        var pause = Math.min(RENEW_AGAIN_NANOS, settings.heartbeat().toNanos());
        renewNext = ticker.nanos() + pause;
        if (!failing) LOG.warn("the Lease could not be renewed, and is tried again: {}", e.getMessage());
        failing = true;
    }

    private synchronized void looked(boolean ready) {
        looking = false;
        if (ready != handlerReady) LOG.info(ready ? "the handler is ready" : "the handler accepts no connection");
        handlerReady = ready;
        if (!ready)
            whyNot = "container " + settings.handler().container() + " accepts no connection on port "
                    + settings.handler().port();
        lookNext = ticker.nanos() + (ready ? settings.heartbeat().toNanos() : LOOK_AGAIN_NANOS);
    }

    /** A call has found that the handler accepts no connection. */
    synchronized void handlerTakesNothing(String why) {
        handlerReady = false;
        whyNot = why;
        lookNext = ticker.nanos() + LOOK_AGAIN_NANOS;
    }

    /** All jobs of this worker have been listed. */
    synchronized void listed() {
        if (!everHeld || isFresh()) mustList = false;
    }

    /** From now on no job is taken. Running calls have the time that the grace period of the pod leaves. */
    synchronized void drain() {
        if (drainSince.isEmpty()) {
            drainSince = Optional.of(clock.instant());
            LOG.info("shutting down: nothing is taken any more");
        }
    }

    /** True if the Lease says that this worker takes no more jobs. */
    synchronized boolean hasToldDraining() {
        return told != null && told.state().equals(State.DRAINING.toString());
    }

    /** True if jobs may be given to this worker. */
    synchronized boolean isReady() {
        return handlerReady && isFresh() && drainSince.isEmpty();
    }

    private boolean isFresh() {
        return everHeld && ticker.nanos() - renewed < settings.selfStopAfter().toNanos();
    }

    synchronized Situation situation(int freeSlots) {
        var now = clock.instant();
        return new Situation(
                now,
                settings.pod(),
                settings.handler(),
                isFresh() && !mustList,
                handlerReady,
                freeSlots,
                drainSince.map(since -> since.plus(settings.drainFor())),
                drainSince.map(since -> since.plus(settings.grace())).orElse(now),
                settings.deadAfter());
    }
}
