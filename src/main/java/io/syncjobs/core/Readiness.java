package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Starter.Who;
import io.syncjobs.core.queue.Wait;
import java.util.Optional;

/** Whether a queue would give a place to a job that is due, and if not, why: the condition Ready. */
record Readiness(boolean ready, String reason, String message) {
    /** {@code pool} is the reason why the workers of its pool take no jobs; empty where they do, and where it has no pool. */
    static Readiness of(SyncQueueSpec spec, Starter starter, Optional<Wait> pool) {
        if (Boolean.TRUE.equals(spec.paused()))
            return not(Reason.QUEUE_PAUSED, "spec.paused is true; set it to false to let jobs start");
        if (requireNonNullElse(spec.capacity(), SyncQueueSpec.DEFAULT_CAPACITY) == 0)
            return not(Reason.QUEUE_AT_CAPACITY, "spec.capacity is 0, which lets nothing start; raise it");
        var scheduler = starter.scheduler();
        if (starter.who() != Who.EAGER && scheduler.problem().isPresent())
            return not(scheduler.problem().get(), scheduler.message());
        // Workers that are only busy take jobs: that one waits for its turn does not make the queue unfit.
        if (pool.filter(why -> why.reason() != Reason.WORKERS_BUSY).isPresent())
            return not(pool.get().reason(), pool.get().text());
        if (spec.workerPool() != null)
            return new Readiness(
                    true, "Serving", "a job that is due is given to a worker of pool " + spec.workerPool());
        // Jobs may all bring their own, so this is no fault of the queue; a job that has none either says so itself.
        if (spec.template() == null)
            return new Readiness(
                    true, "JobsBringTemplate", "it has no spec.template, so each of its jobs must bring its own");
        return new Readiness(true, "Serving", "a job that is due is given a place");
    }

    private static Readiness not(Reason reason, String message) {
        return new Readiness(false, reason.toString(), message);
    }
}
