package io.syncjobs.core.queue;

import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import java.util.Optional;

/**
 * What a waiting job must pass to get a place, one gate after the other. The first gate that stops the job is its reason. So reasons
 * and decisions cannot contradict each other.
 */
final class Gate {
    private Gate() {}

    /** The first gate that stops a waiting job; empty for a job that gets a place. */
    static Optional<Wait> first(JobEntry job, QueueIndex queue) {
        return firstButWorkers(job, queue).or(() -> workers(job, queue));
    }

    /** The same without the last gate: what would stop the job if a worker were free. */
    static Optional<Wait> firstButWorkers(JobEntry job, QueueIndex queue) {
        return firstButRoom(job.group(), job, queue).or(() -> room(job, queue));
    }

    /** The same without the gates for room and workers, for a job that holds a place already. */
    static Optional<Wait> firstButRoom(Group group, JobEntry job, QueueIndex queue) {
        return group(group, job, queue).or(() -> paused(queue));
    }

    /** What the group of the job says, which the index has computed already. */
    private static Optional<Wait> group(Group group, JobEntry job, QueueIndex queue) {
        var name = queue.key().name();
        return switch (group) {
            case HOMELESS -> Optional.of(Wait.queueNotFound(name));
            case UNRUNNABLE -> Optional.of(job.hasTemplate() ? Wait.templateForbidden() : Wait.templateMissing(name));
            case EARLY -> Optional.of(Wait.eta(job.due()));
            case BACKOFF -> Optional.of(Wait.retry(job.due(), job.told()));
            case READY, HELD, ASIDE, FINISHED -> Optional.empty();
        };
    }

    private static Optional<Wait> paused(QueueIndex queue) {
        if (!queue.isPaused()) return Optional.empty();
        return Optional.of(Wait.paused(queue.key().namespace(), queue.key().name()));
    }

    private static Optional<Wait> room(JobEntry job, QueueIndex queue) {
        // If no worker takes jobs and the queue has room, the workers are the reason, not the capacity.
        if (queue.runsWarm(job) && queue.free() > 0 && PoolGate.stops(queue)) return Optional.empty();
        var ahead = queue.rank(job) - queue.free();
        if (ahead < 0) return Optional.empty();
        return Optional.of(
                Wait.capacity(queue.key().name(), queue.occupied(), queue.capacity(), ahead, HeldPlaces.of(queue)));
    }

    private static Optional<Wait> workers(JobEntry job, QueueIndex queue) {
        return queue.runsWarm(job) ? PoolGate.wait(queue) : Optional.empty();
    }
}
