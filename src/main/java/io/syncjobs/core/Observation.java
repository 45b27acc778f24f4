package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Step.Inspect.Subject;
import io.syncjobs.core.blame.Scene;
import io.syncjobs.core.blame.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is known about one job at one moment.
 *
 * @param queue its queue's spec; the built-in one for a queue {@code default} that nobody created
 * @param pods all its pods that exist, of whatever attempt
 * @param run how the current attempt is executed
 * @param inspected what was looked at closer, and what that told
 * @param watchingSince since when the observer has watched without a gap: nobody is blamed for what it could not see
 * @param now the moment, on the observer's clock
 */
public record Observation(
        SyncJob job,
        Optional<SyncQueueSpec> queue,
        List<PodView> pods,
        Run run,
        Inspected inspected,
        Settings settings,
        Instant watchingSince,
        Instant now) {

    /** A job that a warm worker has is never taken for one that has a pod of its own. */
    public Observation {
        if (isWarm(job) && run instanceof Run.PodRun) run = Run.WorkerRun.UNKNOWN;
    }

    /** True while a warm worker has the job: nothing else tells the two ways to execute apart. */
    public static boolean isWarm(SyncJob job) {
        var status = statusOf(job);
        return status.state().occupying()
                && status.effective() != null
                && status.effective().workerPool() != null;
    }

    /** Its queue's spec; the built-in one where the queue was deleted meanwhile. */
    public SyncQueueSpec queueOrBuiltIn() {
        return queue.orElse(SyncQueueSpec.BUILT_IN);
    }

    /** What this process knows of the pod that it has reserved; of a job that a warm worker has nothing. */
    public Reservation reservation() {
        return run instanceof Run.PodRun pod ? pod.reservation() : new Reservation.Foreign();
    }

    /** What this process, in this life, knows of the reservation in {@code status.worker}. */
    public sealed interface Reservation {
        /** Written by another process or in another life: its pod may or may not be on its way. */
        record Foreign() implements Reservation {}

        /** Being written: the answer is not there yet. */
        record Sending() implements Reservation {}

        /** Written by us; its pod has not been created. {@code pause} is how long the attempt before it was held back. */
        record Mine(Duration pause) implements Reservation {}

        /** Written by us; the API server refused the pod, and it is tried again after a wait, at that time. */
        record Refused(Verdict why, String words, Duration pause, Instant tryAgain) implements Reservation {}

        /** Written by us; whether the API server has taken the pod is not known: after a wait the next attempt is made. */
        record Unsure(Verdict why, String words, Duration pause, Instant tryAgain) implements Reservation {}

        /** Written by us, and the API server has taken the pod at that time. {@code pause} as in {@link Mine}. */
        record Created(Duration pause, Instant at) implements Reservation {
            public Created() {
                this(Duration.ZERO, Instant.EPOCH);
            }
        }
    }

    /** The same with another state of the current attempt's pod; empty where it is gone. */
    public Observation withPod(Optional<PodView> fresh) {
        var others = pods.stream().filter(pod -> !pod.name().equals(status().worker()));
        var all = Stream.concat(others, fresh.stream()).toList();
        return new Observation(job, queue, all, run, inspected, settings, watchingSince, now);
    }

    /** The same with another state of its worker. */
    public Observation with(Run.WorkerRun fresh) {
        return new Observation(job, queue, pods, fresh, inspected, settings, watchingSince, now);
    }

    /** The same after a closer look at something. */
    public Observation with(Inspected more) {
        return new Observation(job, queue, pods, run, more, settings, watchingSince, now);
    }

    boolean wasLookedAt(Subject subject) {
        return inspected.subjects().contains(subject);
    }

    /** A closer look at the worker, or at what belongs to it. */
    Step lookAt(Subject subject) {
        return new Step.Inspect(subject, requireNonNullElse(status().worker(), ""));
    }

    /** The step where the worker was looked at, else that look first. */
    Step afterLookAt(Subject subject, Supplier<Step> step) {
        return wasLookedAt(subject) ? step.get() : lookAt(subject);
    }

    /** The step where the log was read, else the log first. */
    Step afterLog(String container, Supplier<Step> step) {
        return wasLookedAt(Subject.LOG) ? step.get() : new Step.Inspect(Subject.LOG, container);
    }

    SyncJobStatus status() {
        return statusOf(job);
    }

    /** The moment, or when the observer began to watch if that was later. */
    Instant watched(Instant moment) {
        return moment.isAfter(watchingSince) ? moment : watchingSince;
    }

    /** A job's status; the initial one where the API server has written none. */
    public static SyncJobStatus statusOf(SyncJob job) {
        return requireNonNullElse(job.getStatus(), SyncJobStatus.NEW);
    }

    /** Versions of one object are comparable numbers since Kubernetes 1.35, and have been all along with etcd. */
    public static long versionOf(SyncJob job) {
        return Long.parseLong(job.getMetadata().getResourceVersion());
    }

    /** The queue of a job. */
    public static String queueOf(SyncJob job) {
        return requireNonNullElse(job.getSpec().queue(), Names.DEFAULT_QUEUE);
    }

    /** What advice names: the objects that concern this job, and the container that is spoken of. */
    Scene scene(String container) {
        var own = job.getSpec().template() != null;
        var pod = current();
        var names = new HashMap<String, String>();
        names.put("namespace", job.getMetadata().getNamespace());
        var pool = status().effective() == null ? null : status().effective().workerPool();
        var queues = pool == null ? "SyncQueue " + queueOf(job) : "SyncWorkerPool " + pool;
        names.put("template", own ? "the template of the job" : "the template of " + queues);
        names.put("pod", requireNonNullElse(status().worker(), ""));
        names.put("node", nodeOf(pod));
        names.put("container", container.isEmpty() ? workerContainer(pod) : container);
        return new Scene(own, Map.copyOf(names));
    }

    private String nodeOf(Optional<PodView> pod) {
        var node = run instanceof Run.WorkerRun warm
                ? warm.node()
                : pod.map(PodView::node).orElse("");
        return node.isEmpty() ? "(unknown)" : node;
    }

    private String workerContainer(Optional<PodView> pod) {
        return run instanceof Run.WorkerRun warm
                ? warm.container()
                : pod.map(PodView::workerName).orElse("");
    }

    /** The pod that executes the current attempt. */
    Optional<PodView> current() {
        var worker = status().worker();
        return pods.stream().filter(pod -> pod.name().equals(worker)).findFirst();
    }
}
