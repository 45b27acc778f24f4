package io.syncjobs.enqueuer;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Place;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pass against the cluster: what the plan gives a place is written, many at a time. */
public final class Enqueuer {
    private static final Logger LOG = LoggerFactory.getLogger(Enqueuer.class);
    private static final int WRITES_AT_ONCE = 32;

    /** What came of a pass: how many places were written, and how many writes the API server refused or lost. */
    public record Outcome(Plan plan, int written, int failed) {}

    private final Jobs jobs;
    private final Function<Place, Step.Change> change;
    private final Reservations reservations;

    private Enqueuer(Jobs jobs, Reservations reservations, Function<Place, Step.Change> change) {
        this.jobs = jobs;
        this.reservations = reservations;
        this.change = change;
    }

    /** For the operator: a place and a worker in one write, since it creates the pods. */
    public static Enqueuer reserving(Jobs jobs, Reservations reservations) {
        return new Enqueuer(jobs, reservations, place -> {
            var attempt =
                    Objects.requireNonNullElse(Observation.statusOf(place.job()).attempt(), 0) + 1;
            return new Step.Reserve(attempt, PodNames.of(place.job(), attempt), place.effective());
        });
    }

    /** For the minute run: a place; the operator reserves the worker. */
    public static Enqueuer placing(Jobs jobs) {
        return new Enqueuer(jobs, new Reservations(), place -> new Step.Enqueue(place.effective()));
    }

    /** Plans and writes; returns when every write is answered. */
    public Outcome pass(Snapshot seen, Instant now) {
        var plan = EnqueuePass.plan(seen, now);
        var written = new AtomicInteger();
        var failed = new AtomicInteger();
        var atOnce = new Semaphore(WRITES_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var place : plan.places()) {
                threads.execute(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        (write(place, now) ? written : failed).incrementAndGet();
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
        return new Outcome(plan, written.get(), failed.get());
    }

    private boolean write(Place place, Instant now) {
        var job = place.job();
        if (jobs.isFull(job)) return false;
        var step = change.apply(place);
        var attempt = step instanceof Step.Reserve reserve ? reserve.attempt() : 0;
        reservations.note(job, attempt, new Reservation.Sending());
        try {
            jobs.writeStatus(job, Statuses.after(job, step, now));
            reservations.note(job, attempt, new Reservation.Mine());
            return true;
        } catch (ApiException e) {
            reservations.forget(job, attempt);
            if (!e.isConflict()) {
                LOG.atWarn().addKeyValue("job", name(job)).log("not enqueued: {}", e.getMessage());
                reread(job, e);
            }
            return false;
        }
    }

    /** A write without an answer may have been carried out: the next pass must know before it counts places. */
    private void reread(SyncJob job, ApiException failure) {
        if (failure.isRefusal() || failure.isTooLarge()) return;
        try {
            jobs.refresh(job);
        } catch (ApiException e) {
            LOG.atWarn().addKeyValue("job", name(job)).log("nor read again: {}", e.getMessage());
        }
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }
}
