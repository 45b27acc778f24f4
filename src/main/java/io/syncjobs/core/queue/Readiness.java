package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.queue.Starter.Who;
import java.util.Optional;

/** Whether a queue would give a place to a due job, and if not, why: the condition Ready. */
record Readiness(boolean ready, String reason, String message) {
    /**
     * {@code pool} is the reason why the workers of its pool take no jobs; empty if they take jobs, or if the queue has no pool.
     */
    static Readiness of(SyncQueueSpec spec, Starter starter, Optional<Wait> pool) {
        if (Boolean.TRUE.equals(spec.paused()))
            return not(Reason.QUEUE_PAUSED, "spec.paused is true; set it to false to let jobs start");
        if (Policies.capacity(spec) == 0)
            return not(Reason.QUEUE_AT_CAPACITY, "spec.capacity is 0, which lets nothing start; raise it");
        var scheduler = starter.scheduler();
        if (starter.who() != Who.EAGER && scheduler.problem().isPresent())
            return not(scheduler.problem().get(), scheduler.message());
        // Busy workers do take jobs, so a job that waits for its turn does not make the queue unready.
        if (pool.filter(why -> why.reason() != Reason.WORKERS_BUSY).isPresent())
            return not(pool.get().reason(), pool.get().text());
        if (spec.workerPool() != null)
            return new Readiness(
                    true, "Serving", "a job that is due is given to a worker of pool " + spec.workerPool());
        // All jobs may bring their own template, so this is no fault of the queue. A job without a template reports
        // that itself.
        if (spec.template() == null)
            return new Readiness(
                    true, "JobsBringTemplate", "it has no spec.template, so each of its jobs must bring its own");
        return new Readiness(true, "Serving", "a job that is due is given a place");
    }

    private static Readiness not(Reason reason, String message) {
        return new Readiness(false, reason.toString(), message);
    }
}
