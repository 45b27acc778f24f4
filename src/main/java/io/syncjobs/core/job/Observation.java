package io.syncjobs.core.job;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.blame.Scene;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.settings.Settings;
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
 * @param queue the spec of its queue; the built-in spec for a queue {@code default} that nobody created
 * @param pods all existing pods of the job, of all attempts
 * @param run how the current attempt is executed
 * @param inspected what was looked up beside the caches
 * @param watchingSince since when the operator has watched without a gap; nobody is blamed for what the operator could not see
 * @param now the current time on the operator's clock
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

    /** A job that a warm worker has never counts as one with a pod of its own. */
    public Observation {
        if (JobFields.isWarm(job) && run instanceof Run.PodRun) run = Run.WorkerRun.UNKNOWN;
    }

    /** The spec of its queue; the built-in spec if the queue was deleted meanwhile. */
    public SyncQueueSpec queueOrBuiltIn() {
        return queue.orElse(SyncQueueSpec.BUILT_IN);
    }

    /** What this process knows about the pod that it has reserved; nothing for a job that a warm worker has. */
    public Reservation reservation() {
        return run instanceof Run.PodRun pod ? pod.reservation() : new Reservation.Foreign();
    }

    /** The same observation with another state of the current attempt's pod; {@code fresh} is empty if the pod is gone. */
    public Observation withPod(Optional<PodView> fresh) {
        var others = pods.stream().filter(pod -> !pod.name().equals(status().worker()));
        var all = Stream.concat(others, fresh.stream()).toList();
        return new Observation(job, queue, all, run, inspected, settings, watchingSince, now);
    }

    /** The same observation at a later moment. */
    public Observation at(Instant later) {
        return new Observation(job, queue, pods, run, inspected, settings, watchingSince, later);
    }

    /** The same observation with another state of its worker. */
    public Observation with(Run.WorkerRun fresh) {
        return new Observation(job, queue, pods, fresh, inspected, settings, watchingSince, now);
    }

    /** The same observation after a look-up. */
    public Observation with(Inspected more) {
        return new Observation(job, queue, pods, run, more, settings, watchingSince, now);
    }

    boolean wasLookedAt(Subject subject) {
        return inspected.subjects().contains(subject);
    }

    /** The step that looks up {@code subject} of the current worker. */
    Step lookAt(Subject subject) {
        return new Step.Inspect(subject, JobFields.workerOf(job));
    }

    /** Returns {@code step} if {@code subject} was looked up; otherwise the look-up. */
    Step afterLookAt(Subject subject, Supplier<Step> step) {
        return wasLookedAt(subject) ? step.get() : lookAt(subject);
    }

    /** Returns {@code step} if the log was read; otherwise the step that reads it. */
    Step afterLog(String container, Supplier<Step> step) {
        return wasLookedAt(Subject.LOG) ? step.get() : new Step.Inspect(Subject.LOG, container);
    }

    SyncJobStatus status() {
        return JobFields.statusOf(job);
    }

    /** The later of {@code moment} and the time at which the operator began to watch. */
    Instant watched(Instant moment) {
        return moment.isAfter(watchingSince) ? moment : watchingSince;
    }

    /** The names that advice contains: of the objects around this job, and of the container in question. */
    Scene scene(String container) {
        var own = job.getSpec().template() != null;
        var pod = current();
        var names = new HashMap<String, String>();
        names.put("namespace", job.getMetadata().getNamespace());
        var queues = JobFields.poolOf(status())
                .map(pool -> "SyncWorkerPool " + pool)
                .orElseGet(() -> "SyncQueue " + JobFields.queueOf(job));
        names.put("template", own ? "the template of the job" : "the template of " + queues);
        names.put("pod", JobFields.workerOf(job));
        names.put("node", nodeOf(pod));
        names.put("container", container.isEmpty() ? container(pod) : container);
        return new Scene(own, Map.copyOf(names));
    }

    private String nodeOf(Optional<PodView> pod) {
        var node = run instanceof Run.WorkerRun warm
                ? warm.node()
                : pod.map(PodView::node).orElse("");
        return node.isEmpty() ? "(unknown)" : node;
    }

    /** The init container that has failed, otherwise the worker's. */
    private String container(Optional<PodView> pod) {
        return run instanceof Run.WorkerRun warm
                ? warm.container()
                : pod.map(one -> one.failedInit()
                                .map(PodView.Container.Terminated::container)
                                .orElse(one.workerName()))
                        .orElse("");
    }

    /** The pod of the current attempt. */
    Optional<PodView> current() {
        var worker = status().worker();
        return pods.stream().filter(pod -> pod.name().equals(worker)).findFirst();
    }
}
