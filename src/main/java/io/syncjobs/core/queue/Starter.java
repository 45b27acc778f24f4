package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import java.util.Optional;

/** Who gives a place to a job that could have one, and what such a job waits for until then. */
public record Starter(Who who, SchedulerHealth scheduler) {
    /** Who enqueues. */
    public enum Who {
        /** The operator, immediately. */
        EAGER,
        /** The operator, but the API server takes no place from it. */
        REFUSED,
        /** The minute run. */
        MINUTE,
        /** The minute run, and only warm jobs: no operator is running that could start the others. */
        MINUTE_ALONE;

        /** Who enqueues while an operator is running; {@code eager} is true if the operator itself does. */
        public static Who enqueuing(boolean eager) {
            return eager ? EAGER : MINUTE;
        }
    }

    /** The operator enqueues immediately. */
    public static final Starter EAGER = new Starter(Who.EAGER, SchedulerHealth.GOOD);

    private static final Wait NO_OPERATOR = new Wait(
            Reason.OPERATOR_NOT_RUNNING,
            "no operator is running, and only an operator starts pods; see kubectl get pods in the operator's namespace");

    /** Without the API server's words: they may name a job of somebody else. */
    private static final Wait REFUSED = new Wait(
            Reason.INTERNAL_ERROR,
            "due, but the API server lets the operator give it no place; the operator's log has its words. Look at the"
                    + " admission policies and webhooks for syncjobs");

    /** Why a waiting job waits; empty for a job that is enqueued right now, and for a job that something else happens to next. */
    public Optional<Wait> why(JobIndex index, JobEntry job) {
        if (!job.group().waits()) return Optional.empty();
        var queue = index.queueOf(job);
        return Gate.first(job, queue).or(() -> forPlace(queue.runsWarm(job)));
    }

    /** The same for whoever does not see the workers. */
    public Optional<Wait> whyButWorkers(JobIndex index, JobEntry job) {
        if (!job.group().waits()) return Optional.empty();
        var queue = index.queueOf(job);
        return Gate.firstButWorkers(job, queue).or(() -> forPlace(queue.runsWarm(job)));
    }

    /** Why the first due job of a queue waits; empty if none waits. */
    public Optional<Wait> firstThatWaits(JobIndex index, QueueIndex queue) {
        var ahead = queue.isPaused() || who != Who.EAGER || PoolGate.stops(queue) ? 0 : queue.free();
        return queue.firstThatWaits(ahead).flatMap(job -> why(index, job));
    }

    /** What a job waits for that could have a place; {@code warm} is true if a warm worker runs it. */
    public Optional<Wait> forPlace(boolean warm) {
        return switch (who) {
            case EAGER -> Optional.empty();
            case REFUSED -> Optional.of(REFUSED);
            case MINUTE_ALONE -> Optional.of(warm ? tick() : NO_OPERATOR);
            case MINUTE -> Optional.of(tick());
        };
    }

    /** The reason of all jobs of a queue that could have a place; empty if they wait for nothing. */
    String forPlaces(QueueIndex queue) {
        // Some jobs of such a queue may have a template of their own, so no reason is right for all.
        if (who == Who.MINUTE_ALONE && queue.pool().isPresent()) return "each its own";
        return forPlace(false).map(why -> why.reason().toString()).orElse("");
    }

    private Wait tick() {
        return scheduler
                .problem()
                .map(reason -> new Wait(reason, scheduler.message()))
                .orElseGet(() -> new Wait(Reason.WAITING_FOR_TICK, "due; the next minute run enqueues it"));
    }
}
