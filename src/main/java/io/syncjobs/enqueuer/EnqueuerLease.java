package io.syncjobs.enqueuer;

import io.syncjobs.core.queue.LeaseView;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease that names who may enqueue, as seen by a process that wants to hold it. An admission policy enforces it. One thread
 * tends the Lease; other threads get an answer at once, even during a request.
 */
public final class EnqueuerLease implements EnqueueLoop.Term {
    private static final Logger LOG = LoggerFactory.getLogger(EnqueuerLease.class);
    private static final int RELEASE_TRIES = 3;
    private static final int RENEWAL_TRIES = 3;

    /**
     * How long a lost Lease is not taken back:
     * 1. We send a place, and no answer comes.
     * 2. We lose the Lease, and another process gives that place to another job.
     * 3. We take the Lease back.
     * 4. The API server carries out our first write, because the policy checks the holder and not the term.
     * So we wait until such a write is over. Our client gives up after half a minute, and the API server after a minute.
     */
    private static final Duration LATE_PLACES = Duration.ofSeconds(75);

    /** What is known about our own hold; {@code terms} counts how often we took the Lease. */
    private record Hold(Optional<LeaseView> mine, long renewedNanos, int terms, boolean released) {
        Hold taken(LeaseView lease, long nanos) {
            return new Hold(Optional.of(lease), nanos, mine.isEmpty() ? terms + 1 : terms, released);
        }

        Hold lost() {
            return new Hold(Optional.empty(), renewedNanos, terms, released);
        }

        Hold given() {
            return new Hold(Optional.empty(), renewedNanos, terms, true);
        }
    }

    private final Leases leases;
    private final String name;
    private final String holder;
    private final Duration duration;
    private final Ticker ticker;
    /** When the loss of the Lease was noticed. Only the thread that tends the Lease uses it. */
    private OptionalLong lostNanos = OptionalLong.empty();

    private LeaseWatch watch = LeaseWatch.START;
    private volatile Hold hold = new Hold(Optional.empty(), 0, 0, false);

    /** {@code holder} is the name of our own pod. The policy compares it with the pod in the token of each request. */
    public EnqueuerLease(Leases leases, String name, String holder, Duration duration, Ticker ticker) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.duration = duration;
        this.ticker = ticker;
    }

    /**
     * Renews the Lease if we hold it. Otherwise looks at it once, and takes it if it is free, or if its holder has died while we
     * watched, but not soon after we lost it. Does nothing after a release.
     *
     * @return the verdict on the holder; FREE also if that is us
     */
    public Verdict tend() {
        if (hold.released()) return Verdict.UNKNOWN;
        var mine = hold.mine();
        if (mine.isPresent()) {
            if (renew(mine.get())) return Verdict.FREE;
            lose();
            return Verdict.UNKNOWN;
        }
        var seen = leases.read(name);
        var nanos = ticker.nanos();
        if (seen.filter(lease -> lease.holder().equals(holder)).isPresent()) {
            take(seen, nanos);
            return Verdict.FREE;
        }
        if (hold.terms() > 0 && lostNanos.isEmpty()) lostNanos = OptionalLong.of(nanos);
        watch = watch.look(seen, nanos);
        var free = watch.verdict() == Verdict.FREE || watch.verdict() == Verdict.DEAD;
        if (free && !mayOwnPlacesCome(nanos)) take(seen, nanos);
        return watch.verdict();
    }

    private boolean mayOwnPlacesCome(long nanos) {
        return lostNanos.isPresent() && nanos - lostNanos.getAsLong() < LATE_PLACES.toNanos();
    }

    private void take(Optional<LeaseView> seen, long nanos) {
        if (hold.released()) return;
        try {
            holdAs(seen, nanos);
        } catch (ApiException e) {
            if (!e.isConflict()) throw e;
        }
    }

    private void holdAs(Optional<LeaseView> seen, long nanos) {
        var taken = leases.hold(name, seen, holder, duration);
        if (!isTaken(taken, nanos)) leases.release(name, taken);
    }

    /**
     * Notes that the Lease is ours. Returns false if it was given back during the request:
     * 1. The Lease is free, and we ask for it.
     * 2. We end: the release reads that nobody holds the Lease.
     * 3. The API server carries out the request of step 1. Nobody could take the Lease until it expires.
     */
    private synchronized boolean isTaken(LeaseView taken, long nanos) {
        if (hold.released()) return false;
        if (hold.mine().isEmpty()) LOG.info("holds Lease {}: enqueues from now on", name);
        hold = hold.taken(taken, nanos);
        lostNanos = OptionalLong.empty();
        return true;
    }

    /**
     * Renews the Lease at the version that our last write left, without a look. If anybody has written the Lease since, the API
     * server refuses the renewal. Most often it was a request for a sweep:
     * 1. We hold the Lease.
     * 2. A minute run leaves its request for a sweep on the Lease.
     * 3. The API server refuses our renewal, because the version has changed.
     * 4. We read the Lease. It has our holder and the time of our last renewal, so nobody has taken it since, and our term goes on.
     * A renewal without an answer ends nothing: if it is carried out, the next one is refused, and step 4 finds another time.
     *
     * @return true if the Lease is renewed; false if the next look must begin a new term
     */
    private boolean renew(LeaseView mine) {
        var seen = Optional.of(mine);
        for (var tries = 0; tries < RENEWAL_TRIES && seen.isPresent() && !hold.released(); tries++) {
            try {
                holdAs(seen, ticker.nanos());
                return true;
            } catch (ApiException e) {
                if (!e.isConflict() && !e.isNotFound()) throw e;
            }
            seen = leases.read(name).filter(lease -> isSameHold(lease, mine));
        }
        return false;
    }

    private boolean isSameHold(LeaseView now, LeaseView mine) {
        return now.holder().equals(holder) && now.renewed().equals(mine.renewed());
    }

    private synchronized void lose() {
        hold = hold.lost();
    }

    /** True while nobody else can have taken it: we renewed it within two thirds of its duration. */
    @Override
    public boolean isHeld() {
        var now = hold;
        return now.mine().isPresent() && ticker.nanos() - now.renewedNanos() < duration.toNanos() * 2 / 3;
    }

    /** How often we took it. Between two terms another process may have held it. */
    @Override
    public int term() {
        return hold.terms();
    }

    /** The last request of a minute run for a full sweep; empty if there was none. */
    public String sweepRequest() {
        return hold.mine().map(LeaseView::sweepRequest).orElse("");
    }

    /** Gives the Lease back for good, so that the next holder need not wait. */
    public void release() {
        synchronized (this) {
            if (hold.released()) return;
            hold = hold.given();
        }
        for (var tries = 0; tries < RELEASE_TRIES; tries++) {
            try {
                // Read again, because a minute run may have left a request on the Lease since the last look, or a
                // renewal may have been carried out.
                var seen = leases.read(name);
                seen.filter(lease -> lease.holder().equals(holder)).ifPresent(lease -> leases.release(name, lease));
                return;
            } catch (ApiException e) {
                LOG.warn("Lease {} was not given back: {}", name, e.getMessage());
                if (!e.isConflict()) return;
            }
        }
    }
}
