package io.syncjobs.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.core.Observation;
import io.syncjobs.core.PodView;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Run;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Step;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job: gather what is known, ask {@link Lifecycle} for the next step, have it applied; until there is none. */
final class SyncJobReconciler implements Reconciler<SyncJob> {
    private static final Logger LOG = LoggerFactory.getLogger(SyncJobReconciler.class);

    /** More steps in one go than any job needs: a bound on what a mistake could do. */
    private static final int STEPS = 6;

    /** How long after the end of a worker its log is asked for again when it cannot be read. */
    private static final Duration LOG_PATIENCE = Duration.ofMinutes(1);

    /** How long until a look that no event has asked for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long a job with work is not looked at, at most. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Caches caches;
    private final Jobs jobs;
    private final Pods pods;
    private final Events events;
    private final Reservations reservations;
    private final StepApplier applier;
    private final Settings settings;
    private final DeletedPodCache deletedPods;
    private final Containment containment;
    private final SlowReads slowReads;
    private final WorkerWatch workers;
    private final Looks looks = new Looks();
    private final InstantSource clock;

    /** The first look, or the end of an outage: only the operator that leads is asked for one. */
    private volatile @Nullable Instant watchingSince;

    SyncJobReconciler(
            Caches caches,
            Jobs jobs,
            Pods pods,
            Events events,
            Reservations reservations,
            StepApplier applier,
            Containment containment,
            SlowReads slowReads,
            WorkerWatch workers,
            Settings settings,
            InstantSource clock) {
        this.caches = caches;
        this.jobs = jobs;
        this.pods = pods;
        this.events = events;
        this.reservations = reservations;
        this.applier = applier;
        this.settings = settings;
        this.containment = containment;
        this.slowReads = slowReads;
        this.workers = workers;
        this.clock = clock;
        deletedPods = new DeletedPodCache(clock);
    }

    @Override
    public List<EventSource<?, SyncJob>> prepareEventSources(EventSourceContext<SyncJob> context) {
        var source =
                new InformerEventSource<Pod, SyncJob>(
                        InformerEventSourceConfiguration.from(Pod.class, SyncJob.class)
                                .withName("pods")
                                .withLabelSelector(Names.MANAGED_BY + "=" + Names.SYNCJOBS)
                                .withNamespacesInheritedFromController()
                                .withComparableResourceVersion(false)
                                .withInformerListLimit(500L)
                                .withItemStore(caches.podStore())
                                .build(),
                        context) {
                    @Override
                    public synchronized void onDelete(Pod pod, boolean unsure) {
                        // Before the job is looked at because of it.
                        heard(pod, context.getPrimaryCache());
                        super.onDelete(pod, unsure);
                    }
                };
        caches.jobs(context);
        var sources = new ArrayList<>(workers.sources(context));
        sources.add(source);
        sources.add(looks);
        return sources;
    }

    private void heard(Pod pod, ResourceCache<SyncJob> known) {
        try {
            deletedPods.hear(pod, known);
            reservations.podGone(
                    PodViews.label(pod, Names.JOB_UID), PodViews.of(pod).attempt());
        } catch (RuntimeException e) {
            // Without it one job may be told that its worker was lost; the watch of all pods goes on.
            LOG.error("the end of a pod was not understood", e);
        }
    }

    /** Has a job looked at, whether or not anything of it has changed. */
    void look(String namespace, String name) {
        caches.job(namespace, name).ifPresent(looks::at);
    }

    DeletedPodCache deletedPods() {
        return deletedPods;
    }

    /** This operator leads from now on. */
    void begin() {
        if (watchingSince == null) watchingSince = clock.instant();
    }

    /** The API server was away: what it has not told meanwhile is nobody's silence. */
    void watchAnew() {
        if (watchingSince != null) watchingSince = clock.instant();
    }

    @Override
    public UpdateControl<SyncJob> reconcile(SyncJob cached, Context<SyncJob> context) {
        begin();
        if (context.isPrimaryResourceDeleted()) {
            containment.forget(cached.getMetadata().getUid());
            return UpdateControl.noUpdate();
        }
        return containment.handle(cached, () -> handle(jobs.newest(cached), context));
    }

    private UpdateControl<SyncJob> handle(SyncJob newest, Context<SyncJob> context) {
        var job = newest;
        if (jobs.isFull(job)) return applier.tellFull(job);
        try {
            for (var i = 0; i < STEPS; i++) {
                var inspected = observe(job, context);
                // The job is looked at again when what is read on another thread has come.
                if (inspected.isEmpty()) break;
                var seen = inspected.get();
                var step = Lifecycle.next(seen);
                if (step instanceof Step.Wait stay) return after(job, stay.lookAgain());
                if (workers.isHeard(seen, step)) break;
                if (givesUpUnseen(seen, step) && deletedPods.mayStillCome(job, seen.now())) break;
                job = applier.apply(seen, step);
                if (leadsToEvent(step, job)) break;
            }
            return UpdateControl.<SyncJob>noUpdate().rescheduleAfter(PAUSE);
        } catch (ApiException e) {
            if (e.isTooLarge()) return applier.tellFull(job);
            // Somebody changed the job or its pod: what they did decides what is to do.
            if (!e.isConflict() && !e.isNotFound()) throw e;
            return UpdateControl.<SyncJob>noUpdate().rescheduleAfter(PAUSE);
        }
    }

