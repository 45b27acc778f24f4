package io.syncjobs.core.queue;

import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a waiting job must pass to get a place, in this order. The first gate that stops the job is its reason. So reasons and
 * decisions cannot contradict each other. The first four gates depend on the job's own group, which the index has computed
 * already.
 */
enum Gate {
    QUEUE_FOUND {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(
                    group == Group.HOMELESS,
                    () -> Wait.queueNotFound(queue.key().name()));
        }
    },
    TEMPLATE {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(
                    group == Group.UNRUNNABLE,
                    () -> job.hasTemplate()
                            ? Wait.templateForbidden()
                            : Wait.templateMissing(queue.key().name()));
        }
    },
    ETA {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(group == Group.EARLY, () -> Wait.eta(job.due()));
        }
    },
    BACKOFF {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(group == Group.BACKOFF, () -> Wait.retry(job.due(), job.told()));
        }
    },
    PAUSED {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(
                    queue.isPaused(),
                    () -> Wait.paused(queue.key().namespace(), queue.key().name()));
        }
    },
    CAPACITY {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            // If no worker takes jobs and the queue has room, the workers are the reason, not the capacity.
            if (queue.runsWarm(job) && queue.free() > 0 && PoolGate.stops(queue)) return Optional.empty();
            var ahead = queue.rank(job) - queue.free();
            return only(
                    ahead >= 0,
                    () -> Wait.capacity(
                            queue.key().name(), queue.occupied(), queue.capacity(), ahead, HeldPlaces.of(queue)));
        }
    },
    WORKERS {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return queue.runsWarm(job) ? PoolGate.wait(queue) : Optional.empty();
        }
    };

    abstract Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue);

    /** The first gate that stops a waiting job; empty for a job that gets a place. */
    static Optional<Wait> first(JobEntry job, QueueIndex queue) {
        return first(EnumSet.allOf(Gate.class), job.group(), job, queue);
    }

    /** The same without the last gate: what would stop the job if a worker were free. */
    static Optional<Wait> firstButWorkers(JobEntry job, QueueIndex queue) {
        return first(EnumSet.complementOf(EnumSet.of(WORKERS)), job.group(), job, queue);
    }

    /** The same without the gates for room and workers, for a job that holds a place already. */
    static Optional<Wait> firstButRoom(Group group, JobEntry job, QueueIndex queue) {
        return first(EnumSet.complementOf(EnumSet.of(CAPACITY, WORKERS)), group, job, queue);
    }

    private static Optional<Wait> first(Set<Gate> gates, Group group, JobEntry job, QueueIndex queue) {
        for (var gate : gates) {
            var wait = gate.stops(group, job, queue);
            if (wait.isPresent()) return wait;
        }
        return Optional.empty();
    }

    private static Optional<Wait> only(boolean stopped, Supplier<Wait> why) {
        return stopped ? Optional.of(why.get()) : Optional.empty();
    }
}
