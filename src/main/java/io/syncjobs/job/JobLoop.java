package io.syncjobs.job;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.core.Observation;
import io.syncjobs.core.PodView;
import io.syncjobs.core.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One job: observe what is known of it, have {@link Lifecycle} decide the next step, apply it; until there is none. */
public final class JobLoop {
    /** More steps in one go than any job needs: a bound on what a mistake could do. */
    private static final int STEPS = 6;

    /** How long until a look that no event has asked for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long a job with work is not looked at, at most. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Jobs jobs;
    private final JobObserver observer;
    private final StepApplier applier;
    private final Reservations reservations;
    private final Containment containment;
    private final InstantSource clock;

    public JobLoop(
            Jobs jobs,
            JobObserver observer,
            StepApplier applier,
            Reservations reservations,
            Containment containment,
            InstantSource clock) {
        this.jobs = jobs;
        this.observer = observer;
        this.applier = applier;
        this.reservations = reservations;
        this.containment = containment;
        this.clock = clock;
    }

    /**
     * Does for a job what there is to do now.
     *
     * @param cached the job as the watch has told it last
     * @param pods its pods as the watch has told them last
     * @return after what time it is to be looked at again, whatever happens
     */
    public Optional<Duration> handle(SyncJob cached, Supplier<List<PodView>> pods) {
        observer.begin();
        return containment.handle(cached, () -> handled(jobs.newest(cached), pods));
    }

    /** Forgets a job that was deleted. */
    public void forget(SyncJob job) {
        containment.forget(job.getMetadata().getUid());
    }

    private Optional<Duration> handled(SyncJob job, Supplier<List<PodView>> pods) {
        if (jobs.isFull(job)) return tellFull(job);
        try {
            return steps(job, pods);
        } catch (ApiException e) {
            if (e.isTooLarge()) return tellFull(job);
            // Somebody changed the job or its pod: what they did decides what is to do.
            if (!e.isConflict() && !e.isNotFound()) throw e;
            return Optional.of(PAUSE);
        }
    }

    private Optional<Duration> steps(SyncJob newest, Supplier<List<PodView>> pods) {
        var job = newest;
        for (var i = 0; i < STEPS; i++) {
            var decided = decide(observer.observe(job, pods.get()));
            // The job is looked at again when what is read on another thread has come.
            if (decided.isEmpty()) break;
            var step = decided.get().step();
            if (step instanceof Step.Wait wait) return until(job, wait.lookAgain());
            job = applier.apply(decided.get().seen(), step);
            if (leadsToEvent(step, job)) break;
        }
        return Optional.of(PAUSE);
    }

    private record Decided(Observation seen, Step step) {}

    /** The next step that changes something, or waits. Each subject is inspected once at most. */
    private Optional<Decided> decide(Observation cached) {
        var seen = cached;
        var step = Lifecycle.next(seen);
        while (step instanceof Step.Inspect inspect) {
            var inspected = observer.inspect(seen, inspect);
            if (inspected.isEmpty()) return Optional.empty();
            seen = inspected.get();
            step = Lifecycle.next(seen);
        }
        return Optional.of(new Decided(seen, step));
    }

    private Optional<Duration> tellFull(SyncJob job) {
        applier.tellFull(job);
        return Optional.empty();
    }

    /** After these the watch tells how it goes on. */
    private boolean leadsToEvent(Step step, SyncJob job) {
        return step instanceof Step.DeletePod
                || (step instanceof Step.CreatePod && reservations.of(job) instanceof Observation.Reservation.Created);
    }

    /** A job with work is looked at again soon whatever happens: an event may have been lost. Another one only where a time has come. */
    private Optional<Duration> until(SyncJob job, Optional<Instant> time) {
        // When there is something to do for it, the index tells.
        if (Observation.isWarm(job)) return Optional.empty();
        var now = clock.instant();
        var sweep = Lifecycle.hasWork(job) ? now.plus(SWEEP) : Instant.MAX;
        var next = time.filter(sweep::isAfter).orElse(sweep);
        if (next.equals(Instant.MAX)) return Optional.empty();
        var wait = Duration.between(now, next).plusMillis(1);
        return Optional.of(wait.isNegative() ? Duration.ofMillis(1) : wait);
    }
}
