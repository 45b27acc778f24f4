package io.syncjobs.enqueuer;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Place;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.EnqueuePass.Waiting;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

    /** Jobs as they were when they were given a place and no answer came: the write may still be carried out. */
    private final Map<String, SyncJob> unanswered = new ConcurrentHashMap<>();

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

    /** What the pass would do; jobs to which nothing can be written are left out, or they would hold a place for ever. */
    public Plan plan(Snapshot seen, Instant now) {
        return EnqueuePass.plan(seen.without(jobs::isFull), now);
    }

    /**
     * Plans and writes; returns when every write is answered. Where an earlier write has no answer, {@code seen} must be a read
     * from the API server: places are given only when that write can no longer exceed the capacity.
     */
    public Outcome pass(Snapshot seen, Instant now) {
        var plan = plan(seen, now);
        if (!withdrawn(seen, plan, now))
            return new Outcome(plan, 0, plan.places().size(), false);
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

    /**
     * A write is locked by the version that was seen: of a job that has changed since it will be refused. One that has not, and that
     * is given no place now, is changed by telling it why.
     */
    private boolean withdrawn(Snapshot seen, Plan plan, Instant now) {
        if (unanswered.isEmpty()) return true;
        var versions =
                seen.jobs().stream().collect(toMap(job -> job.getMetadata().getUid(), Observation::versionOf));
        unanswered.entrySet().removeIf(sent -> {
            var version = versions.get(sent.getKey());
            return version == null || version > Observation.versionOf(sent.getValue());
        });
        for (var waiting : plan.waiting()) {
            if (unanswered.containsKey(waiting.job().getMetadata().getUid()) && !tell(waiting, now)) return false;
        }
        var placed = plan.places().stream()
                .map(place -> place.job().getMetadata().getUid())
                .collect(toSet());
        return placed.containsAll(unanswered.keySet());
    }

    private boolean tell(Waiting waiting, Instant now) {
        var job = waiting.job();
        try {
            var step = new Step.Explain(waiting.reason(), waiting.message());
            jobs.writeStatus(job, Statuses.after(job, step, now));
            unanswered.remove(job.getMetadata().getUid());
            return true;
        } catch (ApiException e) {
            LOG.atWarn().addKeyValue("job", name(job)).log("its place is not withdrawn yet: {}", e.getMessage());
            return false;
        }
    }

    private Answer write(Place place, Instant now) {
        var job = place.job();
        var step = change.apply(place);
        var attempt = step instanceof Step.Reserve reserve ? reserve.attempt() : 0;
        reservations.note(job, attempt, new Reservation.Sending());
        try {
            jobs.writeStatus(job, Statuses.after(job, step, now));
            reservations.note(job, attempt, new Reservation.Mine(Duration.ZERO));
            unanswered.remove(job.getMetadata().getUid());
            return Answer.WRITTEN;
        } catch (ApiException e) {
            reservations.forget(job, attempt);
            if (e.isConflict()) return Answer.FAILED;
            LOG.atWarn().addKeyValue("job", name(job)).log("not enqueued: {}", e.getMessage());
            if (!e.mayHaveBeenDone()) return Answer.FAILED;
            unanswered.put(job.getMetadata().getUid(), job);
            return Answer.UNKNOWN;
        } catch (RuntimeException e) {
            // Whatever went wrong: a reservation that seems to be on its way would be waited for.
            reservations.forget(job, attempt);
            LOG.atError().addKeyValue("job", name(job)).setCause(e).log("not enqueued");
            unanswered.put(job.getMetadata().getUid(), job);
            return Answer.UNKNOWN;
        }
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }
}
