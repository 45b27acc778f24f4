package io.syncjobs.agent;

import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.index.LeaseEntry.State;
import io.syncjobs.core.worker.Situation;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Told;
import java.time.Duration;
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

    /** For so long it is no news that the jobs cannot be watched: the next try may succeed. */
    private static final long UNSEEN_NANOS = Duration.ofSeconds(10).toNanos();

    private final AgentSettings settings;
    private final WorkerLease lease;
    private final Calls calls;
    private final InstantSource clock;
    private final InstantSource steady;
    private final Ticker ticker;
    private final Executor executor;

    private Runnable relist = () -> {};
    private Runnable replaced = () -> {};

    /** What the Lease says since our last renewal. */
    private @Nullable Told told;

    private boolean renewing;
    private long renewed;
    private long renewNext;

    /** True if a note came after the last renewal was sent. The note may be about that renewal. So another one answers it. */
    private boolean unheard;

    private boolean everHeld;
    private boolean failing;

    /** True if the jobs must be listed before one of them is taken. */
    private boolean mustList = true;

    /** True if they are being listed since the Lease is renewed again. A list may take longer than the time between two renewals. */
    private boolean relisted;

    /** Why the jobs cannot be listed or watched, and since when; empty while they can. */
    private String unseen = "";

    private long unseenSince;

    private boolean looking;
    private long lookNext;
    private boolean handlerReady;
    private String whyNot = "it has not been checked yet";

    private Optional<Drain> drain = Optional.empty();

    /** The slots that jobs of others take. */
    private int lent;

    /**
     * What the jobs of the worker are at.
     *
     * @param foreign true while jobs of an earlier agent are left, which come before the first renewal
     * @param calling true while the handler has a call
     * @param lent the number of slots with calls for jobs that are not this worker's any more
     */
    record Load(boolean foreign, boolean calling, int lent) {}

    Pulse(
            AgentSettings settings,
            WorkerLease lease,
            Calls calls,
            InstantSource clock,
            InstantSource steady,
            Ticker ticker,
            Executor executor) {
        this.settings = settings;
        this.lease = lease;
        this.calls = calls;
        this.clock = clock;
        this.steady = steady;
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

    /** Does what has become due. */
    synchronized void beat(Load load) {
        var now = ticker.nanos();
        lent = load.lent();
        if (drain.filter(seen -> seen.wasOfContainer(steady.instant(), handlerReady, settings.grace()))
                .isPresent()) {
            drain = Optional.empty();
            LOG.info("only the handler's container was restarted: jobs are taken again");
        }
        if (everHeld && !isFresh()) cutOff();
        // A handler that serves one call at a time accepts nothing while it works, and what it has not accepted adds
        // up.
        if (!looking && now - lookNext >= 0 && !(handlerReady && load.calling())) {
            looking = true;
            executor.execute(this::look);
        }
        var may = everHeld || (!mustList && !load.foreign());
        if (may && !renewing && (now - renewNext >= 0 || hasNews(now))) renew(now);
    }

    /** What could not be told is told with the next renewal, so that an API server that is away is not asked more often. */
    private boolean hasNews(long now) {
        return !failing && told != null && !told.equals(toTell()) && now - renewed >= LOOK_AGAIN_NANOS;
    }

    private void cutOff() {
        relisted = false;
        if (mustList) return;
        mustList = true;
        LOG.warn(
                "could not renew the Lease for {} s: nothing is taken any more, and calls are given up",
                settings.selfStopAfter().toSeconds());
    }

    private void renew(long now) {
        renewing = true;
        unheard = false;
        var words = toTell();
        executor.execute(() -> {
            try {
                renewed(now, words, lease.renew(words));
            } catch (ApiException e) {
                notRenewed(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                // Whatever it is: a renewal that never ends would be the last one.
                notRenewed(e.toString());
            }
        });
    }

    private Told toTell() {
        if (drain.isPresent()) return told(State.DRAINING, "");
        if (!unseen.isEmpty() && ticker.nanos() - unseenSince >= UNSEEN_NANOS)
            return told(
                    State.HANDLER_NOT_READY,
                    Text.cut("its agent cannot watch its jobs: " + unseen, Limits.WORKER_MESSAGE_CHARS));
        return handlerReady
                ? told(State.READY, "")
                : told(State.HANDLER_NOT_READY, Text.cut(whyNot, Limits.WORKER_MESSAGE_CHARS));
    }

    private Told told(State state, String message) {
        return new Told(state.toString(), message, Math.max(0, settings.slots() - lent));
    }

    /** A renewal counts from the time at which it was sent, because others see it at that moment at the earliest. */
    private synchronized void renewed(long sent, Told words, boolean own) {
        renewing = false;
        if (!own) {
            LOG.error("a later start of the agent holds the Lease of this pod");
            replaced.run();
            return;
        }
        var back = everHeld && mustList && !relisted;
        everHeld = true;
        if (failing) LOG.info("the Lease is renewed again");
        if (told == null || !told.state().equals(words.state())) LOG.info("the Lease says {}", words.state());
        failing = false;
        renewed = sent;
        renewNext = sent + (unheard ? LOOK_AGAIN_NANOS : settings.heartbeat().toNanos());
        told = words;
        if (!back) return;
        relisted = true;
        relist.run();
    }

    private synchronized void notRenewed(String why) {
        renewing = false;
        var pause = Math.min(RENEW_AGAIN_NANOS, settings.heartbeat().toNanos());
        renewNext = ticker.nanos() + pause;
        if (!failing) LOG.warn("the Lease could not be renewed, and is tried again: {}", why);
        failing = true;
    }

    /** The operator has not seen the last renewal. So the next one comes at once. */
    synchronized void unheard() {
        unheard = true;
        var soon = renewed + LOOK_AGAIN_NANOS;
        if (!failing && soon - renewNext < 0) renewNext = soon;
    }

    private void look() {
        var ready = false;
        try {
            ready = calls.isReady();
        } catch (RuntimeException e) {
            LOG.error("it could not be checked whether the handler is there", e);
        }
        looked(ready);
    }

    private synchronized void looked(boolean ready) {
        looking = false;
        if (ready != handlerReady) LOG.info(ready ? "the handler is ready" : "the handler accepts no connection");
        if (handlerReady && !ready) drain = drain.map(Drain::handlerGone);
        handlerReady = ready;
        if (!ready)
            whyNot = "container " + settings.handler().container() + " accepts no connection on port "
                    + settings.handler().port() + " of 127.0.0.1 or ::1";
        lookNext = ticker.nanos()
                + (ready && drain.isEmpty() ? settings.heartbeat().toNanos() : LOOK_AGAIN_NANOS);
    }

    /** A call has found that the handler accepts no connection. */
    synchronized void handlerTakesNothing(String why) {
        handlerReady = false;
        whyNot = why;
        lookNext = ticker.nanos() + LOOK_AGAIN_NANOS;
    }

    /** The jobs of this worker cannot be listed or watched. If that lasts, it must get none. */
    synchronized void jobsUnseen(String why) {
        if (!unseen.isEmpty()) return;
        unseen = Text.clean(why);
        unseenSince = ticker.nanos();
    }

    /** All jobs of this worker have been listed. */
    synchronized void listed() {
        unseen = "";
        if (!everHeld || isFresh()) mustList = false;
    }

    /** From now on no job is taken. Running calls have the time that the grace period of the pod leaves. */
    synchronized void drain() {
        if (drain.isEmpty()) {
            drain = Optional.of(new Drain(steady.instant()));
            lookNext = ticker.nanos();
            LOG.info("shutting down: nothing is taken any more");
        }
    }

    /** The agent itself is told to end. */
    synchronized void drainForGood() {
        drain();
        drain = drain.map(Drain::ofAgent);
    }

    /** Whoever asked for the drain is told that it is over. */
    synchronized void drainOver() {
        drain = drain.map(Drain::over);
    }

    /** True if the grace period is nearly over: what the handler answers to being told is not awaited any more. */
    synchronized boolean isNearlyOver() {
        return drain.filter(begun ->
                        !begun.left(settings.tellFor(), steady.instant()).isPositive())
                .isPresent();
    }

    /** True if the Lease says that this worker takes no more jobs. */
    synchronized boolean hasToldDraining() {
        return hasTold(State.DRAINING);
    }

    /** True if jobs are given to this worker: a rolling update ends an old one as soon as a new one says so. */
    synchronized boolean isReady() {
        return handlerReady && isFresh() && drain.isEmpty() && hasTold(State.READY);
    }

    private boolean hasTold(State state) {
        return told != null && told.state().equals(state.toString());
    }

    private boolean isFresh() {
        return everHeld && ticker.nanos() - renewed < settings.selfStopAfter().toNanos();
    }

    synchronized Situation situation(int freeSlots) {
        var now = clock.instant();
        var even = steady.instant();
        return new Situation(
                now,
                even,
                settings.pod(),
                settings.handler(),
                isFresh() && !mustList,
                handlerReady,
                freeSlots,
                drain.map(begun -> now.plus(begun.left(settings.drainFor(), even))),
                drain.map(begun -> now.plus(begun.left(settings.grace(), even))).orElse(now),
                settings.deadAfter());
    }
}
