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
import java.util.concurrent.ConcurrentHashMap;
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

    /**
     * What came of a pass: how many places were written, how many writes the API server refused or lost, and whether it is known of
     * each of them what has become of it.
     */
    public record Outcome(Plan plan, int written, int failed, boolean certain) {}

    private enum Answer {
        WRITTEN,
        FAILED,
        UNKNOWN
    }

    private final Jobs jobs;
    private final Function<Place, Step.Change> change;
    private final Reservations reservations;
    private final AtomicInteger tries = new AtomicInteger();

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

    /**
     * Asks with a dry run whether the API server takes places from this process: from then on it takes them from nobody else. Each
     * call asks for another job, since one may be refused for its own sake.
     */
    public boolean isAllowed(Plan plan, Instant now) {
        var places = plan.places();
        var place = places.get(Math.floorMod(tries.getAndIncrement(), places.size()));
        try {
            jobs.tryStatus(place.job(), Statuses.after(place.job(), change.apply(place), now));
            return true;
        } catch (ApiException e) {
            LOG.debug("not allowed to enqueue yet: {}", e.getMessage());
            return false;
        }
    }

    /** Plans and writes; returns when every write is answered. */
    public Outcome pass(Snapshot seen, Instant now) {
        var plan = EnqueuePass.plan(seen, now);
        var answers = new ConcurrentHashMap<Answer, Integer>();
        var atOnce = new Semaphore(WRITES_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var place : plan.places()) {
                threads.execute(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        answers.merge(write(place, now), 1, Integer::sum);
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
        var written = answers.getOrDefault(Answer.WRITTEN, 0);
        return new Outcome(plan, written, plan.places().size() - written, !answers.containsKey(Answer.UNKNOWN));
    }

    private Answer write(Place place, Instant now) {
        var job = place.job();
        if (jobs.isFull(job)) return Answer.FAILED;
        var step = change.apply(place);
        var attempt = step instanceof Step.Reserve reserve ? reserve.attempt() : 0;
        reservations.note(job, attempt, new Reservation.Sending());
        try {
            jobs.writeStatus(job, Statuses.after(job, step, now));
            reservations.note(job, attempt, new Reservation.Mine());
            return Answer.WRITTEN;
        } catch (ApiException e) {
            reservations.forget(job, attempt);
            if (e.isConflict()) return Answer.FAILED;
            LOG.atWarn().addKeyValue("job", name(job)).log("not enqueued: {}", e.getMessage());
            return e.isRefusal() || e.isTooLarge() || isReadAgain(job) ? Answer.FAILED : Answer.UNKNOWN;
        }
    }

    /** A write without an answer may have been carried out: the next pass must know before it counts places. */
    private boolean isReadAgain(SyncJob job) {
        try {
            jobs.refresh(job);
            return true;
        } catch (ApiException e) {
            LOG.atWarn().addKeyValue("job", name(job)).log("nor read again: {}", e.getMessage());
            return false;
        }
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }
}
