package io.syncjobs.simulation;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Observation;
import io.syncjobs.core.QueueKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Looks at every write with what really happened in mind, which none of the processes knows. */
final class Judge {
    /** A promise that was broken, and for which job. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String job;

        Broken(String job, String promise) {
            super(job + ": " + promise);
            this.job = job;
        }

        String job() {
            return job;
        }
    }

    private final Map<QueueKey, SyncQueueSpec> queues;
    private final Map<QueueKey, Integer> occupied = new HashMap<>();
    private final Set<String> created = new HashSet<>();
    private final Set<String> succeeded = new HashSet<>();
    private final Set<String> harmed = new HashSet<>();
    private int done;
    private int lost;

    Judge(Map<QueueKey, SyncQueueSpec> queues) {
        this.queues = queues;
    }

    /** Jobs that were completed, and attempts that were counted as lost. */
    int done() {
        return done;
    }

    int lost() {
        return lost;
    }

    /** The worker of this pod ended with 0, of its own accord. */
    void succeeded(String pod) {
        succeeded.add(pod);
    }

    /** Somebody did this pod something that may end it without a result. */
    void harmed(String pod) {
        harmed.add(pod);
    }

    void podCreated(SimPod pod) {
        if (!created.add(pod.view().name()))
            throw new Broken(
                    pod.job(),
                    "a second pod for the same attempt: " + pod.view().name());
    }

    void deleted(SyncJob job) {
        if (!Observation.statusOf(job).state().finished()) throw broken(job, "deleted before it was finished");
    }

    void written(String by, SyncJob was, SyncJob is) {
        var before = Observation.statusOf(was);
        var after = Observation.statusOf(is);
        capacity(by, is, before.state(), after.state());
        shape(is, before, after);
        if (before.state().finished() && before.state() != after.state()) {
            hold(
                    is,
                    !Objects.equals(before.lastCommand(), after.lastCommand()),
                    "left " + before.state() + " without a command");
        }
        if (before.state() != after.state() && Reason.COMPLETED.toString().equals(after.reason())) {
            hold(is, succeeded.contains(before.worker()), "is completed though its worker did not succeed");
            done++;
        }
        if (losses(after) > losses(before)) {
            hold(is, harmed.contains(before.worker()), "a loss is counted though nobody harmed its worker");
            lost++;
        }
    }

    private void capacity(String by, SyncJob job, State before, State after) {
        var queue = QueueKey.of(job);
        if (before.occupying() == after.occupying()) return;
        var now = occupied.merge(queue, after.occupying() ? 1 : -1, Integer::sum);
        var most = requireNonNullElse(Objects.requireNonNull(queues.get(queue)).capacity(), 0);
        hold(job, now <= most, "is number " + now + " in a queue of capacity " + most + ", given a place by " + by);
    }

    private static void shape(SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        hold(job, attempt(after) >= attempt(before), "its attempt went back");
        hold(job, losses(after) <= Limits.WORKER_LOSSES, "lost too often");
        if (after.state() == State.PENDING) hold(job, after.worker() == null, "Pending with a worker");
        if (after.state() == State.STARTED) hold(job, after.worker() != null, "Started without a worker");
        if (!after.state().occupying()) hold(job, after.stop() == null, "a stop without a run");
        if (after.state().finished()) hold(job, after.finishedTime() != null, "finished at no time");
        var history = requireNonNullElse(after.history(), List.<SyncJobStatus.Attempt>of());
        var attempts = history.stream().map(SyncJobStatus.Attempt::attempt).toList();
        hold(job, attempts.size() == new HashSet<>(attempts).size(), "two outcomes of one attempt: " + attempts);
    }

    /** True when nothing more can happen to any job. */
    boolean isOver(Collection<SyncJob> jobs, Collection<SimPod> pods) {
        return pods.isEmpty()
                && jobs.stream()
                        .allMatch(job -> Observation.statusOf(job).state().finished() && !hasCommand(job));
    }

    /** After the trouble: everything has come to its end, and nothing is left behind. */
    void atTheEnd(Collection<SyncJob> jobs, Collection<SimPod> pods) {
        for (var job : jobs) {
            var status = Observation.statusOf(job);
            hold(job, status.state().finished(), "has not come to an end: " + status.state() + " " + status.message());
            hold(
                    job,
                    !hasCommand(job),
                    "a command was left behind: " + job.getMetadata().getAnnotations());
        }
        for (var pod : pods) throw new Broken(pod.job(), "its pod is left behind: " + pod.view());
    }

    private static boolean hasCommand(SyncJob job) {
        return !requireNonNullElse(job.getMetadata().getAnnotations(), Map.of()).isEmpty();
    }

    private static void hold(SyncJob job, boolean promise, String otherwise) {
        if (!promise) throw broken(job, otherwise);
    }

    private static Broken broken(SyncJob job, String promise) {
        return new Broken(job.getMetadata().getName(), promise);
    }

    private static int attempt(SyncJobStatus status) {
        return requireNonNullElse(status.attempt(), 0);
    }

    private static int losses(SyncJobStatus status) {
        return requireNonNullElse(status.workerLosses(), 0);
    }
}
