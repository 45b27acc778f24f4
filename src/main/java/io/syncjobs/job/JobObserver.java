package io.syncjobs.job;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Inspected;
import io.syncjobs.core.job.Observation;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEvent;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what is known about a job: first from the caches, then by look-ups that the core asks for. */
public final class JobObserver {
    private static final Logger LOG = LoggerFactory.getLogger(JobObserver.class);

    /** How long after a worker's end its log and events are asked for again if they cannot be read. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Function<QueueKey, Optional<SyncQueueSpec>> queues;
    private final Pods pods;
    private final Events events;
    private final Reservations reservations;
    private final DeletedPodCache deletedPods;
    private final SlowReads slowReads;
    private final WorkerWatch workers;
    private final Containment containment;
    private final Consumer<SyncJob> look;
    private final Settings settings;
    private final InstantSource clock;

    /** When this operator began to lead, or when the last outage ended. */
    private volatile @Nullable Instant watchingSince;

    /**
     * Nothing is asked before {@link #observe}.
     *
     * @param queues the spec of a queue, from a cache
     * @param look has a job looked at when a slow read is done
     */
    public JobObserver(
            Function<QueueKey, Optional<SyncQueueSpec>> queues,
            Pods pods,
            Events events,
            Reservations reservations,
            SlowReads slowReads,
            WorkerWatch workers,
            Containment containment,
            Consumer<SyncJob> look,
            Settings settings,
            InstantSource clock) {
        this.queues = queues;
        this.pods = pods;
        this.events = events;
        this.reservations = reservations;
        this.slowReads = slowReads;
        this.workers = workers;
        this.containment = containment;
        this.look = look;
        this.settings = settings;
        this.clock = clock;
        deletedPods = new DeletedPodCache(clock);
    }

    /** This operator leads from now on. */
    public void begin() {
        if (watchingSince == null) watchingSince = clock.instant();
    }

    /** The API server was not reachable. What it did not show meanwhile counts as nobody's silence. */
    public void watchAnew() {
        if (watchingSince != null) watchingSince = clock.instant();
    }

    /**
     * Takes in the deletion of a pod. This must be called before the pod's job is looked at because of the deletion.
     *
     * @param known finds a job in the pod's namespace by name, in a cache
     */
    public void podGone(Pod pod, Function<String, Optional<SyncJob>> known) {
        try {
            deletedPods.hear(pod, known);
            reservations.podGone(
                    PodViews.label(pod, Names.JOB_UID), PodViews.of(pod).attempt());
        } catch (RuntimeException e) {
            // Without this one job may be reported as lost with its worker. The watch of all pods goes on.
            LOG.error("the end of a pod was not understood", e);
        }
    }

    DeletedPodCache deletedPods() {
        return deletedPods;
    }

    /** What the caches say. */
    Observation observe(SyncJob job, List<PodView> cachedPods) {
        var now = clock.instant();
        return new Observation(
                job,
                queues.apply(QueueKey.of(job)),
                cachedPods,
                JobFields.isWarm(job) ? workers.run(job) : new Run.PodRun(reservations.of(job)),
                Inspected.NOTHING,
                settings,
                requireNonNullElse(watchingSince, now),
                now);
    }

    /**
     * The observation after a look-up. Empty if the look-up takes a while; the job is looked at again when its answer has
     * arrived.
     */
    Optional<Observation> inspect(Observation seen, Step.Inspect inspect) {
        var job = seen.job();
        return switch (inspect.subject()) {
            // The worker may have begun while its pod was read. By the moment before, that would lie in the future.
            case POD ->
                Optional.of(lookedAt(seen.withPod(read(job, inspect.of())).at(clock.instant()), Subject.POD));
            case LAST_STATE ->
                deletedPods.mayStillCome(job, seen.now())
                        ? Optional.empty()
                        : Optional.of(lookedAt(seen, Subject.LAST_STATE));
            case LOG ->
                log(seen, inspect.of())
                        .map(read ->
                                seen.with(seen.inspected().and(read.error()).withMessage(read.lacksMessage())));
            case EVENTS ->
                events(seen, inspect.of())
                        .map(events -> seen.with(seen.inspected().and(events)));
            case WORKER -> Optional.of(lookedAt(seen.with(workers.fresh(job)), Subject.WORKER));
            case LEASE -> Optional.of(lookedAt(seen.with(workers.afterFreshLease(job)), Subject.LEASE));
        };
    }

    private static Observation lookedAt(Observation seen, Subject subject) {
        return seen.with(seen.inspected().and(subject));
    }

    private Optional<PodView> read(SyncJob job, String worker) {
        return pods.read(job.getMetadata().getNamespace(), worker)
                .filter(pod -> PodViews.isOf(pod, job))
                .map(PodViews::of)
                .or(() -> deletedPods.of(job));
    }

    private Optional<List<PodEvent>> events(Observation seen, String podUid) {
        var job = seen.job();
        var namespace = job.getMetadata().getNamespace();
        try {
            return slow("events/" + podUid, job, () -> events.ofPod(namespace, podUid));
        } catch (ApiException e) {
            if (isPatient(seen)) throw e;
            LOG.atWarn().addKeyValue("pod", podUid).log("no events: {}", e.getMessage());
            return Optional.of(List.of());
        }
    }

    /**
     * What was read of a log.
     *
     * @param lacksMessage true if what may be the end of the log is none
     */
    private record ReadLog(LogError error, boolean lacksMessage) {}

    private Optional<ReadLog> log(Observation seen, String container) {
        var job = seen.job();
        var worker = JobFields.workerOf(job);
        var key = "log/" + job.getMetadata().getUid() + "/" + worker;
        try {
            return slow(key, job, () -> readLog(job, worker, container, messageOrLog(seen, container)));
        } catch (ApiException e) {
            if (!e.isNotFound() && isPatient(seen)) throw e;
            LOG.atWarn().addKeyValue("worker", worker).log("no log: {}", e.getMessage());
            var error = e.isNotFound() ? LogError.NONE : LogError.unread(e.getMessage());
            return Optional.of(new ReadLog(error, false));
        }
    }

    /** Log and events are worth a minute of waiting, but what cannot be read must not hold up the end of a job. */
    private static boolean isPatient(Observation seen) {
        var worker = JobFields.workerOf(seen.job());
        var patience = seen.now().minus(PATIENCE);
        return seen.pods().stream()
                .anyMatch(pod -> pod.name().equals(worker)
                        && pod.ended()
                        && pod.endTime().isAfter(patience));
    }

    /** A log that cannot be parsed must not keep its job from ending. */
    private ReadLog readLog(SyncJob job, String worker, String container, String messageOrLog) {
        var log = pods.logTail(job.getMetadata().getNamespace(), worker, container);
        var error = containment.orElse(
                job, "its log", () -> LogErrors.read(log).atMost(settings.traceBytes()), LogError::unread);
        return new ReadLog(error, !messageOrLog.isBlank() && !log.hasEndOf(messageOrLog));
    }

    private static String messageOrLog(Observation seen, String container) {
        var worker = JobFields.workerOf(seen.job());
        return seen.pods().stream()
                .filter(pod -> pod.name().equals(worker))
                .findFirst()
                .map(pod -> pod.messageOrLog(container))
                .orElse("");
    }

    private <T> Optional<T> slow(String key, SyncJob job, Supplier<T> source) {
        return slowReads.read(job.getMetadata().getNamespace(), key, source, () -> look.accept(job));
    }
}
