package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
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
            var name = queue.key().name();
            return only(
                    group == Group.HOMELESS,
                    () -> new Wait(
                            Reason.QUEUE_NOT_FOUND,
                            "there is no SyncQueue " + name + " in this namespace",
                            new Remedy.CreateQueue(name)));
        }
    },
    TEMPLATE {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(group == Group.UNRUNNABLE, () -> job.hasTemplate() ? forbidden() : missing(queue));
        }

        private Wait forbidden() {
            return new Wait(
                    Reason.INVALID_TEMPLATE,
                    "the job has a template of its own, which this installation does not run (chart value jobs.allowTemplate)",
                    new Remedy.DropTemplate());
        }

        private Wait missing(QueueIndex queue) {
            var name = queue.key().name();
            return new Wait(
                    Reason.INVALID_TEMPLATE,
                    "nothing says how to run it: neither the job nor its queue " + name + " has spec.template",
                    new Remedy.SetTemplate(name));
        }
    },
    ETA {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return only(
                    group == Group.EARLY,
                    () -> new Wait(Reason.ETA_IN_FUTURE, "spec.eta is " + job.due(), new Remedy.RunNow())
                            .until(job.due()));
        }
    },
    BACKOFF {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            // The status of a job that failed says how it failed.
            var facts = Reason.RETRY_BACKOFF.toString().equals(job.told()) ? "" : "retry not before " + job.due();
            return only(
                    group == Group.BACKOFF,
                    () -> new Wait(Reason.RETRY_BACKOFF, facts, new Remedy.RunNow()).until(job.due()));
        }
    },
    PAUSED {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            var name = queue.key().name();
            return only(
                    queue.isPaused(),
                    () -> new Wait(Reason.QUEUE_PAUSED, "queue " + name + " is paused", new Remedy.Resume(name)));
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
                    () -> new Wait(
                            Reason.QUEUE_AT_CAPACITY,
                            "queue " + queue.key().name() + " runs " + queue.occupied() + " of at most "
                                    + queue.capacity() + " (spec.capacity); "
                                    + switch (ahead) {
                                        case 0 -> "this job is the next";
                                        case 1 -> "1 job is before this one";
                                        default -> ahead + " jobs are before this one";
                                    }
                                    + held(queue)));
        }
    },
    WORKERS {
        @Override
        Optional<Wait> stops(Group group, JobEntry job, QueueIndex queue) {
            return queue.runsWarm(job) ? PoolGate.wait(queue) : Optional.empty();
        }
    };

    private static String held(QueueIndex queue) {
        var words = HeldPlaces.of(queue).words();
        return words.isEmpty() ? "" : "; " + words;
    }

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
