package io.syncjobs.job;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.core.job.Observation;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Handles one job: observes it, has {@link Lifecycle} decide the next step, applies the step, and repeats this until there is
 * none.
 */
public final class JobLoop {
    /** More steps than any job needs at a time. The bound limits the damage of a programming error. */
    private static final int STEPS = 6;

    /** How long until the next look if no event arrives. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The longest time between two looks at a job that has work. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Jobs jobs;
    private final JobObserver observer;
    private final StepApplier applier;
    private final Reservations reservations;
    private final Containment containment;
    private final NamespaceShare looks;
    private final Consumer<SyncJob> look;
    private final InstantSource clock;

    /**
     * Looks at no job yet.
     *
     * @param looks how many jobs of a namespace may be looked at at once
     * @param look has a job looked at when its namespace has room for it
     */
    public JobLoop(
            Jobs jobs,
            JobObserver observer,
            StepApplier applier,
            Reservations reservations,
            Containment containment,
            NamespaceShare looks,
            Consumer<SyncJob> look,
            InstantSource clock) {
        this.jobs = jobs;
        this.observer = observer;
        this.applier = applier;
        this.reservations = reservations;
        this.containment = containment;
        this.looks = looks;
        this.look = look;
        this.clock = clock;
    }

    /**
     * Does for a job what there is to do now. A webhook of one namespace may hold up each write there for ten seconds and more. So a
     * namespace has some of the threads, and its other jobs are looked at when it is their turn.
     *
     * @param cached the latest version of the job that the watch has shown
     * @param pods supplies the latest versions of its pods that the watch has shown
     * @return after what time the job is to be looked at again in any case
     */
    public Optional<Duration> handle(SyncJob cached, Supplier<List<PodView>> pods) {
        observer.begin();
        var namespace = cached.getMetadata().getNamespace();
        if (!looks.take(namespace, cached.getMetadata().getUid(), () -> look.accept(cached))) return Optional.empty();
        try {
            return containment.handle(cached, () -> handled(jobs.newest(cached), pods));
        } finally {
            looks.give(namespace);
        }
    }

    /** Forgets a job that was deleted. */
    public void forget(SyncJob job) {
        containment.forget(job.getMetadata().getUid());
        looks.forget(job.getMetadata().getNamespace(), job.getMetadata().getUid());
    }

    private Optional<Duration> handled(SyncJob job, Supplier<List<PodView>> pods) {
        if (jobs.isFull(job)) return tellFull(job);
        try {
            return steps(job, pods);
        } catch (ApiException e) {
            if (e.isTooLarge()) return tellFull(job);
            // Somebody has changed the job or its pod. That change decides what to do next.
            if (!e.isConflict() && !e.isNotFound()) throw e;
            return Optional.of(PAUSE);
        }
    }

    private Optional<Duration> steps(SyncJob newest, Supplier<List<PodView>> pods) {
        var job = newest;
        for (var i = 0; i < STEPS; i++) {
            var newestPods = jobs.pods().newest(job.getMetadata().getUid(), pods.get());
            var decided = decide(observer.observe(job, newestPods));
            // A read on another thread has the job looked at again when it is done.
            if (decided.isEmpty()) break;
            var step = decided.get().step();
            if (step instanceof Step.Wait wait) return until(job, wait.lookAgain());
            job = applier.apply(decided.get().seen(), step);
            if (leadsToEvent(step, job)) break;
        }
        return Optional.of(PAUSE);
    }

    private record Decided(Observation seen, Step step) {}

    /** The next step that changes something, or waits. Each subject is looked up at most once. */
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

    /** After these steps the watch delivers an event about the pod. */
    private boolean leadsToEvent(Step step, SyncJob job) {
        return step instanceof Step.DeletePod
                || (step instanceof Step.CreatePod && reservations.of(job) instanceof Reservation.Created);
    }

    /**
     * A job with work is looked at again soon in any case, because an event may have been lost. Other jobs are looked at only
     * when a time has come.
     */
    private Optional<Duration> until(SyncJob job, Optional<Instant> time) {
        // The index says when there is something to do for the job.
        if (JobFields.isWarm(job)) return Optional.empty();
        var now = clock.instant();
        var sweep = Lifecycle.hasWork(job) ? now.plus(SWEEP) : Instant.MAX;
        var next = time.filter(sweep::isAfter).orElse(sweep);
        if (next.equals(Instant.MAX)) return Optional.empty();
        var wait = Duration.between(now, next).plusMillis(1);
        return Optional.of(wait.isNegative() ? Duration.ofMillis(1) : wait);
    }
}
