package io.syncjobs.enqueuer;

import io.syncjobs.core.LeaseView;
import io.syncjobs.core.LeaseWatch;
import io.syncjobs.core.LeaseWatch.Verdict;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease that names who may enqueue, from the side of one who wants to hold it; an admission policy enforces it. One thread
 * tends it; whoever asks how it stands is answered at once, also while a request is under way.
 */
public final class EnqueuerLease implements EnqueueLoop.Term {
    private static final Logger LOG = LoggerFactory.getLogger(EnqueuerLease.class);
    private static final int RELEASE_TRIES = 3;

    /**
     * 1. A place is sent, and no answer comes. 2. The Lease is lost, and another gives that place to another job. 3. The Lease is
     * taken back. 4. The API server carries out the first write: the fence knows the holder, not the term. So a Lease that was lost
     * is not taken back before such a write is over: its client gives it up after half a minute, the API server after a minute.
     */
    private static final Duration LATE_PLACES = Duration.ofSeconds(75);

    /** What is known of the own hold: {@code terms} counts how often it was taken. */
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
    /** When it was first seen that a Lease which was held is held no more; of the thread that tends it. */
    private OptionalLong lostNanos = OptionalLong.empty();

    private LeaseWatch watch = LeaseWatch.START;
    private volatile Hold hold = new Hold(Optional.empty(), 0, 0, false);

    /** {@code holder} is the name of the own pod: the policy compares it with the pod of the request's token. */
    public EnqueuerLease(Leases leases, String name, String holder, Duration duration, Ticker ticker) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.duration = duration;
        this.ticker = ticker;
    }

    /**
     * One look: renews what we hold, takes what is free or whose holder has died while we watched, but not soon after it was lost;
     * none any more after a release.
     *
     * @return the verdict on the holder, FREE also when it is us
     */
    public Verdict tend() {
        if (hold.released()) return Verdict.UNKNOWN;
        var seen = leases.read(name);
        var nanos = ticker.nanos();
        if (seen.filter(lease -> lease.holder().equals(holder)).isPresent()) {
            take(seen, nanos);
            return Verdict.FREE;
        }
        lose();
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
            var taken = leases.hold(name, seen, holder, duration);
            synchronized (this) {
                // It was given back while this was under way: the release looks at it anew.
                if (hold.released()) return;
                if (hold.mine().isEmpty()) LOG.info("holds Lease {}: enqueues from now on", name);
                hold = hold.taken(taken, nanos);
                lostNanos = OptionalLong.empty();
            }
        } catch (ApiException e) {
            lose();
            if (!e.isConflict()) throw e;
        }
    }

    private synchronized void lose() {
        hold = hold.lost();
    }

    /** True while nobody else can have taken it: renewed within two thirds of its duration. */
    @Override
    public boolean isHeld() {
        var now = hold;
        return now.mine().isPresent() && ticker.nanos() - now.renewedNanos() < duration.toNanos() * 2 / 3;
    }

    /** Counts how often it was taken: between two terms another may have held it. */
    @Override
    public int term() {
        return hold.terms();
    }

    /** The last request for a full sweep that a minute run left; empty where there was none. */
    public String sweepRequest() {
        return hold.mine().map(LeaseView::sweepRequest).orElse("");
    }

    /** Gives it back for good; the next holder need not wait. */
    public void release() {
        synchronized (this) {
            if (hold.released()) return;
            hold = hold.given();
        }
        for (var tries = 0; tries < RELEASE_TRIES; tries++) {
            try {
                // Read anew: a minute run may have left a request on it since the last look, or a renewal may still
                // have come.
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
