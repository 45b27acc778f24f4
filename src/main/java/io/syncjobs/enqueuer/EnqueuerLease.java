package io.syncjobs.enqueuer;

import io.syncjobs.core.LeaseView;
import io.syncjobs.core.LeaseWatch;
import io.syncjobs.core.LeaseWatch.Verdict;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Leases;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Lease that names who may enqueue, from the side of one who wants to hold it; an admission policy enforces it. */
public final class EnqueuerLease {
    private static final Logger LOG = LoggerFactory.getLogger(EnqueuerLease.class);

    private final Leases leases;
    private final String name;
    private final String holder;
    private final Duration duration;
    private LeaseWatch watch = LeaseWatch.START;
    private Optional<LeaseView> mine = Optional.empty();
    private long renewedNanos;
    private int terms;
    private boolean released;

    /** {@code holder} is the name of the own pod: the policy compares it with the pod of the request's token. */
    public EnqueuerLease(Leases leases, String name, String holder, Duration duration) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.duration = duration;
    }

    /**
     * One look: renews what we hold, takes what is free or whose holder has died while we watched; none any more after a release.
     *
     * @return the verdict on the holder, FREE also when it is us
     */
    public synchronized Verdict tend() {
        if (released) return Verdict.UNKNOWN;
        var seen = leases.read(name);
        var nanos = System.nanoTime();
        if (seen.filter(lease -> lease.holder().equals(holder)).isPresent()) {
            hold(seen, nanos);
            return Verdict.FREE;
        }
        mine = Optional.empty();
        watch = watch.look(seen, nanos);
        if (watch.verdict() == Verdict.FREE || watch.verdict() == Verdict.DEAD) hold(seen, nanos);
        return watch.verdict();
    }

    private void hold(Optional<LeaseView> seen, long nanos) {
        try {
            var taken = mine.isEmpty();
            mine = Optional.of(leases.hold(name, seen, holder, duration));
            renewedNanos = nanos;
            if (taken) {
                terms++;
                LOG.info("holds Lease {}: enqueues from now on", name);
            }
        } catch (ApiException e) {
            mine = Optional.empty();
            if (!e.isConflict()) throw e;
        }
    }

    /** True while nobody else can have taken it: renewed within two thirds of its duration. */
    public synchronized boolean isHeld() {
        return mine.isPresent() && System.nanoTime() - renewedNanos < duration.toNanos() * 2 / 3;
    }

    /** Counts how often it was taken: between two terms another may have held it. */
    public synchronized int term() {
        return terms;
    }

    /** The last request for a full sweep that a minute run left; empty where there was none. */
    public synchronized String sweepRequest() {
        return mine.map(LeaseView::sweepRequest).orElse("");
    }

    /** Gives it back for good; the next holder need not wait. */
    public synchronized void release() {
        if (released) return;
        released = true;
        mine = Optional.empty();
        try {
            // Read anew: a minute run may have left a request on it since the last look.
            var seen = leases.read(name);
            seen.filter(lease -> lease.holder().equals(holder)).ifPresent(lease -> leases.release(name, lease));
        } catch (ApiException e) {
            LOG.warn("Lease {} was not given back: {}", name, e.getMessage());
        }
    }
}