    /** The current pod is gone, and nothing is known of how it ended. */
    private static boolean givesUpUnseen(Observation seen, Step step) {
        var worker = Observation.statusOf(seen.job()).worker();
        return Lifecycle.givesUp(seen, step)
                && seen.pods().stream().noneMatch(pod -> pod.name().equals(worker));
    }

    /** After these the watch tells how it goes on. */
    private boolean leadsToEvent(Step step, SyncJob job) {
        return step instanceof Step.DeletePod
                || (step instanceof Step.CreatePod && reservations.of(job) instanceof Observation.Reservation.Created);
    }

    private Optional<Observation> observe(SyncJob job, Context<SyncJob> context) {
        var views = new ArrayList<>(context.getSecondaryResourcesAsStream(Pod.class)
                .map(PodViews::of)
                .toList());
        var warm = Observation.isWarm(job);
        if (!warm) confirmMissing(job, views);
        var queue = caches.queueSpec(QueueKey.of(job));
        var now = clock.instant();
        var cached = new Observation(
                job,
                queue,
                views,
                warm ? workers.run(job) : new Run.PodRun(reservations.of(job)),
                Optional.empty(),
                settings,
                requireNonNullElse(watchingSince, now),
                now);
        var seen = Lifecycle.wantsPod(cached) ? withFreshPod(cached) : cached;
        var container = Lifecycle.wantsLog(seen);
        if (container.isPresent()) return withLog(seen, container.get());
        var starting = Lifecycle.wantsEvents(seen);
        return starting.isPresent() ? withWarning(seen, starting.get()) : Optional.of(seen);
    }

    /** A pod that the cache does not have may be one that it does not have yet: before that counts, the API server is asked. */
    private void confirmMissing(SyncJob job, List<PodView> views) {
        var status = Observation.statusOf(job);
        var worker = status.worker();
        if (!status.state().occupying() || worker == null) return;
        if (views.stream().anyMatch(pod -> pod.name().equals(worker))) return;
        if (reservations.of(job) instanceof Observation.Reservation.Mine) return;
        read(job, worker).ifPresent(views::add);
    }

    private Observation withFreshPod(Observation seen) {
        var worker = requireNonNullElse(Observation.statusOf(seen.job()).worker(), "");
        var views = new ArrayList<>(seen.pods());
        views.removeIf(pod -> pod.name().equals(worker));
        read(seen.job(), worker).ifPresent(views::add);
        return seen.with(views);
    }

    private Optional<PodView> read(SyncJob job, String worker) {
        return pods.read(job.getMetadata().getNamespace(), worker)
                .filter(pod -> PodViews.isOf(pod, job))
                .map(PodViews::of)
                .or(() -> deletedPods.of(job));
    }

    private Optional<Observation> withWarning(Observation seen, PodView pod) {
        var namespace = seen.job().getMetadata().getNamespace();
        return slow("events/" + pod.uid(), seen.job(), () -> events.warnings(namespace, pod.uid()))
                .map(warnings -> Lifecycle.telling(
                                pod,
                                warnings.stream()
                                        .map(warning ->
                                                new PodView.Container.Waiting(warning.reason(), warning.message()))
                                        .toList())
                        .map(warning -> seen.with(pod.with(warning)))
                        .orElse(seen));
    }

    private Optional<Observation> withLog(Observation seen, String container) {
        var job = seen.job();
        var worker = requireNonNullElse(Observation.statusOf(job).worker(), "");
        var key = "log/" + job.getMetadata().getUid() + "/" + worker;
        try {
            return slow(key, job, () -> readLog(job, worker, container)).map(seen::with);
        } catch (ApiException e) {
            // The trace is worth a minute, but a node that is silent must not hold up the end of its jobs.
            var patience = seen.now().minus(LOG_PATIENCE);
            if (!e.isNotFound()
                    && seen.pods().stream()
                            .anyMatch(pod -> pod.name().equals(worker)
                                    && pod.ended()
                                    && pod.endTime().isAfter(patience))) throw e;
            LOG.atWarn().addKeyValue("worker", worker).log("no log: {}", e.getMessage());
            return Optional.of(e.isNotFound() ? seen : seen.with(LogError.unread(String.valueOf(e.getMessage()))));
        }
    }

    /** A log that cannot be understood must not keep its job from ending. */
    private LogError readLog(SyncJob job, String worker, String container) {
        var log = pods.logTail(job.getMetadata().getNamespace(), worker, container);
        return containment.orElse(
                job, "its log", () -> LogErrors.read(log).atMost(settings.traceBytes()), LogError::unread);
    }

    private <T> Optional<T> slow(String key, SyncJob job, Supplier<T> source) {
        return slowReads.read(key, source, () -> looks.at(job));
    }

    /** A job with work is looked at again soon whatever happens: an event may have been lost. Another one only where a time has come. */
    private UpdateControl<SyncJob> after(SyncJob job, Optional<Instant> time) {
        // When there is something to do for it, the index tells.
        if (Observation.isWarm(job)) return UpdateControl.noUpdate();
        var now = clock.instant();
        var sweep = Lifecycle.hasWork(job) ? now.plus(SWEEP) : Instant.MAX;
        var next = time.filter(sweep::isAfter).orElse(sweep);
        var control = UpdateControl.<SyncJob>noUpdate();
        if (next.equals(Instant.MAX)) return control;
        var wait = Duration.between(now, next).plusMillis(1);
        return control.rescheduleAfter(wait.isNegative() ? Duration.ofMillis(1) : wait);
    }
}
